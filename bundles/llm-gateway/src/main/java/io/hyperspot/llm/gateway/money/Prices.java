// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.money;

import io.hyperspot.llm.ModelId;
import io.hyperspot.llm.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The prices in force: those of the operator's file, and for models that it does not know the shipped ones. A
 * change of the file is seen within {@link #LOOK}; one that cannot be read is reported, and the prices before it
 * stay. Thread-safe.
 */
public final class Prices {
    static final Duration LOOK = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(Prices.class);
    private static final String SHIPPED = "prices.json";

    private final Path file;
    private final PriceList shipped = shipped();
    private final AtomicLong looked;
    private volatile PriceList own = PriceList.EMPTY;
    private volatile @Nullable FileTime read;
    private volatile String trouble = "";

    /**
     * @param file the operator's, which need not be there
     */
    public Prices(Path file) {
        this.file = file;
        looked = new AtomicLong(System.nanoTime());
        look();
    }

    private static PriceList shipped() {
        try (InputStream in = Prices.class.getResourceAsStream(SHIPPED)) {
            if (in == null) {
                throw new IllegalStateException(SHIPPED + " is missing from the bundle");
            }
            return PriceList.read(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is wrong with the operator's file; empty: nothing. */
    public String trouble() {
        return trouble;
    }

    /** The price of a call, or null when nobody has told it. */
    @Nullable Price find(ModelId model, Instant at, long inputTokens) {
        follow();
        Price price = own.find(model, at, inputTokens);
        return price == null ? shipped.find(model, at, inputTokens) : price;
    }

    /** What a call cost in USD, or null when nobody has told its price. */
    public @Nullable BigDecimal cost(ModelId model, Instant at, Usage usage) {
        Price price = find(model, at, usage.input());
        return price == null ? null : price.of(usage);
    }

    private void follow() {
        long last = looked.get();
        long now = System.nanoTime();
        if (now - last >= LOOK.toNanos() && looked.compareAndSet(last, now)) {
            look();
        }
    }

    private void look() {
        try {
            FileTime modified = Files.getLastModifiedTime(file);
            if (!modified.equals(read)) {
                read = modified;
                own = PriceList.read(Files.readAllBytes(file));
                trouble = "";
                log.info("prices of models are read from {}", file);
            }
        } catch (NoSuchFileException e) {
            own = PriceList.EMPTY;
            read = null;
            trouble = "";
        } catch (IOException | IllegalArgumentException e) {
            trouble = file.getFileName() + " cannot be read, so that the prices before it hold: " + e.getMessage();
            log.error("the prices of models in {} cannot be read, those before them hold: {}", file, e.getMessage());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.persistence.DatabaseException;
import io.hyperspot.web.rates.RateExchange;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other servers each second what was let through here, and counts what was let through there. A request costs one
 * more addition. While there is no database, each server goes on by itself, and what it could not tell is told later, or
 * forgotten when it is older than the limits look back.
 */
final class RateSharing implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RateSharing.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** Limits count a minute. */
    private static final long FORGOTTEN_NANOS = Duration.ofMinutes(1).toNanos();

    /** Keys that are told of at once. */
    private static final int TOLD = 10_000;

    private final RateLimits limits;
    private final ConcurrentLinkedQueue<Allowance> used = new ConcurrentLinkedQueue<>();
    private final Map<String, Long> untold = new HashMap<>();
    private final Thread thread;
    private volatile @Nullable RateExchange exchange;
    private long toldAt = System.nanoTime();
    private boolean failed;

    RateSharing(RateLimits limits) {
        this.limits = limits;
        thread = Thread.ofVirtual().name("web-rates").start(this::keepSharing);
    }

    void use(RateExchange next) {
        exchange = next;
    }

    void release(RateExchange gone) {
        if (gone.equals(exchange)) {
            exchange = null;
        }
    }

    /** Something was let through. */
    void used(Allowance allowance) {
        if (allowance.note()) {
            used.add(allowance);
        }
    }

    private void keepSharing() {
        try {
            while (true) {
                Thread.sleep(PERIOD);
                try {
                    share(exchange);
                } catch (RuntimeException e) {
                    log.error("sharing rate limits failed once and goes on", e);
                }
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    /** What is beyond the bound counts here alone. */
    private void collect() {
        if (System.nanoTime() - toldAt > FORGOTTEN_NANOS) {
            untold.clear();
        }
        for (Allowance next = used.poll(); next != null; next = used.poll()) {
            long count = next.tell();
            if (untold.size() < TOLD) {
                untold.merge(next.key.text(), count, Long::sum);
            }
        }
    }

    private void share(@Nullable RateExchange with) {
        collect();
        if (with == null) {
            return;
        }
        try {
            Map<String, Long> elsewhere = with.exchange(untold);
            untold.clear();
            toldAt = System.nanoTime();
            elsewhere.forEach(limits::usedElsewhere);
            if (failed) {
                failed = false;
                log.info("rate limits are shared with the other servers again");
            }
        } catch (DatabaseException e) {
            if (!failed) {
                failed = true;
                log.warn("rate limits hold for this server alone while the database cannot be used: {}", e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}

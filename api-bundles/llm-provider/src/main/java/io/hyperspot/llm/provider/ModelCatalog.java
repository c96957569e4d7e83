// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.provider;

import io.hyperspot.llm.ModelInfo;
import io.hyperspot.modkit.Cancellation;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of one provider, from memory. Reads the provider's list on a virtual thread of its own,
 * again and again; when that fails, the last list stays.
 */
final class ModelCatalog implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ModelCatalog.class);
    private static final int MAX_MODELS = 10_000;
    private static final int MAX_NAME = 256;
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

    /** Asks the provider. */
    @FunctionalInterface
    interface Listing {
        List<ModelInfo> read(Cancellation cancellation) throws IOException;
    }

    private final String provider;
    private final Listing list;
    private final Problems problems;
    private final ProviderHealth health;
    private final Duration interval;
    private final Cancellation stop = new Cancellation();
    private final Thread thread;
    private volatile List<ModelInfo> models = List.of();

    ModelCatalog(
            String provider,
            Listing list,
            Problems problems,
            ProviderHealth health,
            Duration interval) {
        this.provider = provider;
        this.list = list;
        this.problems = problems;
        this.health = health;
        this.interval = interval;
        thread = Thread.ofVirtual().name("llm-models-" + provider).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    List<ModelInfo> models() {
        return models;
    }

    private void run() {
        boolean known = false;
        boolean reported = false;
        Duration retry = FIRST_RETRY;
        while (!stop.isCancelled()) {
            Duration wait = interval;
            try {
                List<ModelInfo> read = read();
                if (!known || reported) {
                    log.info("provider {} offers {} models", provider, read.size());
                }
                models = read;
                health.listed();
                known = true;
                reported = false;
                retry = FIRST_RETRY;
            } catch (IOException | RuntimeException e) {
                if (stop.isCancelled()) {
                    return;
                }
                health.unlisted(problems.words(e));
                if (!reported) {
                    log.warn(
                            "the models of provider {} cannot be listed ({}); {}; retrying. The key 'models' of its"
                                    + " configuration can list them instead",
                            provider,
                            e.getMessage(),
                            known ? "the last list stays" : "none are offered");
                    reported = true;
                }
                wait = retry;
                Duration doubled = retry.multipliedBy(2);
                retry = doubled.compareTo(interval) < 0 ? doubled : interval;
            }
            LockSupport.parkNanos(this, wait.toNanos());
        }
    }

    /** Of what a provider says it offers, no more than can be shown. */
    private List<ModelInfo> read() throws IOException {
        Map<String, ModelInfo> read = new LinkedHashMap<>();
        for (ModelInfo model : list.read(stop)) {
            String name = model.model();
            if (!name.isBlank() && name.length() <= MAX_NAME && read.size() < MAX_MODELS) {
                read.putIfAbsent(name, model);
            }
        }
        return List.copyOf(read.values());
    }

    @Override
    public void close() {
        stop.cancel("the worker stops");
        LockSupport.unpark(thread);
        try {
            thread.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.calls;

import io.hyperspot.llm.Usage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * {@code llm.requests}: time by provider, operation and outcome; {@code llm.tokens}: tokens by
 * provider and direction. Labels name providers, never models that clients make up.
 */
final class LlmMetrics implements AutoCloseable {
    private record Key(String provider, String operation, boolean failed) {}

    private record Series(Timer time, Counter input, Counter output) {}

    private final MeterRegistry registry;
    private final ConcurrentMap<Key, Series> series = new ConcurrentHashMap<>();

    LlmMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void record(String provider, String operation, boolean failed, long nanos, Usage usage) {
        Key key = new Key(provider, operation, failed);
        Series found = series.get(key);
        if (found == null) {
            found = series.computeIfAbsent(key, this::register);
        }
        found.time().record(nanos, TimeUnit.NANOSECONDS);
        if (usage.input() > 0) {
            found.input().increment((double) usage.input());
        }
        if (usage.output() > 0) {
            found.output().increment((double) usage.output());
        }
    }

    private Series register(Key key) {
        return new Series(
                Timer.builder("llm.requests")
                        .description("Time of calls to models")
                        .tag("provider", key.provider())
                        .tag("operation", key.operation())
                        .tag("outcome", key.failed() ? "error" : "success")
                        .register(registry),
                tokens(key, "input"),
                tokens(key, "output"));
    }

    private Counter tokens(Key key, String direction) {
        return Counter.builder("llm.tokens")
                .description("Tokens used")
                .tag("provider", key.provider())
                .tag("direction", direction)
                .register(registry);
    }

    @Override
    public void close() {
        for (Series entry : series.values()) {
            for (Meter meter : List.of(entry.time(), entry.input(), entry.output())) {
                registry.remove(meter);
            }
        }
    }
}

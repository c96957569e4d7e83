// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.guard;

import io.hyperspot.http.client.UpstreamException.Kind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * {@code http.client.guarded.requests}: requests to user-supplied URLs by outcome; {@code
 * http.client.guarded.retries}: what was sent again for them.
 */
final class GuardMetrics implements AutoCloseable {
    private final MeterRegistry registry;
    private final Counter answers;
    private final Counter retries;
    private final Map<Kind, Counter> failures = new EnumMap<>(Kind.class);

    GuardMetrics(MeterRegistry registry) {
        this.registry = registry;
        answers = counter("answered");
        retries = Counter.builder("http.client.guarded.retries")
                .description("Retries of requests to user-supplied URLs")
                .register(registry);
        for (Kind kind : Kind.values()) {
            failures.put(kind, counter(kind.name().toLowerCase(Locale.ROOT)));
        }
    }

    private Counter counter(String outcome) {
        return Counter.builder("http.client.guarded.requests")
                .description("Requests to user-supplied URLs")
                .tag("outcome", outcome)
                .register(registry);
    }

    void answered() {
        answers.increment();
    }

    void retried() {
        retries.increment();
    }

    void failed(Kind kind) {
        Objects.requireNonNull(failures.get(kind)).increment();
    }

    @Override
    public void close() {
        registry.remove(answers);
        registry.remove(retries);
        failures.values().forEach(registry::remove);
    }
}

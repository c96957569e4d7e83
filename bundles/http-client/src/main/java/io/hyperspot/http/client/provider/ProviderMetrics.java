// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import io.hyperspot.http.client.UpstreamException.Kind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * {@code http.client.requests}: requests by provider and outcome, which is a class of status or a
 * kind of failure; {@code http.client.connections}: connections open. Shared by the clients to one
 * provider, of which there are two while a connector is upgraded.
 */
final class ProviderMetrics {
    private static final int CLASSES = 6;

    private final MeterRegistry registry;
    private final String provider;
    private final List<ConnectionPool> pools = new CopyOnWriteArrayList<>();
    private final Counter[] answers = new Counter[CLASSES];
    private final Map<Kind, Counter> failures = new EnumMap<>(Kind.class);
    private final Gauge open;

    ProviderMetrics(MeterRegistry registry, String provider) {
        this.registry = registry;
        this.provider = provider;
        for (int i = 2; i < CLASSES; i++) {
            answers[i] = counter(provider, i + "xx");
        }
        for (Kind kind : Kind.values()) {
            failures.put(kind, counter(provider, kind.name().toLowerCase(Locale.ROOT)));
        }
        open = Gauge.builder(
                        "http.client.connections",
                        pools,
                        all -> all.stream().mapToInt(pool -> pool.open().size()).sum())
                .description("Connections to providers that are open")
                .tag("provider", provider)
                .register(registry);
    }

    private Counter counter(String provider, String outcome) {
        return Counter.builder("http.client.requests")
                .description("Requests to providers")
                .tag("provider", provider)
                .tag("outcome", outcome)
                .register(registry);
    }

    void answered(int status) {
        answers[status / 100].increment();
    }

    void failed(Kind kind) {
        Objects.requireNonNull(failures.get(kind)).increment();
    }

    String provider() {
        return provider;
    }

    List<ConnectionPool> pools() {
        return pools;
    }

    void remove() {
        for (int i = 2; i < CLASSES; i++) {
            registry.remove(answers[i]);
        }
        for (Counter failure : failures.values()) {
            registry.remove(failure);
        }
        registry.remove(open);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import io.hyperspot.http.client.UpstreamException.Kind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;

/**
 * {@code http.client.requests}: requests, retries among them, by provider and outcome, which is a
 * class of status or a kind of failure; {@code http.client.retries}: retries by whether they were
 * made or the budget was spent; {@code http.client.connections}: connections open; {@code
 * http.client.breaker.state}: 0 closed, 1 half-open, 2 open. Shared by the clients to one provider, of
 * which there are two while a connector is upgraded; the worst of their breakers counts.
 */
final class ProviderMetrics {
    private static final int CLASSES = 6;

    private final MeterRegistry registry;
    private final String provider;
    private final List<PooledProviderClient> clients = new CopyOnWriteArrayList<>();
    private final Counter[] answers = new Counter[CLASSES];
    private final Map<Kind, Counter> failures = new EnumMap<>(Kind.class);
    private final Counter retried;
    private final Counter overBudget;
    private final Gauge open;
    private final Gauge breaker;

    ProviderMetrics(MeterRegistry registry, String provider) {
        this.registry = registry;
        this.provider = provider;
        for (int i = 2; i < CLASSES; i++) {
            answers[i] = counter(provider, i + "xx");
        }
        for (Kind kind : Kind.values()) {
            failures.put(kind, counter(provider, kind.name().toLowerCase(Locale.ROOT)));
        }
        retried = retries("made");
        overBudget = retries("over_budget");
        open = gauge("http.client.connections", "Connections to providers that are open", all -> all.stream()
                .mapToInt(PooledProviderClient::connections)
                .sum());
        breaker = gauge(
                "http.client.breaker.state",
                "Whether providers are called: 0 yes, 1 one call at a time to see whether they answer, 2 no",
                all -> all.stream()
                        .mapToInt(client -> client.breaker().metric())
                        .max()
                        .orElse(0));
    }

    private Counter retries(String result) {
        return Counter.builder("http.client.retries")
                .description("Retries of requests to providers")
                .tag("provider", provider)
                .tag("result", result)
                .register(registry);
    }

    private Gauge gauge(String name, String description, ToDoubleFunction<List<PooledProviderClient>> value) {
        return Gauge.builder(name, clients, value)
                .description(description)
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

    void retried() {
        retried.increment();
    }

    void overBudget() {
        overBudget.increment();
    }

    String provider() {
        return provider;
    }

    /** Live. */
    List<PooledProviderClient> clients() {
        return clients;
    }

    void remove() {
        for (int i = 2; i < CLASSES; i++) {
            registry.remove(answers[i]);
        }
        for (Counter failure : failures.values()) {
            registry.remove(failure);
        }
        for (Meter meter : List.of(retried, overBudget, open, breaker)) {
            registry.remove(meter);
        }
    }
}

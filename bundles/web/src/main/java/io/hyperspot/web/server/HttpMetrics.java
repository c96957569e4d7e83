// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code http.server.requests}: time by operation and status; {@code http.server.active}: requests
 * at work. Labels come from a closed set: operations that exist, never the path a client sent.
 */
final class HttpMetrics implements AutoCloseable {
    private record Key(String operation, String method, int status) {}

    private final MeterRegistry registry;
    private final ConcurrentMap<Key, Timer> timers = new ConcurrentHashMap<>();
    private final Gauge active;

    HttpMetrics(MeterRegistry registry, AtomicInteger inFlight) {
        this.registry = registry;
        active = Gauge.builder("http.server.active", inFlight, AtomicInteger::get)
                .description("Requests at work")
                .register(registry);
    }

    void record(String operation, String method, int status, long nanos) {
        Key key = new Key(operation, method, status);
        Timer timer = timers.get(key);
        if (timer == null) {
            timer = timers.computeIfAbsent(key, this::timer);
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Key key) {
        return Timer.builder("http.server.requests")
                .description("Time to answer")
                .tag("operation", key.operation())
                .tag("method", key.method())
                .tag("status", String.valueOf(key.status()))
                .register(registry);
    }

    @Override
    public void close() {
        timers.values().forEach(registry::remove);
        registry.remove(active);
    }
}

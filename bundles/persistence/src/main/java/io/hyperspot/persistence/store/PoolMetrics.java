// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.metrics.IMetricsTracker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The pool of connections and the statements that go over it, by the names of OpenTelemetry's semantic conventions for
 * database clients; but for the number of connections, because Prometheus keeps the ending {@code _count} for others.
 * Thread-safe.
 */
final class PoolMetrics implements IMetricsTracker {
    private final MeterRegistry registry;
    private final Timer wait;
    private final Timer use;
    private final Counter timeouts;
    private final List<Meter> meters;

    /**
     * @param pool null while it is not open
     * @param most connections that the pool may have
     * @param statements sent so far
     */
    PoolMetrics(MeterRegistry registry, Supplier<@Nullable HikariPoolMXBean> pool, int most, LongAdder statements) {
        this.registry = registry;
        wait = Timer.builder("db.client.connection.wait_time")
                .description("Time until a connection of the pool was to be had")
                .register(registry);
        use = Timer.builder("db.client.connection.use_time")
                .description("Time for which connections were borrowed from the pool")
                .register(registry);
        timeouts = Counter.builder("db.client.connection.timeouts")
                .description("Waits for a connection of the pool that ended without one")
                .register(registry);
        meters = List.of(
                wait,
                use,
                timeouts,
                connections("used", pool, HikariPoolMXBean::getActiveConnections),
                connections("idle", pool, HikariPoolMXBean::getIdleConnections),
                FunctionCounter.builder("db.client.statements", statements, LongAdder::sum)
                        .description("Statements that transactions have sent")
                        .register(registry),
                Gauge.builder("db.client.connection.max", () -> most)
                        .description("Connections that the pool may have")
                        .register(registry),
                Gauge.builder("db.client.connection.pending_requests", () -> of(pool, HikariPoolMXBean::getThreadsAwaitingConnection))
                        .description("Requests that wait for a connection of the pool")
                        .register(registry));
    }

    private Gauge connections(String state, Supplier<@Nullable HikariPoolMXBean> pool, ToIntFunction<HikariPoolMXBean> count) {
        return Gauge.builder("db.client.connections", () -> of(pool, count))
                .description("Connections of the pool")
                .tag("state", state)
                .register(registry);
    }

    private static int of(Supplier<@Nullable HikariPoolMXBean> pool, ToIntFunction<HikariPoolMXBean> count) {
        HikariPoolMXBean open = pool.get();
        return open == null ? 0 : count.applyAsInt(open);
    }

    boolean isIn(MeterRegistry other) {
        return registry.equals(other);
    }

    @Override
    public void recordConnectionAcquiredNanos(long nanos) {
        wait.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void recordConnectionUsageMillis(long millis) {
        use.record(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void recordConnectionTimeout() {
        timeouts.increment();
    }

    @Override
    public void close() {
        meters.forEach(registry::remove);
    }
}

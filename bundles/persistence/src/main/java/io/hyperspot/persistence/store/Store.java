// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.IMetricsTracker;
import io.hyperspot.modkit.HealthContributor.Health;
import io.hyperspot.persistence.DatabaseException;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database as all modules share it: a pool, opened at the first use, and the right to write, which
 * one transaction has at a time and the others wait for in order where the database has one writer.
 */
final class Store implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Store.class);
    private static final long PROBE_MS = 1_000;
    private static final long IDLE_MS = 600_000;

    private final Engine engine;
    private final int poolSize;
    private final Duration acquireTimeout;
    private final Duration transactionTimeout;
    private final Duration slow;
    private final Deadlines deadlines;
    private final ReentrantLock opening = new ReentrantLock();
    private final ReentrantLock migrating = new ReentrantLock(true);
    private final ReentrantLock writing = new ReentrantLock(true);
    private final Set<Thread> writers = ConcurrentHashMap.newKeySet();
    private volatile @Nullable HikariDataSource pool;
    private volatile @Nullable DataSource direct;
    private final LongAdder statements = new LongAdder();
    private volatile String outage = "";
    private final AtomicReference<@Nullable PoolMetrics> metrics = new AtomicReference<>();
    private final Outbox outbox;
    private volatile boolean closed;

    Store(Engine engine, int poolSize, Duration acquireTimeout, Duration transactionTimeout) {
        this(engine, poolSize, acquireTimeout, transactionTimeout, Duration.ZERO);
    }

    /**
     * @param slow from when on a statement is logged; zero: never
     */
    Store(Engine engine, int poolSize, Duration acquireTimeout, Duration transactionTimeout, Duration slow) {
        this.engine = engine;
        this.deadlines = new Deadlines(engine);
        this.poolSize = poolSize;
        this.acquireTimeout = acquireTimeout;
        this.transactionTimeout = transactionTimeout;
        this.slow = slow;
        this.outbox = new Outbox(this);
    }

    /** Measures the pool from now on; one that is measured elsewhere is not any more. */
    void measure(MeterRegistry registry) {
        replace(new PoolMetrics(
                registry,
                () -> {
                    HikariDataSource current = pool;
                    return current == null ? null : current.getHikariPoolMXBean();
                },
                poolSize,
                statements));
    }

    /** Ends measuring there; nothing happens when it is measured elsewhere by now. */
    void endMeasuring(MeterRegistry registry) {
        PoolMetrics now = metrics.get();
        if (now != null && now.isIn(registry) && metrics.compareAndSet(now, null)) {
            now.close();
        }
    }

    private void replace(@Nullable PoolMetrics next) {
        PoolMetrics before = metrics.getAndSet(next);
        if (before != null) {
            before.close();
        }
    }

    Outbox outbox() {
        return outbox;
    }

    /** Counts a statement of a transaction. */
    void counted() {
        statements.increment();
    }

    /** How many statements transactions have sent so far. */
    long statements() {
        return statements.sum();
    }

    /** From when on a statement is logged as slow; zero: never. */
    Duration slow() {
        return slow;
    }

    Engine engine() {
        return engine;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    long newDeadline() {
        return System.nanoTime() + transactionTimeout.toNanos();
    }

    /**
     * A connection of the pool.
     *
     * @throws SQLException when none can be had
     */
    Connection connection() throws SQLException {
        return pool().getConnection();
    }

    /** A source of connections that are not pooled: for migrations, which change a connection's state. */
    DataSource direct() {
        pool();
        DataSource source = direct;
        if (source == null) {
            throw new IllegalStateException("the database is not open");
        }
        return source;
    }

    /** Keeps a connection out of the pool whose state is not known. */
    void discard(Connection connection) {
        HikariDataSource current = pool;
        if (current != null) {
            current.evictConnection(connection);
        }
    }

    private HikariDataSource pool() {
        HikariDataSource ready = pool;
        if (ready != null) {
            return ready;
        }
        opening.lock();
        try {
            if (closed) {
                throw Failures.unavailable("the database is closed", null);
            }
            HikariDataSource again = pool;
            return again != null ? again : openPool();
        } finally {
            opening.unlock();
        }
    }

    private HikariDataSource openPool() {
        DataSource source;
        DataSource owner;
        try {
            source = engine.open();
            owner = engine.owner(source);
        } catch (IOException e) {
            throw Failures.unavailable("the database file cannot be made", e);
        } catch (SQLException e) {
            throw Failures.unavailable("the database cannot be opened", e);
        } catch (NoClassDefFoundError e) {
            throw Failures.unavailable("the driver of the database is not installed", e);
        }
        HikariConfig config = new HikariConfig();
        config.setPoolName("persistence");
        config.setDataSource(source);
        config.setMaximumPoolSize(poolSize);
        config.setMinimumIdle(0);
        config.setIdleTimeout(IDLE_MS);
        config.setMaxLifetime(engine.longestLifeMs());
        config.setConnectionTimeout(acquireTimeout.toMillis());
        config.setInitializationFailTimeout(-1);
        config.setThreadFactory(Thread.ofPlatform().daemon().name("persistence-pool-", 1).factory());
        config.setMetricsTrackerFactory((_, _) -> new Tracker());
        HikariDataSource made = new HikariDataSource(config);
        direct = owner;
        pool = made;
        return made;
    }

    /** The pool has one from its beginning to its end, whoever counts meanwhile. */
    private final class Tracker implements IMetricsTracker {
        @Override
        public void recordConnectionAcquiredNanos(long nanos) {
            PoolMetrics now = metrics.get();
            if (now != null) {
                now.recordConnectionAcquiredNanos(nanos);
            }
        }

        @Override
        public void recordConnectionUsageMillis(long millis) {
            PoolMetrics now = metrics.get();
            if (now != null) {
                now.recordConnectionUsageMillis(millis);
            }
        }

        @Override
        public void recordConnectionTimeout() {
            PoolMetrics now = metrics.get();
            if (now != null) {
                now.recordConnectionTimeout();
            }
        }
    }

    /**
     * Waits for the right to write.
     *
     * @throws DatabaseException when it was not to be had before the deadline
     */
    void lockWriting(long until) {
        if (!writers.add(Thread.currentThread())) {
            throw new IllegalStateException("a write is at work on this thread already; do both in one transaction");
        }
        boolean locked = false;
        try {
            locked = !engine.oneWriter() || lockedInTime(writing, until);
        } finally {
            if (!locked) {
                writers.remove(Thread.currentThread());
            }
        }
    }

    /**
     * Waits for the right to change tables, which one module has at a time.
     *
     * @throws DatabaseException when it was not to be had before the deadline
     */
    void lockMigrating(long until) {
        var _ = lockedInTime(migrating, until);
    }

    void unlockMigrating() {
        migrating.unlock();
    }

    private static boolean lockedInTime(ReentrantLock lock, long until) {
        try {
            if (!lock.tryLock(Math.max(Deadlines.left(until), 0), TimeUnit.NANOSECONDS)) {
                throw Failures.busy(null);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.unavailable("the wait for the database was interrupted", e);
        }
    }

    void unlockWriting() {
        writers.remove(Thread.currentThread());
        if (engine.oneWriter()) {
            writing.unlock();
        }
    }

    /** Notes an outage, tells it once, and looks again by itself until it is over. */
    void failed(DatabaseException failure) {
        if (!outage.isEmpty() || closed || !failure.code().equals("DATABASE_UNAVAILABLE")) {
            return;
        }
        outage = "the database " + engine.place() + " cannot be used: " + reason(failure);
        log.error("{}", outage, failure);
        probeLater();
    }

    void succeeded() {
        if (!outage.isEmpty()) {
            outage = "";
            log.info("the database {} can be used again", engine.place());
        }
    }

    private void probeLater() {
        if (!deadlines.isClosed()) {
            deadlines.later(this::probe, PROBE_MS);
        }
    }

    private void probe() {
        if (outage.isEmpty()) {
            return;
        }
        try (Connection connection = connection()) {
            // reads something of the database, and not only that it listens
            engine.hasTable(connection, "probe");
            succeeded();
        } catch (SQLException | DatabaseException e) {
            log.debug("the database still cannot be used", e);
            probeLater();
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof java.nio.file.FileSystemException io
                ? "no access to " + io.getFile() + " (" + io.getClass().getSimpleName() + ")"
                : String.valueOf(cause.getMessage());
    }

    Health health() {
        String reason = outage;
        return reason.isEmpty() ? Health.up() : Health.down(reason);
    }

    @Override
    public void close() {
        outbox.close();
        opening.lock();
        try {
            closed = true;
            deadlines.close();
            replace(null);
            HikariDataSource current = pool;
            pool = null;
            if (current != null) {
                current.close();
                close(current.getDataSource());
            }
        } finally {
            opening.unlock();
        }
    }

    private static void close(DataSource source) {
        if (source instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                log.debug("the database did not close in order", e);
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.hyperspot.modkit.HealthContributor.Health;
import io.hyperspot.persistence.DatabaseException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database as all modules share it: a pool, opened at the first use, and the right to write, which
 * one transaction has at a time and the others wait for in order, because SQLite has one writer.
 */
final class Store implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Store.class);
    private static final long PROBE_MS = 5_000;
    private static final long IDLE_MS = 600_000;

    private final Path file;
    private final int poolSize;
    private final Duration acquireTimeout;
    private final Duration transactionTimeout;
    private final Deadlines deadlines = new Deadlines();
    private final ReentrantLock opening = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock(true);
    private volatile @Nullable HikariDataSource pool;
    private volatile @Nullable DataSource direct;
    private volatile String outage = "";
    private volatile boolean closed;

    Store(Path file, int poolSize, Duration acquireTimeout, Duration transactionTimeout) {
        this.file = file;
        this.poolSize = poolSize;
        this.acquireTimeout = acquireTimeout;
        this.transactionTimeout = transactionTimeout;
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
        try {
            source = SqliteFile.open(file);
        } catch (IOException e) {
            throw Failures.unavailable("the database file cannot be made", e);
        }
        HikariConfig config = new HikariConfig();
        config.setPoolName("persistence");
        config.setDataSource(source);
        config.setMaximumPoolSize(poolSize);
        config.setMinimumIdle(0);
        config.setIdleTimeout(IDLE_MS);
        config.setMaxLifetime(0);
        config.setConnectionTimeout(acquireTimeout.toMillis());
        config.setInitializationFailTimeout(-1);
        config.setThreadFactory(Thread.ofPlatform().daemon().name("persistence-pool-", 1).factory());
        HikariDataSource made = new HikariDataSource(config);
        direct = source;
        pool = made;
        return made;
    }

    /**
     * Waits for the right to write.
     *
     * @throws DatabaseException when it was not to be had before the deadline
     */
    void lockWriting(long until) {
        if (writing.isHeldByCurrentThread()) {
            throw new IllegalStateException("a write is at work on this thread already; do both in one transaction");
        }
        try {
            if (!writing.tryLock(Math.max(Deadlines.left(until), 0), TimeUnit.NANOSECONDS)) {
                throw Failures.busy(null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.unavailable("the wait for the database was interrupted", e);
        }
    }

    void unlockWriting() {
        writing.unlock();
    }

    /** Notes an outage, tells it once, and looks again by itself until it is over. */
    void failed(DatabaseException failure) {
        if (!outage.isEmpty() || closed || !failure.code().equals("DATABASE_UNAVAILABLE")) {
            return;
        }
        outage = "the database " + file + " cannot be used: " + reason(failure);
        log.error("{}", outage, failure);
        probeLater();
    }

    void succeeded() {
        if (!outage.isEmpty()) {
            outage = "";
            log.info("the database {} can be used again", file);
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
        try (Connection connection = connection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*) from sqlite_master")) {
            rows.next();
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
        opening.lock();
        try {
            closed = true;
            deadlines.close();
            HikariDataSource current = pool;
            pool = null;
            if (current != null) {
                current.close();
            }
        } finally {
            opening.unlock();
        }
    }
}

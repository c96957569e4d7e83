// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.DatabaseException;
import io.hyperspot.persistence.Reading;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.persistence.Writing;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the transactions of one module. */
final class ModuleDatabase implements Database {
    private static final Logger log = LoggerFactory.getLogger(ModuleDatabase.class);
    private static final int ATTEMPTS = 50;
    private static final long LONGEST_PAUSE_MS = 100;

    private final Store store;
    private final String module;
    private final Migrations migrations;
    private volatile boolean migrated;

    ModuleDatabase(Store store, String module, Migrations migrations) {
        this.store = store;
        this.module = module;
        this.migrations = migrations;
    }

    @Override
    public <T extends @Nullable Object> T read(TenantScope scope, Function<? super Reading, T> work) {
        return run(until -> {
            migrate(until);
            return retried(false, until, () -> attempt(scope, work, "BEGIN", until));
        });
    }

    @Override
    public <T extends @Nullable Object> T write(TenantScope scope, Function<? super Writing, T> work) {
        return run(until -> {
            migrate(until);
            store.lockWriting(until);
            try {
                return retried(true, until, () -> attempt(scope, work, "BEGIN IMMEDIATE", until));
            } finally {
                store.unlockWriting();
            }
        });
    }

    private interface Timed<T extends @Nullable Object> {
        T run(long until) throws SQLException;
    }

    private interface Attempt<T extends @Nullable Object> {
        T run() throws SQLException;
    }

    /** Turns what the driver throws into what callers understand, and keeps the health up to date. */
    private <T extends @Nullable Object> T run(Timed<T> work) {
        try {
            T result = work.run(store.newDeadline());
            store.succeeded();
            return result;
        } catch (DatabaseException e) {
            store.failed(e);
            throw e;
        } catch (SQLException e) {
            DatabaseException failure = Failures.of(e);
            store.failed(failure);
            throw failure;
        } catch (RuntimeException e) {
            SQLException sql = Failures.sql(e);
            if (sql == null) {
                throw e;
            }
            DatabaseException failure = Failures.of(sql);
            failure.addSuppressed(e);
            store.failed(failure);
            throw failure;
        }
    }

    private void migrate(long until) throws SQLException {
        if (migrated) {
            return;
        }
        store.lockWriting(until);
        try {
            if (!migrated) {
                retried(false, until, () -> {
                    migrations.apply(store);
                    return module;
                });
                migrated = true;
            }
        } finally {
            store.unlockWriting();
        }
    }

    /** Repeats what another process's lock prevents, until the deadline. */
    private static <T extends @Nullable Object> T retried(boolean write, long until, Attempt<T> attempt)
            throws SQLException {
        for (int i = 1; ; i++) {
            try {
                return attempt.run();
            } catch (SQLException e) {
                if (!pause(e, i, until)) {
                    throw e;
                }
            } catch (RuntimeException e) {
                SQLException sql = Failures.sql(e);
                // a write has the lock before its work begins, and its work is never repeated
                if (write || sql == null || !pause(sql, i, until)) {
                    throw e;
                }
            }
        }
    }

    /** Waits before the next attempt; false when there is none. */
    private static boolean pause(SQLException failure, int attempt, long until) {
        long pause = Math.min(LONGEST_PAUSE_MS, 5L * attempt);
        return Failures.isBusy(failure)
                && attempt < ATTEMPTS
                && Deadlines.left(until) > pause * 1_000_000
                && Deadlines.sleep(pause);
    }

    private <T extends @Nullable Object> T attempt(
            TenantScope scope, Function<? super Writing, T> work, String begin, long until) throws SQLException {
        try (Connection connection = store.connection();
                Deadlines.Watch watch = store.deadlines().watch(connection, Deadlines.left(until))) {
            execute(connection, begin);
            ScopedTables tables = new ScopedTables(connection, module, scope, watch);
            boolean committed = false;
            try {
                T result = work.apply(tables);
                watch.check();
                execute(connection, "COMMIT");
                committed = true;
                return result;
            } finally {
                tables.end();
                if (!committed) {
                    rollback(connection);
                }
            }
        }
    }

    private void rollback(Connection connection) {
        try {
            execute(connection, "ROLLBACK");
        } catch (SQLException e) {
            // some failures end the transaction by themselves; the connection is not trusted in any case
            log.debug("a transaction could not be rolled back", e);
            store.discard(connection);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

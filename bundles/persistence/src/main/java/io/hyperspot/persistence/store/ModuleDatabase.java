// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.DatabaseException;
import io.hyperspot.persistence.Reading;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.persistence.Writing;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
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
            return retried(until, () -> attempt(scope, work, false, until));
        });
    }

    @Override
    public <T extends @Nullable Object> T write(TenantScope scope, Function<? super Writing, T> work) {
        return run(until -> {
            migrate(until);
            if (!module.equals(Outbox.MODULE)) {
                store.outbox().prepare(until);
            }
            store.lockWriting(until);
            try {
                return retried(until, () -> attempt(scope, work, true, until));
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
            DatabaseException failure = Failures.of(store.engine(), e);
            store.failed(failure);
            throw failure;
        } catch (RuntimeException e) {
            SQLException sql = Failures.sql(e);
            if (sql == null) {
                throw e;
            }
            DatabaseException failure = Failures.of(store.engine(), sql);
            failure.addSuppressed(e);
            store.failed(failure);
            throw failure;
        }
    }

    void migrate(long until) throws SQLException {
        if (migrated) {
            return;
        }
        store.lockMigrating(until);
        try {
            if (!migrated) {
                retried(until, () -> {
                    migrations.apply(store);
                    return module;
                });
                migrated = true;
            }
        } finally {
            store.unlockMigrating();
        }
    }

    /**
     * Repeats what somebody else's work prevented, until the deadline; and once what a connection
     * prevented that had been lost without anybody noticing, and what a row prevented that was there
     * already: work that looks before it inserts sees it now, where the database noticed the row before it
     * noticed that the look was too early.
     */
    private <T extends @Nullable Object> T retried(long until, Attempt<T> attempt) throws SQLException {
        boolean reconnected = false;
        boolean met = false;
        for (int i = 1; ; i++) {
            try {
                return attempt.run();
            } catch (SQLException | RuntimeException e) {
                SQLException sql = Failures.sql(e);
                boolean decided = e instanceof DatabaseException known && !known.code().equals("DATABASE_BUSY");
                if (sql == null || decided) {
                    throw e;
                }
                switch (Failures.meaning(store.engine(), sql)) {
                    case BUSY -> {
                        if (!pause(i, until)) {
                            throw e;
                        }
                    }
                    case OUTAGE -> {
                        if (reconnected || store.engine().oneWriter() || Deadlines.left(until) <= 0) {
                            throw e;
                        }
                        reconnected = true;
                    }
                    case TAKEN -> {
                        if (met || store.engine().oneWriter()) {
                            throw e;
                        }
                        met = true;
                    }
                    default -> throw e;
                }
            }
        }
    }

    /** Waits before the next attempt, unevenly, so that those who met do not meet again; false when there is none. */
    private static boolean pause(int attempt, long until) {
        long most = Math.min(LONGEST_PAUSE_MS, 5L * attempt);
        long pause = ThreadLocalRandom.current().nextLong(most) + 1;
        return attempt < ATTEMPTS && Deadlines.left(until) > pause * 1_000_000 && Deadlines.sleep(pause);
    }

    private <T extends @Nullable Object> T attempt(
            TenantScope scope, Function<? super Writing, T> work, boolean write, long until) throws SQLException {
        try (Connection connection = store.connection();
                Deadlines.Watch watch = store.deadlines().watch(connection, Deadlines.left(until))) {
            try {
                return transaction(connection, watch, scope, work, write, until);
            } catch (SQLException | RuntimeException e) {
                SQLException sql = Failures.sql(e);
                boolean cutOff = sql != null && Failures.meaning(store.engine(), sql) != Engine.Failure.BUSY;
                if (cutOff && watch.hasExpired()) {
                    throw Failures.deadline(e);
                }
                throw e;
            }
        }
    }

    private <T extends @Nullable Object> T transaction(
            Connection connection,
            Deadlines.Watch watch,
            TenantScope scope,
            Function<? super Writing, T> work,
            boolean write,
            long until)
            throws SQLException {
        boolean committed = false;
        ScopedTables tables = new ScopedTables(connection, store, module, scope, watch);
        try {
            store.engine().begin(connection, scope, write, Deadlines.left(until));
            T result = work.apply(tables);
            watch.check();
            commit(connection);
            committed = true;
            if (tables.hasPublished()) {
                store.outbox().committed();
            }
            return result;
        } finally {
            tables.end();
            if (!committed) {
                rollback(connection);
            }
        }
    }

    /** A connection that is lost now leaves open whether it was done: it is not done again. */
    private void commit(Connection connection) throws SQLException {
        try {
            Sql.execute(connection, "COMMIT");
        } catch (SQLException e) {
            if (Failures.meaning(store.engine(), e) == Engine.Failure.OUTAGE) {
                throw Failures.unavailable("the database was lost while it confirmed; whether this was done is not known", e);
            }
            throw e;
        }
    }

    private void rollback(Connection connection) {
        try {
            Sql.execute(connection, "ROLLBACK");
        } catch (SQLException e) {
            // some failures end the transaction by themselves; the connection is not trusted in any case
            log.debug("a transaction could not be rolled back", e);
            store.discard(connection);
        }
    }
}

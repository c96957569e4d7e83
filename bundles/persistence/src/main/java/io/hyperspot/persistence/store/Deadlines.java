// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Interrupts transactions that take too long. The driver's own query timeout bounds only its wait for
 * locks, not a statement that computes.
 */
final class Deadlines implements AutoCloseable {
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("persistence-deadlines").factory());

    private final Engine engine;

    Deadlines(Engine engine) {
        this.engine = engine;
        clock.setRemoveOnCancelPolicy(true);
    }

    /** One transaction under a deadline. */
    final class Watch implements AutoCloseable {
        private final Connection connection;
        private final ScheduledFuture<?> timer;
        private boolean over;
        private boolean expired;

        private Watch(Connection connection, long nanos) {
            this.connection = connection;
            timer = clock.schedule(this::expire, Math.max(nanos, 0), TimeUnit.NANOSECONDS);
        }

        private synchronized void expire() {
            // the connection may be at work for somebody else once this is over
            if (!over) {
                expired = true;
                try {
                    engine.interrupt(connection);
                } catch (SQLException e) {
                    // closed by the pool: nothing is at work on it
                }
            }
        }

        /**
         * Between statements there is nothing to interrupt.
         *
         * @throws io.hyperspot.persistence.DatabaseException when the deadline has passed
         */
        synchronized void check() {
            if (expired) {
                throw Failures.deadline(null);
            }
        }

        synchronized boolean hasExpired() {
            return expired;
        }

        @Override
        public void close() {
            timer.cancel(false);
            synchronized (this) {
                over = true;
            }
        }
    }

    Watch watch(Connection connection, long nanos) {
        return new Watch(connection, nanos);
    }

    /** Runs something later, unless closed before. */
    void later(Runnable task, long millis) {
        var _ = clock.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    boolean isClosed() {
        return clock.isShutdown();
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    /** Time left until a point of {@link System#nanoTime}. */
    static long left(long until) {
        return until - System.nanoTime();
    }

    /** False when the sleep was interrupted. */
    static boolean sleep(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}

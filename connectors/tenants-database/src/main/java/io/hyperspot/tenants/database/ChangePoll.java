// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.database;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then whether something has changed and tells one follower. Changes that are made here are
 * told too: to read once more is cheaper than to tell whose change it was.
 */
final class ChangePoll implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ChangePoll.class);

    private final Duration interval;
    private final Supplier<String> state;
    private @Nullable Thread thread;
    private boolean closed;

    /** @param interval zero: never looks */
    ChangePoll(Duration interval, Supplier<String> state) {
        this.interval = interval;
        this.state = state;
    }

    synchronized AutoCloseable follow(Runnable changed) {
        end();
        if (interval.isZero() || closed) {
            return () -> {};
        }
        Thread started = Thread.ofVirtual().name("tenants-database-poll").start(() -> look(changed));
        thread = started;
        return started::interrupt;
    }

    private void look(Runnable changed) {
        String before = null;
        try {
            while (true) {
                try {
                    String now = state.get();
                    if (before != null && !Objects.equals(now, before)) {
                        changed.run();
                    }
                    before = now;
                } catch (RuntimeException e) {
                    // an outage: what changes meanwhile is seen after it
                    log.debug("the tenants could not be looked at: {}", e.getMessage());
                }
                Thread.sleep(interval);
            }
        } catch (InterruptedException e) {
            // followed no more
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        end();
    }

    private void end() {
        if (thread != null) {
            thread.interrupt();
            thread = null;
        }
    }
}

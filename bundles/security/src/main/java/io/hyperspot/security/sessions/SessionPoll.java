// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.sessions;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done beside the requests: learns which sessions other servers have ended, writes when sessions were
 * used last, and forgets what is over.
 */
final class SessionPoll implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SessionPoll.class);
    private static final Duration KEPT = Duration.ofDays(1);
    private static final Duration PURGE_EVERY = Duration.ofMinutes(10);

    private final SessionTables tables;
    private final SessionRing ring;
    private final Clock clock;
    private final Supplier<Limits> limits;
    private @Nullable Thread thread;
    private long seen;
    private long purgedAt;
    private boolean closed;
    private volatile String trouble = "";

    SessionPoll(SessionTables tables, SessionRing ring, Clock clock, Supplier<Limits> limits) {
        this.tables = tables;
        this.ring = ring;
        this.clock = clock;
        this.limits = limits;
    }

    /** @param generation up to which all ends are known */
    synchronized void start(long generation) {
        if (!closed) {
            seen = generation;
            purgedAt = System.nanoTime();
            thread = Thread.ofVirtual().name("security-sessions-poll").start(this::look);
        }
    }

    private void look() {
        try {
            while (true) {
                Thread.sleep(limits.get().poll());
                tryStep();
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private void tryStep() {
        try {
            step();
            trouble = "";
        } catch (RuntimeException e) {
            if (trouble.isEmpty()) {
                log.warn("ends of sessions on other servers cannot be seen now", e);
            }
            trouble = "ends of sessions on other servers cannot be seen: " + e.getMessage();
        }
    }

    private synchronized void step() {
        SessionTables.Ends ends = tables.endsSince(seen);
        ends.hashes().forEach(ring::remove);
        seen = ends.generation();
        flush(ring.all().stream().filter(LiveSession::isDirty).toList());
        long now = clock.millis();
        ring.all().removeIf(session -> session.state(now, limits.get()) == LiveSession.State.OVER);
        if (System.nanoTime() - purgedAt > PURGE_EVERY.toNanos()) {
            purgedAt = System.nanoTime();
            tables.purge(now - KEPT.toMillis());
        }
    }

    private void flush(List<LiveSession> dirty) {
        if (!dirty.isEmpty()) {
            List<Long> times = dirty.stream().map(LiveSession::usedAt).toList();
            tables.used(dirty);
            for (int i = 0; i < dirty.size(); i++) {
                dirty.get(i).flushed(times.get(i));
            }
        }
    }

    String trouble() {
        return trouble;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (thread == null) {
            return;
        }
        thread.interrupt();
        try {
            flush(ring.all().stream().filter(session -> session.isDirty(1)).toList());
        } catch (RuntimeException e) {
            log.warn("when sessions were used last could not be written: {}", e.getMessage());
        }
    }
}

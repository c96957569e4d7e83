// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.keys;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Learns which keys other servers of the same database have made and revoked. */
final class KeyPoll implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KeyPoll.class);

    /** As far as clocks of servers may differ. */
    private static final Duration SKEW = Duration.ofMinutes(10);

    private static final Duration KEPT = Duration.ofDays(1);
    private static final Duration FORGET_EVERY = Duration.ofHours(1);

    private final KeyTable table;
    private final KeyRing ring;
    private final Clock clock;
    private final Duration pause;
    private @Nullable Thread thread;
    private boolean closed;
    private long forgotAt = System.nanoTime();
    private volatile String trouble = "";

    KeyPoll(KeyTable table, KeyRing ring, Clock clock, Duration pause) {
        this.table = table;
        this.ring = ring;
        this.clock = clock;
        this.pause = pause;
    }

    /** @param known when all keys were read */
    synchronized void start(Instant known) {
        if (!closed) {
            thread = Thread.ofVirtual().name("security-keys-poll").start(() -> look(known));
        }
    }

    private void look(Instant known) {
        Instant seen = known;
        try {
            while (true) {
                Thread.sleep(pause);
                seen = step(seen);
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    /** Until when everything is known now. */
    private Instant step(Instant seen) {
        Instant begin = clock.instant();
        try {
            KeyTable.Changes changes = table.since(seen.minus(SKEW));
            changes.made().forEach(ring::add);
            changes.revoked().forEach(ring::remove);
            if (System.nanoTime() - forgotAt > FORGET_EVERY.toNanos()) {
                forgotAt = System.nanoTime();
                table.forgetChanges(begin.minus(KEPT));
            }
            trouble = "";
            return begin;
        } catch (RuntimeException e) {
            if (trouble.isEmpty()) {
                log.warn("changes of keys on other servers cannot be seen now", e);
            }
            trouble = "changes of keys on other servers cannot be seen: " + e.getMessage();
            return seen;
        }
    }

    String trouble() {
        return trouble;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (thread != null) {
            thread.interrupt();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.sessions;

import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.Sessions.Session;
import io.hyperspot.security.keys.KeyHash;
import java.time.Instant;

/** A session in memory, with when it was used last. */
final class LiveSession {
    /** What a session is worth at a moment. */
    enum State {
        GOOD,
        /** As far as it was used here. */
        IDLE,
        OVER
    }

    /** As far as clocks of servers may differ. */
    private static final long SKEW_MILLIS = 300_000;

    private static final long FLUSH_MILLIS = 60_000;

    final Session session;
    final KeyHash hash;
    final SecurityContext context;
    final String csrf;
    private final long createdAt;
    private final long expiresAt;
    private volatile long usedAt;
    private volatile long flushedAt;

    LiveSession(StoredSession stored, String csrf) {
        this.session = stored.session();
        this.hash = stored.hash();
        this.context = stored.context();
        this.csrf = csrf;
        this.createdAt = session.createdAt().toEpochMilli();
        this.expiresAt = session.expiresAt().toEpochMilli();
        this.usedAt = session.usedAt().toEpochMilli();
        this.flushedAt = usedAt;
    }

    /** One that is used at a time before its making belongs to a clock that was set back: it would live too long. */
    State state(long now, Limits limits) {
        if (now >= expiresAt || now < createdAt - SKEW_MILLIS) {
            return State.OVER;
        }
        return now - usedAt >= limits.idle().toMillis() ? State.IDLE : State.GOOD;
    }

    /** A clock that was set back is followed: the idle time begins anew, the absolute end stays. */
    void use(long now) {
        long before = usedAt;
        if (now - before >= 1000 || now < before) {
            usedAt = now;
        }
    }

    /** Takes over that it was used on another server. */
    void usedElsewhere(long at) {
        usedAt = Math.max(usedAt, at);
    }

    /** Whether its last use should be written. */
    boolean isDirty(long within) {
        return Math.abs(usedAt - flushedAt) >= within;
    }

    boolean isDirty() {
        return isDirty(FLUSH_MILLIS);
    }

    long usedAt() {
        return usedAt;
    }

    void flushed(long at) {
        flushedAt = at;
    }

    Session shown() {
        return new Session(
                session.id(),
                session.subject(),
                session.name(),
                session.tenant(),
                session.provider(),
                session.address(),
                session.agent(),
                session.createdAt(),
                Instant.ofEpochMilli(usedAt),
                session.expiresAt());
    }
}

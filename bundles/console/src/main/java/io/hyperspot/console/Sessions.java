// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Who is signed in. Sessions end when idle, when old, and when there are too many. Thread-safe. */
final class Sessions {
    private static final int MOST = 32;

    private record Session(Instant since, Instant used) {}

    private final Map<String, Session> byId = new HashMap<>();
    private final RandomToken tokens;
    private final Clock clock;
    private final Duration idle;
    private final Duration longest;

    Sessions(RandomToken tokens, Clock clock, Duration idle, Duration longest) {
        this.tokens = tokens;
        this.clock = clock;
        this.idle = idle;
        this.longest = longest;
    }

    /** Starts a session and gives its id. */
    synchronized String start() {
        byId.values().removeIf(this::over);
        if (byId.size() >= MOST) {
            String oldest = byId.entrySet().stream()
                    .min(Map.Entry.comparingByValue(java.util.Comparator.comparing(Session::used)))
                    .orElseThrow()
                    .getKey();
            byId.remove(oldest);
        }
        String id = tokens.next();
        byId.put(id, new Session(clock.instant(), clock.instant()));
        return id;
    }

    /** Whether the session goes on; counts as a use of it. */
    synchronized boolean use(String id) {
        Session session = byId.get(id);
        if (session == null || over(session)) {
            byId.remove(id);
            return false;
        }
        byId.put(id, new Session(session.since(), clock.instant()));
        return true;
    }

    /** Whether the session goes on; no use of it. */
    synchronized boolean isOpen(String id) {
        Session session = byId.get(id);
        return session != null && !over(session);
    }

    synchronized void end(String id) {
        byId.remove(id);
    }

    private boolean over(Session session) {
        Instant now = clock.instant();
        return session.used().plus(idle).isBefore(now) || session.since().plus(longest).isBefore(now);
    }
}

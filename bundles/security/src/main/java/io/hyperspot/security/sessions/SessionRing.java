// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.sessions;

import io.hyperspot.security.keys.KeyHash;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Sessions in memory: recognising one asks nobody. Its size is bounded by the number of sessions that people
 * may have. Remembers also which have ended lately, so that a browser that goes on asking asks the database
 * once.
 */
final class SessionRing {
    private static final int MOST_GONE = 10_000;

    private final ConcurrentMap<KeyHash, LiveSession> sessions = new ConcurrentHashMap<>();
    private final Set<KeyHash> gone = ConcurrentHashMap.newKeySet();

    @Nullable LiveSession find(KeyHash hash) {
        return sessions.get(hash);
    }

    boolean isGone(KeyHash hash) {
        return gone.contains(hash);
    }

    /** What has ended meanwhile stays out: a read of the database may be older than the end. */
    LiveSession add(LiveSession session) {
        LiveSession before = sessions.putIfAbsent(session.hash, session);
        if (gone.contains(session.hash)) {
            sessions.remove(session.hash);
        }
        return before == null ? session : before;
    }

    void remove(KeyHash hash) {
        if (gone.size() >= MOST_GONE) {
            gone.clear();
        }
        gone.add(hash);
        sessions.remove(hash);
    }

    Collection<LiveSession> all() {
        return sessions.values();
    }
}

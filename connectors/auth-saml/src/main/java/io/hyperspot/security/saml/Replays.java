// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Assertions that were used, each until it is of no use (SAML Profiles, 4.1.4.5). Only verified ones come in
 * here, so nobody fills it but the provider. Across servers and restarts the request does the same: the gateway
 * gives its memory back once. Thread-safe.
 */
final class Replays {
    /** What came of noting an assertion. */
    enum Noted {
        FIRST,
        AGAIN,
        /** Nobody can tell any more: as many are known as are kept. */
        FULL
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Instant> used = new HashMap<>();
    private final int most;

    Replays(int most) {
        this.most = most;
    }

    Noted note(String id, Instant until, Instant now) {
        lock.lock();
        try {
            Instant before = used.get(id);
            if (before != null && now.isBefore(before)) {
                return Noted.AGAIN;
            }
            if (used.size() >= most) {
                used.values().removeIf(end -> !now.isBefore(end));
                if (used.size() >= most) {
                    return Noted.FULL;
                }
            }
            used.put(id, until);
            return Noted.FIRST;
        } finally {
            lock.unlock();
        }
    }
}

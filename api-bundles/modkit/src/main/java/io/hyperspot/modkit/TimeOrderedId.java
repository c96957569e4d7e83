// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit;

import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * UUIDs of version 7 (RFC 9562): a later one is greater, of one object even in one millisecond. Thread-safe.
 */
public final class TimeOrderedId {
    private static final int COUNTER_BITS = 12;

    private final SecureRandom random;
    private final AtomicLong last = new AtomicLong();

    public TimeOrderedId(SecureRandom random) {
        this.random = random;
    }

    /**
     * @param millis the time since 1970
     */
    public UUID next(long millis) {
        // the twelve bits behind the time count up: a busy millisecond borrows from the next
        long tick = last.updateAndGet(before -> Math.max(before + 1, millis << COUNTER_BITS));
        long high = (tick >>> COUNTER_BITS) << 16 | 0x7000L | (tick & 0xfff);
        long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}

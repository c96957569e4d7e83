// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stops calls to a peer that does not answer. Opens after a number of failures in a row; then lets
 * one call a period through, and closes when one of them is answered. A probe whose caller gave up
 * costs nothing: the next period has its own.
 */
final class Breaker {
    private final int threshold;
    private final long periodNanos;
    private final AtomicInteger failures = new AtomicInteger();
    /** When the next probe may go, or 0 while closed. */
    private final AtomicLong probeAt = new AtomicLong();

    Breaker(int threshold, long periodNanos) {
        this.threshold = threshold;
        this.periodNanos = periodNanos;
    }

    /** Whether a call may go now. */
    boolean admits(long now) {
        long at = probeAt.get();
        if (at == 0) {
            return true;
        }
        return at - now <= 0 && probeAt.compareAndSet(at, instant(now + periodNanos));
    }

    void answered() {
        if (failures.get() != 0) {
            failures.set(0);
            probeAt.set(0);
        }
    }

    void failed(long now) {
        if (failures.incrementAndGet() >= threshold) {
            probeAt.set(instant(now + periodNanos));
        }
    }

    private static long instant(long nanos) {
        return nanos == 0 ? 1 : nanos;
    }
}

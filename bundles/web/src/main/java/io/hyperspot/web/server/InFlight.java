// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Counts who is inside, so that the last one can be waited for before the lights go out. */
final class InFlight {
    private static final int CLOSED = Integer.MIN_VALUE;

    private final AtomicInteger count = new AtomicInteger();

    /** False once draining has begun: the caller must look for another way. */
    boolean enter() {
        while (true) {
            int n = count.get();
            if (n < 0) {
                return false;
            }
            if (count.compareAndSet(n, n + 1)) {
                return true;
            }
        }
    }

    void exit() {
        count.decrementAndGet();
    }

    int inside() {
        return count.get() & Integer.MAX_VALUE;
    }

    /** Lets nobody in any more and waits for those inside; true when all have left. */
    boolean drain(Duration deadline) {
        count.accumulateAndGet(CLOSED, (n, closed) -> n | closed);
        long end = System.nanoTime() + deadline.toNanos();
        while (inside() > 0) {
            if (System.nanoTime() > end) {
                return false;
            }
            LockSupport.parkNanos(2_000_000);
        }
        return true;
    }
}

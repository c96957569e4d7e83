// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When a process that failed may be started again: the first time at once, because most failures are
 * the fault of one request, then after ever longer delays with jitter. Guarded by its owner's lock.
 */
final class Backoff {
    private final long first;
    private final long longest;
    private int failures;
    private long notBefore = System.nanoTime();

    Backoff(Duration first, Duration longest) {
        this.first = first.toNanos();
        this.longest = longest.toNanos();
    }

    void failed() {
        failures++;
        long delay = 0;
        if (failures > 1) {
            long full = Math.min(longest, first << Math.min(failures - 2, 10));
            delay = full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1);
        }
        notBefore = System.nanoTime() + delay;
    }

    void succeeded() {
        failures = 0;
    }

    /** In a row. */
    int failures() {
        return failures;
    }

    /** Zero when it may start now. */
    Duration remaining() {
        long remaining = notBefore - System.nanoTime();
        return failures == 0 || remaining <= 0 ? Duration.ZERO : Duration.ofNanos(remaining);
    }
}

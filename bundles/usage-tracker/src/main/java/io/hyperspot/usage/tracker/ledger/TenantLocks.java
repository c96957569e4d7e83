// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.ledger;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.TenantId;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Lets the writes of one tenant wait for each other here, in order: they change the same rows, so that in the
 * database all but one would be done in vain and again. What keeps them right is the transaction.
 */
final class TenantLocks {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final ReentrantLock[] locks = new ReentrantLock[64];

    TenantLocks() {
        for (int i = 0; i < locks.length; i++) {
            locks[i] = new ReentrantLock(true);
        }
    }

    <T> T inOrder(TenantId tenant, Supplier<T> write) {
        ReentrantLock lock = locks[Math.floorMod(tenant.hashCode(), locks.length)];
        try {
            if (!lock.tryLock(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ProblemException(ErrorCategory.UNAVAILABLE, "USAGE_BUSY", "too much usage of the tenant is reported at once; try again in a moment");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(ErrorCategory.UNAVAILABLE, "USAGE_BUSY", "the server is stopping");
        }
        try {
            return write.get();
        } finally {
            lock.unlock();
        }
    }
}

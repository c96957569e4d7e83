// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.resilience;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps retries from multiplying an outage: a call pays in a tenth of what a retry costs, and what is
 * saved up is enough for a few. Thread-safe.
 */
final class RetryBudget {
    private static final int COST = 10;
    private static final int MOST = 10 * COST;

    private final AtomicInteger saved = new AtomicInteger(MOST);

    void called() {
        // Nothing is written while the budget is full, as it is as long as all goes well.
        if (saved.get() < MOST) {
            saved.incrementAndGet();
        }
    }

    boolean spend() {
        while (true) {
            int now = saved.get();
            if (now < COST) {
                return false;
            }
            if (saved.compareAndSet(now, now - COST)) {
                return true;
            }
        }
    }
}

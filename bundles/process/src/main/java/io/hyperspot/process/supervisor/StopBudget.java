// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * How long processes may take to end: as long as each wants, but while the server stops, which has ten
 * seconds for everything, all of them together get three. Thread-safe.
 */
final class StopBudget {
    static final Duration ALL = Duration.ofSeconds(3);

    private final BooleanSupplier serverStops;
    private boolean begun;
    private long deadline;

    StopBudget(BooleanSupplier serverStops) {
        this.serverStops = serverStops;
    }

    synchronized Duration of(Duration wanted) {
        if (!serverStops.getAsBoolean()) {
            return wanted;
        }
        long now = System.nanoTime();
        if (!begun) {
            begun = true;
            deadline = now + ALL.toNanos();
        }
        long left = Math.max(0, deadline - now);
        return wanted.toNanos() < left ? wanted : Duration.ofNanos(left);
    }
}

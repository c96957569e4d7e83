// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** Lets a few attempts a minute fail, then none be made. Thread-safe. */
final class FailureLimit {
    private static final int MOST = 5;
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final Deque<Instant> failures = new ArrayDeque<>();
    private final Clock clock;

    FailureLimit(Clock clock) {
        this.clock = clock;
    }

    synchronized void failed() {
        failures.addLast(clock.instant());
    }

    /** How long to wait before the next attempt; zero: none. */
    synchronized Duration toWait() {
        Instant now = clock.instant();
        while (!failures.isEmpty() && !failures.getFirst().plus(WINDOW).isAfter(now)) {
            failures.removeFirst();
        }
        return failures.size() < MOST ? Duration.ZERO : Duration.between(now, failures.getFirst().plus(WINDOW));
    }
}

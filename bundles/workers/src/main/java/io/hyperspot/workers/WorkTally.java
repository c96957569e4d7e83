// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import io.hyperspot.modkit.worker.Rollouts.Tally;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts the calls of one worker. Thread-safe. */
final class WorkTally {
    private final LongAdder calls = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile @Nullable String broken;

    void called() {
        calls.increment();
    }

    void failed() {
        failures.increment();
    }

    void broken(String why) {
        broken = why;
    }

    Tally read() {
        // failures first: none may seem to be without its call
        long failed = failures.sum();
        return new Tally(calls.sum(), failed, broken);
    }
}

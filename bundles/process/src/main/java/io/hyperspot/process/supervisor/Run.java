// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A run of a process that is asked to end. */
interface Run {
    CompletableFuture<Void> ended();

    /** The process and all that it has started. */
    void kill();

    /** Kills those that have not ended within the time. */
    static void await(Collection<? extends Run> runs, Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        for (Run run : runs) {
            try {
                run.ended().get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException | ExecutionException e) {
                run.kill();
            } catch (InterruptedException e) {
                run.kill();
                Thread.currentThread().interrupt();
            }
        }
    }
}

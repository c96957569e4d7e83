// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import io.hyperspot.process.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all processes share.
 *
 * @param timer one thread for deadlines; what it runs must not wait
 * @param logs the folder for their logs
 */
record Surroundings(ScheduledExecutorService timer, Path logs, Tools tools, StopBudget budget, AtomicInteger turns) {
    Surroundings(ScheduledExecutorService timer, Path logs, Tools tools, StopBudget budget) {
        this(timer, logs, tools, budget, new AtomicInteger());
    }

    void after(Duration delay, Runnable action) {
        var _ = timer.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    Confinement confinement(Limits limits) {
        return Confinement.of(limits, tools, limits.cpus() > 0 ? turns.getAndIncrement() : 0);
    }
}

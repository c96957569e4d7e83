// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import io.hyperspot.modkit.worker.Rollouts.Rollout;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looks at a handover, until its next version fails or its watch period is over. Everything is on the plugin's lane. */
final class HandoverWatch {
    private static final long LOOK_MS = 100;

    private final Workbench bench;
    private final Lane lane;
    private final Supplier<@Nullable Handover> current;
    private final BiConsumer<Handover, String> failed;
    private final Runnable held;

    /**
     * @param current the handover that is under way, or null
     * @param failed told why the next version must not serve any longer
     * @param held told that the next version has served for the watch period
     */
    HandoverWatch(
            Workbench bench,
            Lane lane,
            Supplier<@Nullable Handover> current,
            BiConsumer<Handover, String> failed,
            Runnable held) {
        this.bench = bench;
        this.lane = lane;
        this.current = current;
        this.failed = failed;
        this.held = held;
    }

    /** Watches the handover that is under way now. */
    void begin() {
        Handover watched = current.get();
        if (watched != null) {
            CompletableFuture.delayedExecutor(LOOK_MS, TimeUnit.MILLISECONDS, bench.threads())
                    .execute(() -> lane.run(() -> look(watched.rollout())));
        }
    }

    private void look(Rollout rollout) {
        Handover now = current.get();
        if (now == null || !now.rollout().equals(rollout)) {
            // that one has ended, and another may have begun
            return;
        }
        String trouble = ErrorRates.trouble(rollout.current(), rollout.next());
        if (trouble == null) {
            trouble = bench.gate().trouble(now.next().bundle(), Set.of());
        }
        if (trouble != null) {
            failed.accept(now, trouble);
        } else if (bench.clock().instant().isAfter(now.until())) {
            held.run();
        } else {
            begin();
        }
    }
}

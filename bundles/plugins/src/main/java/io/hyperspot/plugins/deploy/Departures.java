// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import io.hyperspot.modkit.worker.Rollouts.Rollout;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a plugin that finish their calls and go, beside whatever comes next. While one does,
 * every change in the number of its calls is told. Thread-safe.
 */
final class Departures {
    private static final long LOOK_MS = 200;

    private final Workbench bench;
    private final Lane lane;
    private final Runnable changed;
    private final Map<Long, String> leaving = new ConcurrentHashMap<>();

    /**
     * @param lane on which everything is told
     * @param changed told that the number of calls has changed
     */
    Departures(Workbench bench, Lane lane, Runnable changed) {
        this.bench = bench;
        this.lane = lane;
        this.changed = changed;
    }

    /** The bundles that are leaving, with the SHA-256 of their JARs. */
    Map<Long, String> leaving() {
        return leaving;
    }

    /**
     * Lets a version go.
     *
     * @param rollout ends with it; null when there is none
     * @param gone told how long it took
     */
    void begin(Running version, @Nullable Rollout rollout, Consumer<Duration> gone) {
        leaving.put(version.id(), version.archive().sha256());
        bench.releases().follow(version.archive().sha256(), version.bundle());
        Instant begin = bench.clock().instant();
        Thread.ofVirtual().name("plugin-leaves-" + version.archive()).start(() -> {
            bench.host().remove(version.bundle());
            if (rollout != null) {
                rollout.close();
            }
            lane.run(() -> {
                leaving.remove(version.id());
                gone.accept(Duration.between(begin, bench.clock().instant()));
            });
        });
        lookLater(version.id(), -1);
    }

    private void lookLater(long bundle, int before) {
        CompletableFuture.delayedExecutor(LOOK_MS, TimeUnit.MILLISECONDS, bench.threads())
                .execute(() -> lane.run(() -> look(bundle, before)));
    }

    private void look(long bundle, int before) {
        String sha256 = leaving.get(bundle);
        if (sha256 != null) {
            int now = bench.gate().inFlight(Map.of(bundle, sha256)).getOrDefault(sha256, 0);
            if (now != before) {
                changed.run();
            }
            lookLater(bundle, now);
        }
    }
}

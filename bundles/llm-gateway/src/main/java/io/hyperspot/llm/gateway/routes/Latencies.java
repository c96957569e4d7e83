// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.routes;

import io.hyperspot.llm.ModelId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * How soon answers of models in routes begin: an average of late calls, each of which counts a fifth. A failure counts
 * as ten seconds, so that what fails fast is not thought fast. Thread-safe.
 */
final class Latencies {
    private static final long FAILED = TimeUnit.SECONDS.toNanos(10);
    private static final double SHARE = 0.2;

    private final ConcurrentMap<ModelId, Long> average = new ConcurrentHashMap<>();

    /** In nanoseconds; 0: nothing is known, so that it is tried. */
    long of(ModelId model) {
        return average.getOrDefault(model, 0L);
    }

    void began(ModelId model, long nanos) {
        average.merge(model, nanos, (before, now) -> Math.round(before * (1 - SHARE) + now * SHARE));
    }

    void failed(ModelId model) {
        began(model, FAILED);
    }
}

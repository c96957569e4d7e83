// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.EstimationProbe;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** What is left of a limit for one key, and how much of it was used here since the other servers were told. Thread-safe. */
final class Allowance {
    final RateKey key;
    private final Bucket bucket;
    private final int perMinute;
    private final AtomicLong untold = new AtomicLong();

    Allowance(RateKey key, int perMinute) {
        this.key = key;
        this.perMinute = perMinute;
        bucket = Bucket.builder()
                .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, Duration.ofMinutes(1)))
                // the clock that nobody sets
                .withNanosecondPrecision()
                .build();
    }

    ConsumptionProbe take() {
        return bucket.tryConsumeAndReturnRemaining(1);
    }

    EstimationProbe look() {
        return bucket.estimateAbilityToConsume(1);
    }

    /** Notes that one was used here; true for the first one that the others do not know of. */
    boolean note() {
        return untold.getAndIncrement() == 0;
    }

    /** What the others do not know of; they do from now on. */
    long tell() {
        return untold.getAndSet(0);
    }

    /** Others used some: who was let through there waits longer here. What they tell at once costs two minutes at the most. */
    void usedElsewhere(long count) {
        bucket.consumeIgnoringRateLimits(Math.clamp(count, 1, 2L * perMinute));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One worker of a snapshot: its description at that time, and the object with its gate. */
final class HeldHandle<T> implements Offered<T> {
    private final Candidate candidate;
    private final Held<T> held;
    private final WorkerFailures failures;
    private final int maxInFlight;

    HeldHandle(Candidate candidate, Held<T> held, WorkerFailures failures, int maxInFlight) {
        this.candidate = candidate;
        this.held = held;
        this.failures = failures;
        this.maxInFlight = maxInFlight;
    }

    @Override
    public Candidate candidate() {
        return candidate;
    }

    @Override
    public String key() {
        return held.key();
    }

    @Override
    public String instance() {
        return candidate.instanceText();
    }

    @Override
    public String name() {
        return candidate.name();
    }

    @Override
    public int priority() {
        return candidate.priority();
    }

    @Override
    public String origin() {
        return candidate.origin();
    }

    @Override
    public int inFlight() {
        return held.gate().inside();
    }

    @Override
    public @Nullable Lease<T> acquire(@Nullable UUID tenant) {
        if (!held.gate().enter()) {
            return null;
        }
        if (held.gate().inside() > maxInFlight) {
            held.gate().leave();
            throw new ProblemException(
                    ErrorCategory.UNAVAILABLE,
                    "WORKER_BUSY",
                    "the worker has " + maxInFlight + " calls, as many as it may have (workers.max_in_flight);"
                            + " try again in a moment");
        }
        return new HeldLease<>(candidate, held, failures);
    }

    @Override
    public String toString() {
        return instance();
    }
}

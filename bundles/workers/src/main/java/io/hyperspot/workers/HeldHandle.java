// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import io.hyperspot.modkit.worker.WorkerHandle;
import org.jspecify.annotations.Nullable;

/** One worker of a snapshot: its description at that time, and the object with its gate. */
final class HeldHandle<T> implements WorkerHandle<T> {
    private final Candidate candidate;
    private final Held<T> held;

    HeldHandle(Candidate candidate, Held<T> held) {
        this.candidate = candidate;
        this.held = held;
    }

    Candidate candidate() {
        return candidate;
    }

    String key() {
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
    public @Nullable Lease<T> acquire() {
        return held.gate().enter() ? new HeldLease<>(held) : null;
    }

    @Override
    public String toString() {
        return instance();
    }

    private static final class HeldLease<T> implements Lease<T> {
        private final Held<T> held;
        private boolean closed;

        HeldLease(Held<T> held) {
            this.held = held;
        }

        @Override
        public T worker() {
            return held.worker();
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                held.gate().leave();
            }
        }
    }
}

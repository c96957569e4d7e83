// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts who is inside and can be closed for those who come later. Entering is one atomic increment:
 * a compare-and-set loop would make many requests to one worker retry.
 */
final class Gate {
    private static final long CLOSED = Long.MIN_VALUE;
    private static final long COUNT = Long.MAX_VALUE;

    /** The sign says closed, the rest counts. */
    private final AtomicLong state = new AtomicLong();

    private final CompletableFuture<Void> empty = new CompletableFuture<>();

    /** False when closed. Otherwise {@link #leave} must follow, once. */
    boolean enter() {
        if (state.getAndIncrement() >= 0) {
            return true;
        }
        leave();
        return false;
    }

    void leave() {
        if (state.decrementAndGet() == CLOSED) {
            empty.complete(null);
        }
    }

    /** Lets nobody in from now on. Idempotent. */
    void close() {
        long before = state.getAndUpdate(value -> value | CLOSED);
        if ((before & COUNT) == 0) {
            empty.complete(null);
        }
    }

    /** Complete when closed and nobody is inside. */
    CompletableFuture<Void> empty() {
        return empty;
    }

    int inside() {
        return (int) (state.get() & COUNT);
    }
}

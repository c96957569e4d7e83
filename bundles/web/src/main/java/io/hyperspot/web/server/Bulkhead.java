// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.web.spi.Limits;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets only so many requests of one operation in at once. */
final class Bulkhead {
    private final int most;
    private final AtomicInteger inside = new AtomicInteger();

    Bulkhead(int most) {
        this.most = most;
    }

    /**
     * @throws ProblemException UNAVAILABLE when as many are inside as it takes
     */
    void enter() {
        if (most != Limits.UNBOUNDED && inside.incrementAndGet() > most) {
            inside.decrementAndGet();
            throw new ProblemException(
                    ErrorCategory.UNAVAILABLE,
                    "OPERATION_BUSY",
                    "the server is at work on as many requests of this operation as it takes (" + most + "); try again in a moment");
        }
    }

    /** Leaves after {@link #enter} returned. */
    void exit() {
        if (most != Limits.UNBOUNDED) {
            inside.decrementAndGet();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.aws;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Until when a call may begin another request. */
record Deadline(long end, LongSupplier nanos) {
    static Deadline in(Duration time, LongSupplier nanos) {
        return new Deadline(nanos.getAsLong() + time.toNanos(), nanos);
    }

    /** Nothing or less: it is over. */
    long left() {
        return end - nanos.getAsLong();
    }
}

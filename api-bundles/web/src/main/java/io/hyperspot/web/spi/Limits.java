// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.spi;

import java.time.Duration;

/**
 * What one request of an operation may use. What goes beyond is answered 413, 503 or 504.
 *
 * @param maxBodyBytes larger bodies are refused before they are read; 0: the operation has no body
 * @param maxInFlight requests of this operation at work at once; {@link #UNBOUNDED}: only the server's own limit
 * @param timeout from the first byte of the request to the last of the answer, streams included; zero: the
 *     server's {@code request_timeout_seconds}
 */
public record Limits(int maxBodyBytes, int maxInFlight, Duration timeout) {
    /** As many at once as the server takes. */
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    /** No body, and the server's own limits. */
    public static final Limits NO_BODY = new Limits(0, UNBOUNDED, Duration.ZERO);

    public Limits {
        if (maxBodyBytes < 0 || maxInFlight < 1 || timeout.isNegative()) {
            throw new IllegalArgumentException("limits of an operation are not negative, and at least one request is taken");
        }
    }

    /** Bodies of at most this size, and the server's own limits. */
    public static Limits body(int maxBytes) {
        return new Limits(maxBytes, UNBOUNDED, Duration.ZERO);
    }

    public Limits withMaxInFlight(int most) {
        return new Limits(maxBodyBytes, most, timeout);
    }

    public Limits withTimeout(Duration longest) {
        return new Limits(maxBodyBytes, maxInFlight, longest);
    }
}

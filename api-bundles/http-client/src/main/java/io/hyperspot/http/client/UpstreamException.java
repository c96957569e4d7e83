// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An exchange with another server failed. The message names the peer, never a credential. */
public final class UpstreamException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What failed. */
    public enum Kind {
        /** No connection: refused, unreachable, unknown host, TLS. Nothing was sent. */
        CONNECT,
        /** The peer closed or reset before the answer was complete. */
        CLOSED,
        /** The answer breaks HTTP/1.1. */
        PROTOCOL,
        /** A connect, first-byte, idle or total deadline passed. */
        TIMEOUT,
        /** A limit on what is read was passed. */
        TOO_LARGE,
        /** The caller cancelled. */
        CANCELLED,
        /** The circuit breaker is open, or all connections are in use. Nothing was sent. */
        OVERLOADED,
        /** The address is not allowed. Nothing was sent. */
        FORBIDDEN
    }

    private final Kind kind;
    private final @Nullable Duration retryAfter;

    public UpstreamException(Kind kind, String message) {
        this(kind, message, null);
    }

    public UpstreamException(Kind kind, String message, @Nullable Throwable cause) {
        this(kind, message, cause, null);
    }

    /**
     * @param retryAfter until when the same would happen again, or null when nobody knows
     */
    public UpstreamException(
            Kind kind, String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
        super(message, cause);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    public Kind kind() {
        return kind;
    }

    /** Until when the same would happen again, when that is known. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client;

import java.io.IOException;
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

    public UpstreamException(Kind kind, String message) {
        this(kind, message, null);
    }

    public UpstreamException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process;

import org.jspecify.annotations.Nullable;

/** A call to a child process did not complete. */
public final class ChildProcessException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What happened. */
    public enum Kind {
        /** The process does not start, or is in its backoff. */
        UNAVAILABLE,
        /** Too many calls wait. */
        OVERLOADED,
        /** The process ended during the call. */
        CRASHED,
        /** The child answered with an error. */
        FAILED,
        CANCELLED
    }

    private final Kind kind;

    public ChildProcessException(Kind kind, String message) {
        this(kind, message, null);
    }

    public ChildProcessException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}

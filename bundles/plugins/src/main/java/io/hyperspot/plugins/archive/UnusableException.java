// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.archive;

/** A file is no plugin; the message says why and what to do. */
public final class UnusableException extends Exception {
    private static final long serialVersionUID = 1L;

    public UnusableException(String message, Throwable cause) {
        super(message, cause);
    }

    public UnusableException(String message) {
        super(message);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import org.jspecify.annotations.Nullable;

/** The server cannot start; the message is for the operator and says what to do. */
public final class LaunchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LaunchException(String message) {
        this(message, null);
    }

    LaunchException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import org.jspecify.annotations.Nullable;

/** The provider could not be asked, or gave no answer that can be used. The message is for operators. */
final class ProviderException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean reached;

    /**
     * @param reached whether there was an answer
     */
    ProviderException(boolean reached, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reached = reached;
    }

    static ProviderException bad(String message) {
        return new ProviderException(true, message, null);
    }

    boolean wasReached() {
        return reached;
    }
}

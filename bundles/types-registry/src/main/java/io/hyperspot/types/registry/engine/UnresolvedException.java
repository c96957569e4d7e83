// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

/** A type cannot be used to validate anything. */
final class UnresolvedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param reason what is wrong with the type, as the end of a sentence about it */
    UnresolvedException(String reason) {
        super(reason);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}

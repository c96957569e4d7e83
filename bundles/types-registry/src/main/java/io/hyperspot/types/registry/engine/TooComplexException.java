// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

/**
 * Schemas that would take more work than anybody may ask for. Thrown deep inside the recursion of an
 * operation, and turned into what that operation answers with.
 */
final class TooComplexException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param reason as the end of a sentence about the type */
    TooComplexException(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}

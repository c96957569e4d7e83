// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry;

/** A document cannot be registered; says where in it and why. */
final class DocumentException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String pointer;

    DocumentException(String pointer, String reason) {
        super(reason);
        this.pointer = pointer;
    }

    String pointer() {
        return pointer;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import java.util.List;

/**
 * One thing that is wrong with a document.
 *
 * @param pointer JSON pointer (RFC 6901) to the culprit; empty for the whole document
 * @param message what is wrong and, where it can be said, what would mend it
 */
public record Violation(String pointer, String message) {
    /** All of them as one sentence for people. */
    public static String text(List<Violation> violations) {
        return String.join("; ", violations.stream().map(Violation::toString).toList());
    }

    @Override
    public String toString() {
        return pointer.isEmpty() ? message : "at " + pointer + ": " + message;
    }
}

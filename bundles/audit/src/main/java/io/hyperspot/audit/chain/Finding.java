// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.chain;

/**
 * Something that is wrong with a trail.
 *
 * @param seq of the first record that it is about
 * @param detail a sentence for people
 */
public record Finding(Kind kind, long seq, String detail) {
    /** What is wrong. */
    public enum Kind {
        EDITED,
        DELETED,
        INSERTED,
        CUT_OFF,
        UNSIGNED
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts;

/** A text is not a GTS id or pattern; says where and what was expected there. */
public final class GtsSyntaxException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 200;

    private final int position;
    private final String expected;

    GtsSyntaxException(String text, int position, String expected) {
        super("invalid GTS identifier '" + shown(text) + "' at position " + position + ": expected " + expected);
        this.position = position;
        this.expected = expected;
    }

    private static String shown(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }

    /** The zero-based index of the first character that does not fit. */
    public int position() {
        return position;
    }

    /** What would have been right there, in words. */
    public String expected() {
        return expected;
    }
}

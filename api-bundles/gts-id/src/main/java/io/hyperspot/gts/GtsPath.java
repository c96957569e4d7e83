// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path into a JSON document: names separated by dots and indexes in brackets, as {@code
 * payload.items[0].name}. Immutable.
 */
public record GtsPath(List<Step> steps) {
    private static final int MAX_STEPS = 64;

    /** One step down. */
    public sealed interface Step permits Name, Index {}

    /** To a member of an object. */
    public record Name(String value) implements Step {}

    /**
     * To an element of an array.
     *
     * @param value from 0
     */
    public record Index(int value) implements Step {}

    public GtsPath {
        steps = List.copyOf(steps);
    }

    /**
     * Parses a path.
     *
     * @throws GtsSyntaxException when the text is not one
     */
    public static GtsPath parse(String text) {
        return parse(text, 0, text);
    }

    /** @param whole what errors show; the path starts at {@code offset} of it */
    static GtsPath parse(String text, int offset, String whole) {
        List<Step> steps = new ArrayList<>(4);
        int at = 0;
        while (at < text.length() || steps.isEmpty()) {
            if (steps.size() == MAX_STEPS) {
                throw new GtsSyntaxException(whole, offset + at, "at most " + MAX_STEPS + " steps");
            }
            if (at < text.length() && text.charAt(at) == '[') {
                int end = text.indexOf(']', at);
                Integer index = end < 0 ? null : index(text.substring(at + 1, end));
                if (index == null) {
                    throw new GtsSyntaxException(whole, offset + at + 1, "an index from 0 and ']'");
                }
                steps.add(new Index(index));
                at = end + 1;
            } else {
                if (!steps.isEmpty()) {
                    if (text.charAt(at) != '.') {
                        throw new GtsSyntaxException(whole, offset + at, "'.' or '['");
                    }
                    at++;
                }
                int end = at;
                while (end < text.length() && text.charAt(end) != '.' && text.charAt(end) != '[') {
                    end++;
                }
                if (end == at) {
                    throw new GtsSyntaxException(whole, offset + at, "a name");
                }
                steps.add(new Name(text.substring(at, end)));
                at = end;
            }
        }
        return new GtsPath(steps);
    }

    /** Digits as they are printed: no sign, no leading zero, no other script's; null for all else. */
    private static @Nullable Integer index(String digits) {
        boolean zeros = digits.length() > 1 && digits.startsWith("0");
        if (digits.isEmpty() || zeros || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        try {
            return Integer.valueOf(digits);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The path as it is written. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Step step : steps) {
            if (step instanceof Name name) {
                text.append(text.isEmpty() ? "" : ".").append(name.value());
            } else if (step instanceof Index index) {
                text.append('[').append(index.value()).append(']');
            }
        }
        return text.toString();
    }
}

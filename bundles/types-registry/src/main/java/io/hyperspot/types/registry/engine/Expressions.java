// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Regular expressions that match in linear time, because they come from whoever may register a type. RE2
 * has no look-around and no back-references; {@link SchemaRules} refuses those.
 */
final class Expressions implements RegularExpressionFactory {
    /** The time to match is the length of the value times this. */
    private static final int MAX_SIZE = 2_000;

    @Override
    public RegularExpression getRegularExpression(String expression) {
        Pattern pattern = compile(expression);
        return value -> pattern.matcher(value).find();
    }

    /** Whether a part of the value matches; the expression was checked before. */
    static boolean find(String expression, String value) {
        return compile(expression).matcher(value).find();
    }

    /**
     * @throws PatternSyntaxException when it is not of RE2's syntax, or too large: RE2 writes repetitions
     *     out, so that nested ones multiply
     */
    static Pattern compile(String expression) {
        if (size(expression) > MAX_SIZE) {
            throw new PatternSyntaxException(
                    "larger than " + MAX_SIZE + " characters with its repetitions written out",
                    expression.substring(0, Math.min(expression.length(), 100)));
        }
        return Pattern.compile(expression);
    }

    /** About how many characters an expression has once its repetitions are written out. */
    private static long size(String expression) {
        Deque<Long> around = new ArrayDeque<>();
        long size = 0;
        long last = 0;
        for (int i = 0; i < expression.length() && size <= MAX_SIZE; i++) {
            char c = expression.charAt(i);
            if (c == '(') {
                around.push(size);
                size = 0;
            } else if (c == ')' && !around.isEmpty()) {
                last = size + 1;
                size = around.pop() + last;
            } else if (c == '{') {
                int end = expression.indexOf('}', i);
                long times = end < 0 ? 1 : times(expression.substring(i + 1, end));
                size += last * (times - 1);
                last *= times;
                i = end < 0 ? i : end;
            } else {
                i = end(expression, i, c);
                last = 1;
                size++;
            }
        }
        return size + around.stream().mapToLong(Long::longValue).sum();
    }

    /** Where the character, escape or class ends that starts there. */
    private static int end(String expression, int start, char c) {
        if (c == '\\') {
            return start + 1;
        }
        if (c != '[') {
            return start;
        }
        int at = start + 1;
        // A bracket at the start of a class is one of its characters.
        while (at < expression.length() && (expression.charAt(at) != ']' || at == start + 1)) {
            at += expression.charAt(at) == '\\' ? 2 : 1;
        }
        return at;
    }

    /** What stands between braces: {@code 3}, {@code 3,} or {@code 3,5}; once when it is no repetition. */
    private static long times(String range) {
        int comma = range.indexOf(',');
        String most = comma < 0 || comma == range.length() - 1 ? range.replace(",", "") : range.substring(comma + 1);
        boolean number = !most.isEmpty() && most.length() < 6 && most.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Math.max(1, Long.parseLong(most)) : 1;
    }
}

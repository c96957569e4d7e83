// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts;

import java.util.ArrayList;
import java.util.List;

/**
 * A question to a registry: a GTS id or a wildcard pattern, and conditions on the content, all of which
 * must hold. Written {@code gts.acme.shop.*[status=open, customer.name="Ada", note=*]}. Immutable.
 */
public record GtsQuery(GtsPattern base, List<Condition> conditions) {
    private static final int MAX_CONDITIONS = 32;

    /**
     * What an attribute must be.
     *
     * @param value its text; {@code *}: anything but null
     */
    public record Condition(GtsPath path, String value) {
        public boolean anyValue() {
            return value.equals("*");
        }
    }

    public GtsQuery {
        conditions = List.copyOf(conditions);
    }

    /**
     * Parses a query.
     *
     * @throws GtsSyntaxException when the text is not one
     */
    public static GtsQuery parse(String text) {
        int open = text.indexOf('[');
        GtsPattern base = GtsPattern.parse(open < 0 ? text : text.substring(0, open));
        return new GtsQuery(base, open < 0 ? List.of() : new Conditions(text, open).read());
    }

    /** Reads what is between the brackets. */
    private static final class Conditions {
        private final String text;
        private int at;

        Conditions(String text, int open) {
            this.text = text;
            this.at = open + 1;
        }

        List<Condition> read() {
            List<Condition> conditions = new ArrayList<>(2);
            while (true) {
                if (conditions.size() == MAX_CONDITIONS) {
                    throw new GtsSyntaxException(text, at, "at most " + MAX_CONDITIONS + " conditions");
                }
                conditions.add(condition());
                blanks();
                if (at >= text.length()) {
                    throw new GtsSyntaxException(text, at, "',' or ']'");
                }
                char next = text.charAt(at++);
                if (next == ']') {
                    break;
                }
                if (next != ',') {
                    throw new GtsSyntaxException(text, at - 1, "',' or ']'");
                }
            }
            if (at < text.length()) {
                throw new GtsSyntaxException(text, at, "the end");
            }
            return conditions;
        }

        private Condition condition() {
            blanks();
            int start = at;
            at = text.indexOf('=', start);
            if (at < 0) {
                at = start;
                throw new GtsSyntaxException(text, start, "<attribute>=<value>");
            }
            GtsPath path = GtsPath.parse(text.substring(start, at).strip(), start, text);
            at++;
            blanks();
            return new Condition(path, at < text.length() && text.charAt(at) == '"' ? quoted() : bare());
        }

        private String quoted() {
            StringBuilder value = new StringBuilder();
            for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                }
                value.append(text.charAt(at));
            }
            if (at >= text.length()) {
                throw new GtsSyntaxException(text, at, "'\"' at the end of the value");
            }
            at++;
            return value.toString();
        }

        private String bare() {
            int start = at;
            while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != ']') {
                at++;
            }
            return text.substring(start, at).strip();
        }

        private void blanks() {
            while (at < text.length() && text.charAt(at) == ' ') {
                at++;
            }
        }
    }

    /** The query as it may be written. */
    @Override
    public String toString() {
        if (conditions.isEmpty()) {
            return base.toString();
        }
        StringBuilder text = new StringBuilder(base.toString()).append('[');
        for (Condition condition : conditions) {
            text.append(text.charAt(text.length() - 1) == '[' ? "" : ", ").append(condition.path()).append('=');
            text.append(condition.anyValue() ? "*" : '"' + condition.value().replace("\\", "\\\\").replace("\"", "\\\"") + '"');
        }
        return text.append(']').toString();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.query;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Parses {@code $filter} by recursive descent; says where a text is wrong. */
final class FilterParser {
    private static final int LONGEST = 2000;
    private static final int DEEPEST = 20;
    private static final String PUNCTUATION = "(),";

    private final Map<String, QueryField> fields;
    private final String text;
    private int at;
    private int depth;

    private FilterParser(String text, Map<String, QueryField> fields) {
        this.text = text;
        this.fields = fields;
    }

    /**
     * @throws ProblemException INVALID_ARGUMENT with the position, for a malformed filter or a field
     *     that is not allowed
     */
    static Filter parse(String text, Map<String, QueryField> fields) {
        if (text.length() > LONGEST) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT, "INVALID_FILTER", "$filter is longer than " + LONGEST + " characters");
        }
        FilterParser parser = new FilterParser(text, fields);
        Filter filter = parser.or();
        parser.skipSpace();
        if (parser.at < text.length()) {
            throw parser.wrong("'and', 'or' or the end");
        }
        return filter;
    }

    private Filter or() {
        Filter left = and();
        while (word("or")) {
            left = new Filter.Or(left, and());
        }
        return left;
    }

    private Filter and() {
        Filter left = unary();
        while (word("and")) {
            left = new Filter.And(left, unary());
        }
        return left;
    }

    private Filter unary() {
        if (++depth > DEEPEST) {
            throw wrong("a filter that is nested at most " + DEEPEST + " deep");
        }
        try {
            if (word("not")) {
                return new Filter.Not(unary());
            }
            if (symbol('(')) {
                Filter inner = or();
                expect(')');
                return inner;
            }
            return condition();
        } finally {
            depth--;
        }
    }

    private Filter condition() {
        for (Filter.TextFunction function : Filter.TextFunction.values()) {
            int before = at;
            if (word(function.name().toLowerCase(Locale.ROOT))) {
                if (symbol('(')) {
                    return text(function);
                }
                at = before;
            }
        }
        QueryField field = field();
        if (word("in")) {
            return in(field);
        }
        Filter.Operator operator = operator();
        if (word("null")) {
            return switch (operator) {
                case EQ -> new Filter.Presence(field, false);
                case NE -> new Filter.Presence(field, true);
                case GT, GE, LT, LE -> throw wrong("eq or ne before null");
            };
        }
        return new Filter.Comparison(field, operator, value(field));
    }

    private Filter text(Filter.TextFunction function) {
        QueryField field = field();
        if (field.type() != QueryField.Type.STRING) {
            throw wrong("a text field; '" + field.name() + "' is none");
        }
        expect(',');
        String part = (String) value(field);
        expect(')');
        return new Filter.Text(field, function, part);
    }

    private Filter in(QueryField field) {
        expect('(');
        List<Object> values = new ArrayList<>();
        do {
            values.add(value(field));
        } while (symbol(','));
        expect(')');
        return new Filter.In(field, values);
    }

    private Filter.Operator operator() {
        for (Filter.Operator operator : Filter.Operator.values()) {
            if (word(operator.name().toLowerCase(Locale.ROOT))) {
                return operator;
            }
        }
        throw wrong("one of eq, ne, gt, ge, lt, le, in");
    }

    private QueryField field() {
        skipSpace();
        int start = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        QueryField field = fields.get(text.substring(start, at));
        if (field == null) {
            at = start;
            throw wrong("a field; those that can be filtered are " + String.join(", ", fields.keySet()));
        }
        return field;
    }

    private Object value(QueryField field) {
        skipSpace();
        int start = at;
        String literal = literal();
        boolean quoted = text.charAt(start) == '\'';
        try {
            return switch (field.type()) {
                case STRING -> {
                    if (!quoted) {
                        throw new IllegalArgumentException("quote");
                    }
                    yield literal;
                }
                case NUMBER -> new BigDecimal(literal);
                case INSTANT -> Instant.parse(literal);
                case BOOLEAN -> switch (literal) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw new IllegalArgumentException("boolean");
                };
            };
        } catch (IllegalArgumentException | DateTimeParseException e) {
            at = start;
            throw wrong(switch (field.type()) {
                case STRING -> "a text in single quotes";
                case NUMBER -> "a number";
                case BOOLEAN -> "true or false";
                case INSTANT -> "an instant such as 2026-11-01T12:00:00Z";
            });
        }
    }

    private String literal() {
        if (at >= text.length()) {
            throw wrong("a value");
        }
        StringBuilder literal = new StringBuilder();
        if (text.charAt(at) != '\'') {
            while (at < text.length() && !Character.isWhitespace(text.charAt(at)) && PUNCTUATION.indexOf(text.charAt(at)) < 0) {
                literal.append(text.charAt(at++));
            }
            return literal.toString();
        }
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '\'') {
                literal.append(c);
            } else if (at < text.length() && text.charAt(at) == '\'') {
                // a doubled quote stands for one
                literal.append('\'');
                at++;
            } else {
                return literal.toString();
            }
        }
        throw wrong("a closing quote");
    }

    private boolean word(String expected) {
        skipSpace();
        int end = at + expected.length();
        boolean found = text.startsWith(expected, at)
                && (end == text.length() || (!Character.isLetterOrDigit(text.charAt(end)) && text.charAt(end) != '_'));
        if (found) {
            at = end;
        }
        return found;
    }

    private boolean symbol(char expected) {
        skipSpace();
        boolean found = at < text.length() && text.charAt(at) == expected;
        if (found) {
            at++;
        }
        return found;
    }

    private void expect(char expected) {
        if (!symbol(expected)) {
            throw wrong("'" + expected + "'");
        }
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private ProblemException wrong(String expected) {
        String found = at >= text.length() ? "the end" : "'" + text.substring(at, Math.min(at + 20, text.length())) + "'";
        return new ProblemException(
                ErrorCategory.INVALID_ARGUMENT,
                "INVALID_FILTER",
                "$filter is wrong at character " + (at + 1) + ": expected " + expected + ", found " + found);
    }
}

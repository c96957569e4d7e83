// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.query;

import io.hyperspot.web.Page;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers a query over a collection that is in memory.
 *
 * @param <R> the items
 */
public final class ListEvaluator<R> {
    /**
     * Reads an item's field: a {@link String}, {@link BigDecimal}, {@link Boolean} or {@link Instant} as
     * the field's type says, or null.
     */
    @FunctionalInterface
    public interface Reader<R> {
        @Nullable Object read(R item, QueryField field);
    }

    private final Reader<R> reader;

    public ListEvaluator(Reader<R> reader) {
        this.reader = reader;
    }

    /** The page that the query asks for. */
    public <T> Page<T> page(List<R> items, ListQuery query, Function<R, T> convert, Cursors cursors) {
        Comparator<List<String>> order = order(query.orderBy());
        List<String> after = query.after();
        List<R> found = new ArrayList<>();
        for (R item : items) {
            if ((query.filter() == null || matches(query.filter(), item))
                    && (after == null || order.compare(values(item, query), after) > 0)) {
                found.add(item);
            }
        }
        found.sort(Comparator.comparing(item -> values(item, query), order));
        List<R> shown = found.subList(0, Math.min(found.size(), query.top() + 1));
        return query.page(shown, item -> values(item, query), convert, cursors);
    }

    private List<String> values(R item, ListQuery query) {
        List<String> values = new ArrayList<>();
        for (ListQuery.Order order : query.orderBy()) {
            Object value = reader.read(item, order.field());
            values.add(value == null ? "" : value.toString());
        }
        return values;
    }

    private static Comparator<List<String>> order(List<ListQuery.Order> orders) {
        return (left, right) -> {
            for (int i = 0; i < orders.size(); i++) {
                ListQuery.Order order = orders.get(i);
                int compared = compare(order.field(), left.get(i), right.get(i));
                if (compared != 0) {
                    return order.descending() ? -compared : compared;
                }
            }
            return 0;
        };
    }

    /** An absent value comes first. */
    private static int compare(QueryField field, String left, String right) {
        if (left.isEmpty() || right.isEmpty()) {
            return Boolean.compare(right.isEmpty(), left.isEmpty());
        }
        return switch (field.type()) {
            case STRING, BOOLEAN -> left.compareTo(right);
            case NUMBER -> new BigDecimal(left).compareTo(new BigDecimal(right));
            case INSTANT -> Instant.parse(left).compareTo(Instant.parse(right));
        };
    }

    private boolean matches(Filter filter, R item) {
        return switch (filter) {
            case Filter.And(Filter left, Filter right) -> matches(left, item) && matches(right, item);
            case Filter.Or(Filter left, Filter right) -> matches(left, item) || matches(right, item);
            case Filter.Not(Filter inner) -> !matches(inner, item);
            case Filter.Presence(QueryField field, boolean present) -> (reader.read(item, field) != null) == present;
            case Filter.In(QueryField field, List<Object> values) ->
                values.stream().anyMatch(value -> compares(field, item, value, Filter.Operator.EQ));
            case Filter.Comparison(QueryField field, Filter.Operator operator, Object value) ->
                compares(field, item, value, operator);
            case Filter.Text(QueryField field, Filter.TextFunction function, String part) -> {
                Object value = reader.read(item, field);
                yield value instanceof String text
                        && switch (function) {
                            case CONTAINS -> text.contains(part);
                            case STARTSWITH -> text.startsWith(part);
                            case ENDSWITH -> text.endsWith(part);
                        };
            }
        };
    }

    private boolean compares(QueryField field, R item, Object wanted, Filter.Operator operator) {
        Object value = reader.read(item, field);
        if (value == null) {
            return operator == Filter.Operator.NE;
        }
        int compared = compare(field, value.toString(), wanted.toString());
        return switch (operator) {
            case EQ -> compared == 0;
            case NE -> compared != 0;
            case GT -> compared > 0;
            case GE -> compared >= 0;
            case LT -> compared < 0;
            case LE -> compared <= 0;
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.query;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.web.Page;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks of a collection. Immutable.
 *
 * @param orderBy in which the items are to be read: the reverse of what was asked for when {@code
 *     backward}. Never empty: the last field is unique, so that pages neither repeat nor lose an item
 * @param after the values of {@code orderBy} of the item behind which the page begins; null on the first
 * @param backward whether it is the page before that item, read towards the first
 */
public record ListQuery(
        @Nullable Filter filter,
        List<Order> orderBy,
        int top,
        @Nullable List<String> after,
        boolean backward,
        String fingerprint) {
    private static final int DEFAULT_TOP = 50;
    private static final int MOST = 1000;
    private static final Set<String> OPTIONS = Set.of("$filter", "$orderby", "$select", "$top", "$skiptoken");

    /** A field and its direction. */
    public record Order(QueryField field, boolean descending) {
        Order reversed() {
            return new Order(field, !descending);
        }
    }

    public ListQuery {
        orderBy = List.copyOf(orderBy);
        after = after == null ? null : List.copyOf(after);
    }

    /**
     * Reads the query options of a request.
     *
     * @param fields those that may be filtered and ordered by
     * @param defaultOrder the order when the request asks for none; its last field must be unique
     * @throws ProblemException INVALID_ARGUMENT that names the option and what it takes
     */
    public static ListQuery of(UriInfo uri, List<QueryField> fields, List<Order> defaultOrder, Cursors cursors) {
        MultivaluedMap<String, String> options = uri.getQueryParameters();
        for (String name : options.keySet()) {
            if (name.startsWith("$") && !OPTIONS.contains(name)) {
                throw invalid("there is no query option " + name + "; there are $filter, $orderby, $select, $top and $skiptoken");
            }
        }
        Map<String, QueryField> allowed = new LinkedHashMap<>();
        fields.forEach(field -> allowed.put(field.name(), field));
        String filter = options.getFirst("$filter");
        String order = options.getFirst("$orderby");
        List<Order> orderBy = order == null ? defaultOrder : order(order, allowed, defaultOrder.getLast());
        String fingerprint = uri.getPath() + "?" + Objects.requireNonNullElse(filter, "") + "&" + orderBy;
        String cursor = options.getFirst("$skiptoken");
        Cursors.Position from =
                cursor == null ? null : cursors.read(fingerprint, cursor).orElseThrow(ListQuery::foreignCursor);
        boolean backward = from != null && from.backward();
        return new ListQuery(
                filter == null ? null : FilterParser.parse(filter, allowed),
                backward ? orderBy.stream().map(Order::reversed).toList() : orderBy,
                top(options.getFirst("$top")),
                from == null ? null : from.values(),
                backward,
                fingerprint);
    }

    private static ProblemException foreignCursor() {
        return invalid("$skiptoken is no cursor of this query; take it from page_info and keep $filter and $orderby");
    }

    private static int top(@Nullable String text) {
        if (text == null) {
            return DEFAULT_TOP;
        }
        try {
            int top = Integer.parseInt(text);
            if (top >= 1 && top <= MOST) {
                return top;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw invalid("$top must be a whole number between 1 and " + MOST);
    }

    private static List<Order> order(String text, Map<String, QueryField> allowed, Order unique) {
        List<Order> orders = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String[] words = part.strip().split("\\s+");
            QueryField field = allowed.get(words[0]);
            boolean descending = words.length > 1 && words[1].equals("desc");
            if (field == null || words.length > 2 || (words.length == 2 && !descending && !words[1].equals("asc"))) {
                throw invalid("$orderby takes fields with asc or desc, separated by commas; fields are "
                        + String.join(", ", allowed.keySet()));
            }
            orders.add(new Order(field, descending));
        }
        if (orders.stream().noneMatch(order -> order.field().equals(unique.field()))) {
            orders.add(unique);
        }
        return orders;
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, "INVALID_QUERY", detail);
    }

    /**
     * A page of items that a query of {@link #top} plus one item gave.
     *
     * @param rows in the order of {@link #orderBy}, at most one more than {@link #top}
     * @param values an item's values of {@link #orderBy}, in its order
     * @param convert to the representation
     */
    public <R, T> Page<T> page(List<R> rows, Function<R, List<String>> values, Function<R, T> convert, Cursors cursors) {
        boolean more = rows.size() > top;
        List<R> shown = more ? rows.subList(0, top) : rows;
        if (backward) {
            shown = shown.reversed();
        }
        // a cursor that led here came from the other side
        boolean before = backward ? more : after != null;
        boolean behind = backward || more;
        String next = behind && !shown.isEmpty()
                ? cursors.sign(fingerprint, new Cursors.Position(false, values.apply(shown.getLast())))
                : null;
        String prev = before && !shown.isEmpty()
                ? cursors.sign(fingerprint, new Cursors.Position(true, values.apply(shown.getFirst())))
                : null;
        return new Page<>(shown.stream().map(convert).toList(), new Page.PageInfo(next, prev, top));
    }
}

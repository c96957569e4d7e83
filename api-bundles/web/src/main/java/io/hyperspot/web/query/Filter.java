// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.query;

import java.util.List;

/**
 * A condition on the fields of an item, a subset of OData 4.01 (part 2, section 5.1.1). Values are
 * {@link String}, {@link java.math.BigDecimal}, {@link Boolean} or {@link java.time.Instant}, as the
 * field's type says.
 */
public sealed interface Filter {
    /** How two values compare. */
    enum Operator {
        EQ,
        NE,
        GT,
        GE,
        LT,
        LE
    }

    /** How a text is looked at. */
    enum TextFunction {
        CONTAINS,
        STARTSWITH,
        ENDSWITH
    }

    /** A field compared with a value. */
    record Comparison(QueryField field, Operator operator, Object value) implements Filter {}

    /** A field that has a value, or not. */
    record Presence(QueryField field, boolean present) implements Filter {}

    /** A field that is one of some values. */
    record In(QueryField field, List<Object> values) implements Filter {
        public In {
            values = List.copyOf(values);
        }
    }

    /** A text field that has a part; letters of either case are different. */
    record Text(QueryField field, TextFunction function, String part) implements Filter {}

    /** Both. */
    record And(Filter left, Filter right) implements Filter {}

    /** One or the other. */
    record Or(Filter left, Filter right) implements Filter {}

    /** The opposite. */
    record Not(Filter inner) implements Filter {}
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence;

import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.OrderField;
import org.jooq.Record;
import org.jooq.Table;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A query over rows of a scope. The tenant condition is added to every table of it and cannot be
 * widened: conditions given here are combined with it by AND, and may hold neither sub-queries nor
 * plain SQL (refused with IllegalArgumentException when the query runs).
 *
 * @param <R> the table's record
 */
@ProviderType
public interface Rows<R extends Record> {
    /** Adds a condition to those given before. */
    Rows<R> where(Condition condition);

    /** Adds a table whose rows must be there; its rows are scoped too. */
    Rows<R> join(Table<?> table, Condition on);

    /** Adds a table whose rows may be missing; its rows are scoped too. */
    Rows<R> leftJoin(Table<?> table, Condition on);

    Rows<R> orderBy(OrderField<?>... order);

    /** At most this many rows; every list that a caller can make grow needs one. */
    Rows<R> limit(int rows);

    List<R> fetch();

    Optional<R> fetchFirst();

    /** Other fields than the table's own, for example of joined tables. */
    List<Record> fetch(List<? extends Field<?>> fields);

    long count();
}

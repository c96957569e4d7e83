// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import io.hyperspot.persistence.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.OrderField;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.SelectField;
import org.jooq.SelectJoinStep;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** A query in the making. */
final class ScopedRows<R extends Record> implements Rows<R> {
    private record Join(Table<?> table, Condition on, boolean mayMiss) {}

    private final ScopedTables tables;
    private final Table<R> table;
    private final List<Join> joins = new ArrayList<>();
    private final List<OrderField<?>> order = new ArrayList<>();
    private Condition condition;
    private int limit = -1;

    ScopedRows(ScopedTables tables, Table<R> table) {
        this.tables = tables;
        this.table = table;
        this.condition = tables.tenants(table).condition();
    }

    @Override
    public Rows<R> where(Condition further) {
        condition = condition.and(further);
        return this;
    }

    @Override
    public Rows<R> join(Table<?> other, Condition on) {
        joins.add(new Join(other, tables.tenants(other).condition().and(on), false));
        return this;
    }

    @Override
    public Rows<R> leftJoin(Table<?> other, Condition on) {
        joins.add(new Join(other, tables.tenants(other).condition().and(on), true));
        return this;
    }

    @Override
    public Rows<R> orderBy(OrderField<?>... by) {
        order.addAll(List.of(by));
        return this;
    }

    @Override
    public Rows<R> limit(int rows) {
        if (rows < 0) {
            throw new IllegalArgumentException("a limit is not negative");
        }
        limit = rows;
        return this;
    }

    @Override
    public List<R> fetch() {
        return List.copyOf(query(List.of(table.fields())).fetchInto(table));
    }

    @Override
    public Optional<R> fetchFirst() {
        limit = 1;
        return fetch().stream().findFirst();
    }

    @Override
    public List<Record> fetch(List<? extends Field<?>> fields) {
        return List.copyOf(query(fields).fetch());
    }

    @Override
    public long count() {
        Record row = from(tables.sql().select(DSL.count(DSL.inline(1)))).where(condition).fetchSingle();
        return row.get(0, Long.class);
    }

    private Select<Record> query(List<? extends SelectField<?>> fields) {
        var ordered = from(tables.sql().select(fields)).where(condition).orderBy(order);
        return limit < 0 ? ordered : ordered.limit(limit);
    }

    private <Q extends Record> SelectJoinStep<Q> from(org.jooq.SelectFromStep<Q> select) {
        SelectJoinStep<Q> from = select.from(table);
        for (Join join : joins) {
            from = join.mayMiss() ? from.leftJoin(join.table()).on(join.on()) : from.join(join.table()).on(join.on());
        }
        return from;
    }
}

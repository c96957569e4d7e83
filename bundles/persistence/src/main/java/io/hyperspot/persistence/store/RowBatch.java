// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.BatchBindStep;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.InsertSetMoreStep;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableRecord;
import org.jooq.UniqueKey;
import org.jooq.VisitListenerProvider;
import org.jooq.impl.DSL;

/** Rows of one table that are written together: one statement, sent with the values of all of them. */
final class RowBatch {
    private final List<TableRecord<?>> rows;
    private final Table<?> table;
    private final List<Field<?>> fields = new ArrayList<>();

    /** @param rows at least one */
    RowBatch(Collection<? extends TableRecord<?>> rows) {
        this.rows = List.copyOf(rows);
        this.table = this.rows.getFirst().getTable();
        for (TableRecord<?> row : this.rows) {
            if (!row.getTable().equals(table)) {
                throw new IllegalArgumentException("the rows are of more than one table: " + table + " and " + row.getTable());
            }
        }
        for (Field<?> field : table.fields()) {
            if (this.rows.stream().anyMatch(row -> row.touched(field))) {
                fields.add(field);
            }
        }
    }

    Table<?> table() {
        return table;
    }

    void insert(DSLContext sql) {
        execute(sql, statement(sql, table));
    }

    /** Where the key is taken, by a row of the same tenant since the tenant is part of it, adds. */
    void add(DSLContext sql, Collection<? extends Field<? extends Number>> sums) {
        UniqueKey<?> key = table.getPrimaryKey();
        if (key == null || key.getFields().stream().noneMatch(field -> field.getName().equals("tenant_id"))) {
            throw new IllegalArgumentException("the key of " + table.getName() + " has no tenant_id");
        }
        Map<Field<?>, Field<?>> added = new LinkedHashMap<>();
        for (Field<? extends Number> sum : sums) {
            added.put(sum, plus(sum));
        }
        // jOOQ writes its own operators as plain SQL; nothing here is of the caller but values
        DSLContext unguarded = DSL.using(sql.configuration().derive(new VisitListenerProvider[0]));
        execute(unguarded, statement(unguarded, table).onConflict(key.getFields()).doUpdate().set(added));
    }

    private static <N extends Number> Field<N> plus(Field<N> field) {
        return field.plus(DSL.excluded(field));
    }

    private <R extends Record> InsertSetMoreStep<R> statement(DSLContext sql, Table<R> into) {
        Map<Field<?>, Object> values = new LinkedHashMap<>();
        fields.forEach(field -> values.put(field, DSL.val(null, field)));
        return sql.insertInto(into).set(values);
    }

    private void execute(DSLContext sql, Query statement) {
        BatchBindStep batch = sql.batch(statement);
        for (TableRecord<?> row : rows) {
            batch = batch.bind(fields.stream().map(row::get).toArray());
        }
        batch.execute();
    }
}

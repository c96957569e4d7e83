// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.persistence.Message;
import io.hyperspot.persistence.Rows;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.persistence.Writing;
import io.hyperspot.persistence.store.OutboxTables.MessageRow;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableRecord;
import org.jspecify.annotations.Nullable;

/** The rows of a scope's tenants, within one transaction. */
final class ScopedTables implements Writing {
    private final Connection connection;
    private final Store store;
    private final String module;
    private final TenantScope scope;
    private final Deadlines.Watch watch;
    private @Nullable DSLContext sql;
    private boolean published;
    private boolean over;

    ScopedTables(Connection connection, Store store, String module, TenantScope scope, Deadlines.Watch watch) {
        this.connection = connection;
        this.store = store;
        this.module = module;
        this.scope = scope;
        this.watch = watch;
    }

    void end() {
        over = true;
    }

    private void check() {
        if (over) {
            throw new IllegalStateException("the transaction is over; what it reads must be taken inside");
        }
        watch.check();
    }

    /** For one statement; given to nobody outside of this package. */
    DSLContext sql() {
        check();
        store.counted();
        DSLContext current = sql;
        if (current == null) {
            current = QueryBuilder.on(connection, store.engine().dialect(), store.slow(), scope);
            sql = current;
        }
        return current;
    }

    @Override
    public TenantScope scope() {
        return scope;
    }

    @Override
    public <R extends Record> Rows<R> from(Table<R> table) {
        return new ScopedRows<>(this, table);
    }

    @Override
    public <T> List<T> plain(String query, RowReader<T> reader) {
        if (!scope.isPlatform()) {
            throw new IllegalStateException("plain SQL is for the platform; use from(table)");
        }
        check();
        store.counted();
        List<T> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                rows.add(reader.read(result));
            }
        } catch (SQLException e) {
            throw Failures.of(store.engine(), e);
        }
        return rows;
    }

    @Override
    public void insert(TableRecord<?> row) {
        TenantCondition tenants = tenants(row.getTable());
        tenants.requireOwn(row, true);
        insertInto(row.getTable(), row);
    }

    @Override
    public void insertAll(Collection<? extends TableRecord<?>> rows) {
        if (!rows.isEmpty()) {
            own(rows).insert(sql());
        }
    }

    @Override
    public void addAll(Collection<? extends TableRecord<?>> rows, Collection<? extends Field<? extends Number>> sums) {
        if (!rows.isEmpty()) {
            own(rows).add(sql(), sums);
        }
    }

    private RowBatch own(Collection<? extends TableRecord<?>> rows) {
        RowBatch batch = new RowBatch(rows);
        TenantCondition tenants = tenants(batch.table());
        rows.forEach(row -> tenants.requireOwn(row, true));
        return batch;
    }

    @Override
    public void publish(Message message) {
        MessageRow row = store.outbox().row(message);
        new TenantCondition(Outbox.MODULE, scope, OutboxTables.MESSAGE).requireOwn(row, true);
        insertInto(OutboxTables.MESSAGE, row);
        published = true;
    }

    boolean hasPublished() {
        return published;
    }

    private <R extends Record> void insertInto(Table<R> table, Record row) {
        sql().insertInto(table).set(row).execute();
    }

    @Override
    public int update(TableRecord<?> changes, Condition where) {
        TenantCondition tenants = tenants(changes.getTable());
        tenants.requireOwn(changes, false);
        return sql().update(changes.getTable()).set(changes).where(tenants.condition().and(where)).execute();
    }

    @Override
    public int delete(Table<? extends Record> table, Condition where) {
        return sql().deleteFrom(table).where(tenants(table).condition().and(where)).execute();
    }

    TenantCondition tenants(Table<?> table) {
        return new TenantCondition(module, scope, table);
    }

    /** The rows of a table that are in a scope. */
    static final class TenantCondition {
        private final TenantScope scope;
        private final @Nullable Field<?> column;

        TenantCondition(String module, TenantScope scope, Table<?> table) {
            if (!table.getName().startsWith(module + "_")) {
                throw new IllegalArgumentException("the table " + table.getName() + " is not one of the module " + module);
            }
            this.scope = scope;
            this.column = table.field("tenant_id");
            if (column == null && !scope.isPlatform()) {
                throw new IllegalArgumentException(
                        "the table " + table.getName() + " has no tenant_id: only the platform may use it");
            }
        }

        Condition condition() {
            return QueryBuilder.within(scope, column);
        }

        void requireOwn(Record row, boolean needed) {
            Field<?> field = column;
            if (field == null || (!needed && !row.touched(field))) {
                return;
            }
            if (!QueryBuilder.contains(scope, row.get(field))) {
                throw new ProblemException(
                        ErrorCategory.PERMISSION_DENIED,
                        "FOREIGN_TENANT",
                        "a row may only belong to a tenant that the caller acts for");
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.database;

import org.jooq.Name;
import org.jooq.TableField;
import org.jooq.impl.CustomRecord;
import org.jooq.impl.CustomTable;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The table of the tenants. */
final class TenantTable extends CustomTable<TenantTable.Row> {
    private static final long serialVersionUID = 1L;
    private static final Name NAME = DSL.name("tenants_database_tenant");

    static final TenantTable TENANT = new TenantTable();

    final TableField<Row, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
    final TableField<Row, String> parentId = createField(DSL.name("parent_id"), SQLDataType.CLOB);
    final TableField<Row, String> name = createField(DSL.name("name"), SQLDataType.CLOB);
    final TableField<Row, String> type = createField(DSL.name("type"), SQLDataType.CLOB);
    final TableField<Row, String> status = createField(DSL.name("status"), SQLDataType.CLOB);
    final TableField<Row, Integer> selfManaged = createField(DSL.name("self_managed"), SQLDataType.INTEGER);
    final TableField<Row, Long> createdAt = createField(DSL.name("created_at"), SQLDataType.BIGINT);
    final TableField<Row, Long> changedAt = createField(DSL.name("changed_at"), SQLDataType.BIGINT);
    final TableField<Row, Long> version = createField(DSL.name("version"), SQLDataType.BIGINT);

    private TenantTable() {
        super(NAME);
    }

    @Override
    public Class<? extends Row> getRecordType() {
        return Row.class;
    }

    /** A row of it. Public, because jOOQ makes it by reflection. */
    public static final class Row extends CustomRecord<Row> {
        private static final long serialVersionUID = 1L;

        public Row() {
            super(TENANT);
        }
    }
}

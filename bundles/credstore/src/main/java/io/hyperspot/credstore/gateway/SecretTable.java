// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.gateway;

import org.jooq.TableField;
import org.jooq.impl.CustomRecord;
import org.jooq.impl.CustomTable;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The table of secrets, without their values. */
final class SecretTable extends CustomTable<SecretTable.Row> {
    private static final long serialVersionUID = 1L;

    static final SecretTable SECRET = new SecretTable();

    final TableField<Row, String> id = createField(DSL.name("id"), SQLDataType.CLOB);
    final TableField<Row, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
    final TableField<Row, String> reference = createField(DSL.name("reference"), SQLDataType.CLOB);
    final TableField<Row, String> owner = createField(DSL.name("owner"), SQLDataType.CLOB);
    final TableField<Row, String> sharing = createField(DSL.name("sharing"), SQLDataType.CLOB);
    final TableField<Row, String> type = createField(DSL.name("type"), SQLDataType.CLOB);
    final TableField<Row, String> store = createField(DSL.name("store"), SQLDataType.CLOB);
    final TableField<Row, Long> version = createField(DSL.name("version"), SQLDataType.BIGINT);
    final TableField<Row, Long> revision = createField(DSL.name("revision"), SQLDataType.BIGINT);
    final TableField<Row, String> createdBy = createField(DSL.name("created_by"), SQLDataType.CLOB);
    final TableField<Row, Long> createdAt = createField(DSL.name("created_at"), SQLDataType.BIGINT);
    final TableField<Row, Long> changedAt = createField(DSL.name("changed_at"), SQLDataType.BIGINT);
    final TableField<Row, Long> expiresAt = createField(DSL.name("expires_at"), SQLDataType.BIGINT);

    private SecretTable() {
        super(DSL.name("credstore_secret"));
    }

    @Override
    public Class<? extends Row> getRecordType() {
        return Row.class;
    }

    /** A row of it. Public, because jOOQ makes it by reflection. */
    public static final class Row extends CustomRecord<Row> {
        private static final long serialVersionUID = 1L;

        public Row() {
            super(SECRET);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.gateway;

import org.jooq.TableField;
import org.jooq.impl.CustomRecord;
import org.jooq.impl.CustomTable;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The table of values. */
final class VersionTable extends CustomTable<VersionTable.Row> {
    private static final long serialVersionUID = 1L;

    static final VersionTable VERSION = new VersionTable();

    final TableField<Row, String> secretId = createField(DSL.name("secret_id"), SQLDataType.CLOB);
    final TableField<Row, Long> version = createField(DSL.name("version"), SQLDataType.BIGINT);
    final TableField<Row, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
    final TableField<Row, Long> createdAt = createField(DSL.name("created_at"), SQLDataType.BIGINT);
    final TableField<Row, Long> validUntil = createField(DSL.name("valid_until"), SQLDataType.BIGINT);
    final TableField<Row, String> keyId = createField(DSL.name("key_id"), SQLDataType.CLOB);
    final TableField<Row, byte[]> wrappedKey = createField(DSL.name("wrapped_key"), SQLDataType.BLOB);
    final TableField<Row, byte[]> ciphertext = createField(DSL.name("ciphertext"), SQLDataType.BLOB);
    final TableField<Row, Long> sealedAt = createField(DSL.name("sealed_at"), SQLDataType.BIGINT);

    private VersionTable() {
        super(DSL.name("credstore_version"));
    }

    @Override
    public Class<? extends Row> getRecordType() {
        return Row.class;
    }

    /** A row of it. Public, because jOOQ makes it by reflection. */
    public static final class Row extends CustomRecord<Row> {
        private static final long serialVersionUID = 1L;

        public Row() {
            super(VERSION);
        }
    }
}

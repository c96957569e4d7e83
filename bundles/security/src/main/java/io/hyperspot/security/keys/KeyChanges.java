// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.keys;

import org.jooq.TableField;
import org.jooq.impl.CustomRecord;
import org.jooq.impl.CustomTable;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The table of what was done to keys lately. */
final class KeyChanges extends CustomTable<KeyChanges.Row> {
    private static final long serialVersionUID = 1L;

    static final KeyChanges KEY_CHANGE = new KeyChanges();

    final TableField<Row, String> id = createField(DSL.name("id"), SQLDataType.CLOB);
    final TableField<Row, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
    final TableField<Row, String> keyId = createField(DSL.name("key_id"), SQLDataType.CLOB);
    final TableField<Row, Long> changedAt = createField(DSL.name("changed_at"), SQLDataType.BIGINT);

    private KeyChanges() {
        super(DSL.name("security_key_change"));
    }

    @Override
    public Class<? extends Row> getRecordType() {
        return Row.class;
    }

    /** A row of it. Public, because jOOQ makes it by reflection. */
    public static final class Row extends CustomRecord<Row> {
        private static final long serialVersionUID = 1L;

        public Row() {
            super(KEY_CHANGE);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.rates;

import org.jooq.TableField;
import org.jooq.impl.CustomRecord;
import org.jooq.impl.CustomTable;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The table of what servers let through. */
final class UseTable extends CustomTable<UseTable.Row> {
    static final UseTable USE = new UseTable();
    private static final long serialVersionUID = 1L;

    final TableField<Row, String> node = createField(DSL.name("node"), SQLDataType.CLOB);
    final TableField<Row, Long> tick = createField(DSL.name("tick"), SQLDataType.BIGINT);
    final TableField<Row, byte[]> used = createField(DSL.name("used"), SQLDataType.BLOB);
    final TableField<Row, Long> toldAt = createField(DSL.name("told_at"), SQLDataType.BIGINT);

    private UseTable() {
        super(DSL.name("web_rate_use"));
    }

    @Override
    public Class<? extends Row> getRecordType() {
        return Row.class;
    }

    /** Public, because jOOQ makes it by reflection. */
    public static final class Row extends CustomRecord<Row> {
        private static final long serialVersionUID = 1L;

        public Row() {
            super(USE);
        }
    }
}

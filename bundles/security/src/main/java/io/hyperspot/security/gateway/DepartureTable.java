// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.gateway;

import org.jooq.TableField;
import org.jooq.impl.CustomRecord;
import org.jooq.impl.CustomTable;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The table of logins that have begun. */
final class DepartureTable extends CustomTable<DepartureTable.Row> {
    private static final long serialVersionUID = 1L;

    static final DepartureTable DEPARTURE = new DepartureTable();

    final TableField<Row, String> id = createField(DSL.name("id"), SQLDataType.CLOB);
    final TableField<Row, String> browser = createField(DSL.name("browser"), SQLDataType.CLOB);
    final TableField<Row, String> provider = createField(DSL.name("provider"), SQLDataType.CLOB);
    final TableField<Row, String> returnTo = createField(DSL.name("return_to"), SQLDataType.CLOB);
    final TableField<Row, String> memory = createField(DSL.name("memory"), SQLDataType.CLOB);
    final TableField<Row, Long> expiresAt = createField(DSL.name("expires_at"), SQLDataType.BIGINT);

    private DepartureTable() {
        super(DSL.name("security_departure"));
    }

    @Override
    public Class<? extends Row> getRecordType() {
        return Row.class;
    }

    /** A row of it. Public, because jOOQ makes it by reflection. */
    public static final class Row extends CustomRecord<Row> {
        private static final long serialVersionUID = 1L;

        public Row() {
            super(DEPARTURE);
        }
    }
}

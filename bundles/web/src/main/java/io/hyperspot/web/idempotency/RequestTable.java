// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.idempotency;

import org.jooq.TableField;
import org.jooq.impl.CustomRecord;
import org.jooq.impl.CustomTable;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The table of requests with a key. */
final class RequestTable extends CustomTable<RequestTable.Row> {
    static final RequestTable REQUEST = new RequestTable();
    private static final long serialVersionUID = 1L;

    final TableField<Row, String> id = createField(DSL.name("id"), SQLDataType.CLOB);
    final TableField<Row, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
    final TableField<Row, String> request = createField(DSL.name("request"), SQLDataType.CLOB);
    final TableField<Row, byte[]> answer = createField(DSL.name("answer"), SQLDataType.BLOB);
    final TableField<Row, Long> begunAt = createField(DSL.name("begun_at"), SQLDataType.BIGINT);

    private RequestTable() {
        super(DSL.name("web_idempotency"));
    }

    @Override
    public Class<? extends Row> getRecordType() {
        return Row.class;
    }

    /** Public, because jOOQ makes it by reflection. */
    public static final class Row extends CustomRecord<Row> {
        private static final long serialVersionUID = 1L;

        public Row() {
            super(REQUEST);
        }
    }
}

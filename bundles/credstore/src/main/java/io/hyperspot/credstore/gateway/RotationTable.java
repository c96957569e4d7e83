// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.gateway;

import org.jooq.TableField;
import org.jooq.impl.CustomRecord;
import org.jooq.impl.CustomTable;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The table of rotations: what is to be gone on with after a crash. */
final class RotationTable extends CustomTable<RotationTable.Row> {
    private static final long serialVersionUID = 1L;

    static final RotationTable ROTATION = new RotationTable();

    final TableField<Row, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
    final TableField<Row, String> kind = createField(DSL.name("kind"), SQLDataType.CLOB);
    final TableField<Row, Long> startedAt = createField(DSL.name("started_at"), SQLDataType.BIGINT);
    final TableField<Row, Long> total = createField(DSL.name("total"), SQLDataType.BIGINT);
    final TableField<Row, Long> finishedAt = createField(DSL.name("finished_at"), SQLDataType.BIGINT);
    final TableField<Row, Long> leftOver = createField(DSL.name("left_over"), SQLDataType.BIGINT);

    private RotationTable() {
        super(DSL.name("credstore_rotation"));
    }

    @Override
    public Class<? extends Row> getRecordType() {
        return Row.class;
    }

    /** A row of it. Public, because jOOQ makes it by reflection. */
    public static final class Row extends CustomRecord<Row> {
        private static final long serialVersionUID = 1L;

        public Row() {
            super(ROTATION);
        }
    }
}

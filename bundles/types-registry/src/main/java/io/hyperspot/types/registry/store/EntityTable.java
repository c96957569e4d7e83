// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import org.jooq.Name;
import org.jooq.TableField;
import org.jooq.impl.CustomRecord;
import org.jooq.impl.CustomTable;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The table of the tenants' documents. */
final class EntityTable extends CustomTable<EntityTable.Row> {
    private static final long serialVersionUID = 1L;
    private static final Name NAME = DSL.name("types_registry_entity");

    static final EntityTable ENTITY = new EntityTable();

    final TableField<Row, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
    final TableField<Row, String> entityKey = createField(DSL.name("entity_key"), SQLDataType.CLOB);
    final TableField<Row, String> content = createField(DSL.name("content"), SQLDataType.CLOB);
    final TableField<Row, String> status = createField(DSL.name("status"), SQLDataType.CLOB);
    final TableField<Row, String> createdBy = createField(DSL.name("created_by"), SQLDataType.CLOB);
    final TableField<Row, Long> createdAt = createField(DSL.name("created_at"), SQLDataType.BIGINT);
    final TableField<Row, String> changedBy = createField(DSL.name("changed_by"), SQLDataType.CLOB);
    final TableField<Row, Long> changedAt = createField(DSL.name("changed_at"), SQLDataType.BIGINT);

    private EntityTable() {
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
            super(ENTITY);
        }
    }
}

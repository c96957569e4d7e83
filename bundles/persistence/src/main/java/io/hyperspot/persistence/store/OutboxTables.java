// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import org.jooq.TableField;
import org.jooq.impl.CustomRecord;
import org.jooq.impl.CustomTable;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The tables of the outbox. */
final class OutboxTables {
    static final Messages MESSAGE = new Messages();
    static final Leases LEASE = new Leases();

    private OutboxTables() {}

    static final class Messages extends CustomTable<MessageRow> {
        private static final long serialVersionUID = 1L;

        final TableField<MessageRow, String> id = createField(DSL.name("id"), SQLDataType.CLOB);
        final TableField<MessageRow, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
        final TableField<MessageRow, String> topic = createField(DSL.name("topic"), SQLDataType.CLOB);
        final TableField<MessageRow, String> fields = createField(DSL.name("fields"), SQLDataType.CLOB);
        final TableField<MessageRow, Long> createdAt = createField(DSL.name("created_at"), SQLDataType.BIGINT);

        private Messages() {
            super(DSL.name("outbox_message"));
        }

        @Override
        public Class<? extends MessageRow> getRecordType() {
            return MessageRow.class;
        }
    }

    static final class Leases extends CustomTable<LeaseRow> {
        private static final long serialVersionUID = 1L;

        final TableField<LeaseRow, String> topic = createField(DSL.name("topic"), SQLDataType.CLOB);
        final TableField<LeaseRow, String> holder = createField(DSL.name("holder"), SQLDataType.CLOB);
        final TableField<LeaseRow, Long> expiresAt = createField(DSL.name("expires_at"), SQLDataType.BIGINT);

        private Leases() {
            super(DSL.name("outbox_lease"));
        }

        @Override
        public Class<? extends LeaseRow> getRecordType() {
            return LeaseRow.class;
        }
    }

    /** Public, because jOOQ makes it by reflection. */
    public static final class MessageRow extends CustomRecord<MessageRow> {
        private static final long serialVersionUID = 1L;

        public MessageRow() {
            super(MESSAGE);
        }
    }

    /** Public, because jOOQ makes it by reflection. */
    public static final class LeaseRow extends CustomRecord<LeaseRow> {
        private static final long serialVersionUID = 1L;

        public LeaseRow() {
            super(LEASE);
        }
    }
}

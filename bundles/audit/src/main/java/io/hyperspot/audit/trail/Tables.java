// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.trail;

import org.jooq.TableField;
import org.jooq.impl.CustomRecord;
import org.jooq.impl.CustomTable;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The tables of trails. */
final class Tables {
    static final Records RECORD = new Records();
    static final Ends END = new Ends();
    static final PersonKeys PERSON_KEY = new PersonKeys();
    static final Holds HOLD = new Holds();

    private Tables() {}

    static final class Records extends CustomTable<RecordRow> {
        private static final long serialVersionUID = 1L;

        final TableField<RecordRow, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
        final TableField<RecordRow, Long> seq = createField(DSL.name("seq"), SQLDataType.BIGINT);
        final TableField<RecordRow, String> id = createField(DSL.name("id"), SQLDataType.CLOB);
        final TableField<RecordRow, Long> recordedAt = createField(DSL.name("recorded_at"), SQLDataType.BIGINT);
        final TableField<RecordRow, String> action = createField(DSL.name("action"), SQLDataType.CLOB);
        final TableField<RecordRow, String> outcome = createField(DSL.name("outcome"), SQLDataType.CLOB);
        final TableField<RecordRow, String> target = createField(DSL.name("target"), SQLDataType.CLOB);
        final TableField<RecordRow, String> targetRef = createField(DSL.name("target_ref"), SQLDataType.CLOB);
        final TableField<RecordRow, String> actorRef = createField(DSL.name("actor_ref"), SQLDataType.CLOB);
        final TableField<RecordRow, String> actorKey = createField(DSL.name("actor_key"), SQLDataType.CLOB);
        final TableField<RecordRow, byte[]> actorSealed = createField(DSL.name("actor_sealed"), SQLDataType.BLOB);
        final TableField<RecordRow, String> detailsKey = createField(DSL.name("details_key"), SQLDataType.CLOB);
        final TableField<RecordRow, byte[]> detailsSealed = createField(DSL.name("details_sealed"), SQLDataType.BLOB);
        final TableField<RecordRow, String> previousHash = createField(DSL.name("previous_hash"), SQLDataType.CLOB);
        final TableField<RecordRow, String> hash = createField(DSL.name("hash"), SQLDataType.CLOB);
        final TableField<RecordRow, byte[]> signature = createField(DSL.name("signature"), SQLDataType.BLOB);

        private Records() {
            super(DSL.name("audit_record"));
        }

        @Override
        public Class<? extends RecordRow> getRecordType() {
            return RecordRow.class;
        }
    }

    static final class Ends extends CustomTable<EndRow> {
        private static final long serialVersionUID = 1L;

        final TableField<EndRow, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
        final TableField<EndRow, String> kind = createField(DSL.name("kind"), SQLDataType.CLOB);
        final TableField<EndRow, Long> seq = createField(DSL.name("seq"), SQLDataType.BIGINT);
        final TableField<EndRow, String> hash = createField(DSL.name("hash"), SQLDataType.CLOB);
        final TableField<EndRow, Long> signedAt = createField(DSL.name("signed_at"), SQLDataType.BIGINT);
        final TableField<EndRow, byte[]> signature = createField(DSL.name("signature"), SQLDataType.BLOB);

        private Ends() {
            super(DSL.name("audit_end"));
        }

        @Override
        public Class<? extends EndRow> getRecordType() {
            return EndRow.class;
        }
    }

    static final class PersonKeys extends CustomTable<PersonKeyRow> {
        private static final long serialVersionUID = 1L;

        final TableField<PersonKeyRow, String> id = createField(DSL.name("id"), SQLDataType.CLOB);
        final TableField<PersonKeyRow, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
        final TableField<PersonKeyRow, String> personRef = createField(DSL.name("person_ref"), SQLDataType.CLOB);
        final TableField<PersonKeyRow, byte[]> sealed = createField(DSL.name("sealed"), SQLDataType.BLOB);
        final TableField<PersonKeyRow, Long> createdAt = createField(DSL.name("created_at"), SQLDataType.BIGINT);
        final TableField<PersonKeyRow, Long> erasedAt = createField(DSL.name("erased_at"), SQLDataType.BIGINT);

        private PersonKeys() {
            super(DSL.name("audit_person_key"));
        }

        @Override
        public Class<? extends PersonKeyRow> getRecordType() {
            return PersonKeyRow.class;
        }
    }

    static final class Holds extends CustomTable<HoldRow> {
        private static final long serialVersionUID = 1L;

        final TableField<HoldRow, String> id = createField(DSL.name("id"), SQLDataType.CLOB);
        final TableField<HoldRow, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
        final TableField<HoldRow, String> reason = createField(DSL.name("reason"), SQLDataType.CLOB);
        final TableField<HoldRow, String> createdBy = createField(DSL.name("created_by"), SQLDataType.CLOB);
        final TableField<HoldRow, Long> createdAt = createField(DSL.name("created_at"), SQLDataType.BIGINT);

        private Holds() {
            super(DSL.name("audit_hold"));
        }

        @Override
        public Class<? extends HoldRow> getRecordType() {
            return HoldRow.class;
        }
    }

    /** Public, because jOOQ makes it by reflection. */
    public static final class RecordRow extends CustomRecord<RecordRow> {
        private static final long serialVersionUID = 1L;

        public RecordRow() {
            super(RECORD);
        }
    }

    /** Public, because jOOQ makes it by reflection. */
    public static final class EndRow extends CustomRecord<EndRow> {
        private static final long serialVersionUID = 1L;

        public EndRow() {
            super(END);
        }
    }

    /** Public, because jOOQ makes it by reflection. */
    public static final class PersonKeyRow extends CustomRecord<PersonKeyRow> {
        private static final long serialVersionUID = 1L;

        public PersonKeyRow() {
            super(PERSON_KEY);
        }
    }

    /** Public, because jOOQ makes it by reflection. */
    public static final class HoldRow extends CustomRecord<HoldRow> {
        private static final long serialVersionUID = 1L;

        public HoldRow() {
            super(HOLD);
        }
    }
}

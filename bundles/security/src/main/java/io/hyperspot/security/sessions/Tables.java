// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.sessions;

import org.jooq.TableField;
import org.jooq.impl.CustomRecord;
import org.jooq.impl.CustomTable;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The tables of sessions. */
final class Tables {
    static final SessionTable SESSION = new SessionTable();
    static final GenerationTable GENERATION = new GenerationTable();

    private Tables() {}

    static final class SessionTable extends CustomTable<SessionRow> {
        private static final long serialVersionUID = 1L;

        final TableField<SessionRow, String> id = createField(DSL.name("id"), SQLDataType.CLOB);
        final TableField<SessionRow, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
        final TableField<SessionRow, String> subject = createField(DSL.name("subject"), SQLDataType.CLOB);
        final TableField<SessionRow, String> person = createField(DSL.name("person"), SQLDataType.CLOB);
        final TableField<SessionRow, String> provider = createField(DSL.name("provider"), SQLDataType.CLOB);
        final TableField<SessionRow, String> hash = createField(DSL.name("hash"), SQLDataType.CLOB);
        final TableField<SessionRow, String> groups = createField(DSL.name("held_groups"), SQLDataType.CLOB);
        final TableField<SessionRow, String> scopes = createField(DSL.name("scopes"), SQLDataType.CLOB);
        final TableField<SessionRow, String> address = createField(DSL.name("address"), SQLDataType.CLOB);
        final TableField<SessionRow, String> agent = createField(DSL.name("agent"), SQLDataType.CLOB);
        final TableField<SessionRow, Long> createdAt = createField(DSL.name("created_at"), SQLDataType.BIGINT);
        final TableField<SessionRow, Long> usedAt = createField(DSL.name("used_at"), SQLDataType.BIGINT);
        final TableField<SessionRow, Long> expiresAt = createField(DSL.name("expires_at"), SQLDataType.BIGINT);
        final TableField<SessionRow, Long> endedAt = createField(DSL.name("ended_at"), SQLDataType.BIGINT);
        final TableField<SessionRow, Long> endedIn = createField(DSL.name("ended_in"), SQLDataType.BIGINT);

        private SessionTable() {
            super(DSL.name("security_session"));
        }

        @Override
        public Class<? extends SessionRow> getRecordType() {
            return SessionRow.class;
        }
    }

    static final class GenerationTable extends CustomTable<GenerationRow> {
        private static final long serialVersionUID = 1L;

        final TableField<GenerationRow, String> id = createField(DSL.name("id"), SQLDataType.CLOB);
        final TableField<GenerationRow, Long> generation = createField(DSL.name("generation"), SQLDataType.BIGINT);

        private GenerationTable() {
            super(DSL.name("security_generation"));
        }

        @Override
        public Class<? extends GenerationRow> getRecordType() {
            return GenerationRow.class;
        }
    }

    /** Public, because jOOQ makes it by reflection. */
    public static final class SessionRow extends CustomRecord<SessionRow> {
        private static final long serialVersionUID = 1L;

        public SessionRow() {
            super(SESSION);
        }
    }

    /** Public, because jOOQ makes it by reflection. */
    public static final class GenerationRow extends CustomRecord<GenerationRow> {
        private static final long serialVersionUID = 1L;

        public GenerationRow() {
            super(GENERATION);
        }
    }
}

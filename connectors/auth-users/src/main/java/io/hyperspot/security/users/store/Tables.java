// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.store;

import org.jooq.TableField;
import org.jooq.impl.CustomRecord;
import org.jooq.impl.CustomTable;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The tables of users. */
final class Tables {
    static final Users USER = new Users();
    static final Recoveries RECOVERY = new Recoveries();

    private Tables() {}

    static final class Users extends CustomTable<UserRow> {
        private static final long serialVersionUID = 1L;

        final TableField<UserRow, String> id = createField(DSL.name("id"), SQLDataType.CLOB);
        final TableField<UserRow, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
        final TableField<UserRow, String> name = createField(DSL.name("name"), SQLDataType.CLOB);
        final TableField<UserRow, String> nameKey = createField(DSL.name("name_key"), SQLDataType.CLOB);
        final TableField<UserRow, String> displayName = createField(DSL.name("display_name"), SQLDataType.CLOB);
        final TableField<UserRow, String> groups = createField(DSL.name("held_groups"), SQLDataType.CLOB);
        final TableField<UserRow, Integer> disabled = createField(DSL.name("disabled"), SQLDataType.INTEGER);
        final TableField<UserRow, String> password = createField(DSL.name("password"), SQLDataType.CLOB);
        final TableField<UserRow, Long> passwordAt = createField(DSL.name("password_at"), SQLDataType.BIGINT);
        final TableField<UserRow, String> setupHash = createField(DSL.name("setup_hash"), SQLDataType.CLOB);
        final TableField<UserRow, Long> setupUntil = createField(DSL.name("setup_until"), SQLDataType.BIGINT);
        final TableField<UserRow, String> totpSecret = createField(DSL.name("totp_secret"), SQLDataType.CLOB);
        final TableField<UserRow, Integer> totpConfirmed = createField(DSL.name("totp_confirmed"), SQLDataType.INTEGER);
        final TableField<UserRow, Long> totpStep = createField(DSL.name("totp_step"), SQLDataType.BIGINT);
        final TableField<UserRow, Long> createdAt = createField(DSL.name("created_at"), SQLDataType.BIGINT);
        final TableField<UserRow, Long> version = createField(DSL.name("version"), SQLDataType.BIGINT);

        private Users() {
            super(DSL.name("auth_users_user"));
        }

        @Override
        public Class<? extends UserRow> getRecordType() {
            return UserRow.class;
        }
    }

    static final class Recoveries extends CustomTable<RecoveryRow> {
        private static final long serialVersionUID = 1L;

        final TableField<RecoveryRow, String> id = createField(DSL.name("id"), SQLDataType.CLOB);
        final TableField<RecoveryRow, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
        final TableField<RecoveryRow, String> userId = createField(DSL.name("user_id"), SQLDataType.CLOB);
        final TableField<RecoveryRow, String> hash = createField(DSL.name("hash"), SQLDataType.CLOB);

        private Recoveries() {
            super(DSL.name("auth_users_recovery"));
        }

        @Override
        public Class<? extends RecoveryRow> getRecordType() {
            return RecoveryRow.class;
        }
    }

    /** Public, because jOOQ makes it by reflection. */
    public static final class UserRow extends CustomRecord<UserRow> {
        private static final long serialVersionUID = 1L;

        public UserRow() {
            super(USER);
        }
    }

    /** Public, because jOOQ makes it by reflection. */
    public static final class RecoveryRow extends CustomRecord<RecoveryRow> {
        private static final long serialVersionUID = 1L;

        public RecoveryRow() {
            super(RECOVERY);
        }
    }
}

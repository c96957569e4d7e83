// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.store;

import org.jooq.TableField;
import org.jooq.impl.CustomRecord;
import org.jooq.impl.CustomTable;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The tables of rules. */
final class Tables {
    static final Roles ROLE = new Roles();
    static final Bindings BINDING = new Bindings();
    static final Policies POLICY = new Policies();

    static final Generations GENERATION = new Generations();

    private Tables() {}

    static final class Generations extends CustomTable<GenerationRow> {
        private static final long serialVersionUID = 1L;

        final TableField<GenerationRow, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
        final TableField<GenerationRow, Long> generation = createField(DSL.name("generation"), SQLDataType.BIGINT);

        private Generations() {
            super(DSL.name("authz_generation"));
        }

        @Override
        public Class<? extends GenerationRow> getRecordType() {
            return GenerationRow.class;
        }
    }

    static final class Roles extends CustomTable<RoleRow> {
        private static final long serialVersionUID = 1L;

        final TableField<RoleRow, String> id = createField(DSL.name("id"), SQLDataType.CLOB);
        final TableField<RoleRow, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
        final TableField<RoleRow, String> name = createField(DSL.name("name"), SQLDataType.CLOB);
        final TableField<RoleRow, String> description = createField(DSL.name("description"), SQLDataType.CLOB);
        final TableField<RoleRow, String> permissions = createField(DSL.name("permissions"), SQLDataType.CLOB);
        final TableField<RoleRow, String> parents = createField(DSL.name("parents"), SQLDataType.CLOB);
        final TableField<RoleRow, Long> createdAt = createField(DSL.name("created_at"), SQLDataType.BIGINT);
        final TableField<RoleRow, Long> version = createField(DSL.name("version"), SQLDataType.BIGINT);

        private Roles() {
            super(DSL.name("authz_role"));
        }

        @Override
        public Class<? extends RoleRow> getRecordType() {
            return RoleRow.class;
        }
    }

    static final class Bindings extends CustomTable<BindingRow> {
        private static final long serialVersionUID = 1L;

        final TableField<BindingRow, String> id = createField(DSL.name("id"), SQLDataType.CLOB);
        final TableField<BindingRow, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
        final TableField<BindingRow, String> principal = createField(DSL.name("principal"), SQLDataType.CLOB);
        final TableField<BindingRow, String> roleId = createField(DSL.name("role_id"), SQLDataType.CLOB);
        final TableField<BindingRow, String> resourceType = createField(DSL.name("resource_type"), SQLDataType.CLOB);
        final TableField<BindingRow, String> resourceId = createField(DSL.name("resource_id"), SQLDataType.CLOB);
        final TableField<BindingRow, Long> createdAt = createField(DSL.name("created_at"), SQLDataType.BIGINT);
        final TableField<BindingRow, Long> expiresAt = createField(DSL.name("expires_at"), SQLDataType.BIGINT);
        final TableField<BindingRow, Long> version = createField(DSL.name("version"), SQLDataType.BIGINT);

        private Bindings() {
            super(DSL.name("authz_binding"));
        }

        @Override
        public Class<? extends BindingRow> getRecordType() {
            return BindingRow.class;
        }
    }

    static final class Policies extends CustomTable<PolicyRow> {
        private static final long serialVersionUID = 1L;

        final TableField<PolicyRow, String> id = createField(DSL.name("id"), SQLDataType.CLOB);
        final TableField<PolicyRow, String> tenantId = createField(DSL.name("tenant_id"), SQLDataType.CLOB);
        final TableField<PolicyRow, String> name = createField(DSL.name("name"), SQLDataType.CLOB);
        final TableField<PolicyRow, String> description = createField(DSL.name("description"), SQLDataType.CLOB);
        final TableField<PolicyRow, String> effect = createField(DSL.name("effect"), SQLDataType.CLOB);
        final TableField<PolicyRow, String> target = createField(DSL.name("target"), SQLDataType.CLOB);
        final TableField<PolicyRow, String> principal = createField(DSL.name("principal"), SQLDataType.CLOB);
        final TableField<PolicyRow, String> expression = createField(DSL.name("expression"), SQLDataType.CLOB);
        final TableField<PolicyRow, String> addresses = createField(DSL.name("addresses"), SQLDataType.CLOB);
        final TableField<PolicyRow, Long> createdAt = createField(DSL.name("created_at"), SQLDataType.BIGINT);
        final TableField<PolicyRow, Long> version = createField(DSL.name("version"), SQLDataType.BIGINT);

        private Policies() {
            super(DSL.name("authz_policy"));
        }

        @Override
        public Class<? extends PolicyRow> getRecordType() {
            return PolicyRow.class;
        }
    }

    /** Public, because jOOQ makes it by reflection. */
    public static final class GenerationRow extends CustomRecord<GenerationRow> {
        private static final long serialVersionUID = 1L;

        public GenerationRow() {
            super(GENERATION);
        }
    }

    /** Public, because jOOQ makes it by reflection. */
    public static final class RoleRow extends CustomRecord<RoleRow> {
        private static final long serialVersionUID = 1L;

        public RoleRow() {
            super(ROLE);
        }
    }

    /** Public, because jOOQ makes it by reflection. */
    public static final class BindingRow extends CustomRecord<BindingRow> {
        private static final long serialVersionUID = 1L;

        public BindingRow() {
            super(BINDING);
        }
    }

    /** Public, because jOOQ makes it by reflection. */
    public static final class PolicyRow extends CustomRecord<PolicyRow> {
        private static final long serialVersionUID = 1L;

        public PolicyRow() {
            super(POLICY);
        }
    }
}

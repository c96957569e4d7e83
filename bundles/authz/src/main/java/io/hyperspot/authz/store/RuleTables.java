// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.store;

import static io.hyperspot.authz.store.Tables.BINDING;
import static io.hyperspot.authz.store.Tables.GENERATION;
import static io.hyperspot.authz.store.Tables.POLICY;
import static io.hyperspot.authz.store.Tables.ROLE;

import io.hyperspot.authz.engine.Binding;
import io.hyperspot.authz.engine.Policy;
import io.hyperspot.authz.engine.Role;
import io.hyperspot.authz.engine.RuleSet;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.persistence.Reading;
import io.hyperspot.persistence.Writing;
import io.hyperspot.security.Permission;
import io.hyperspot.security.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableField;
import org.jspecify.annotations.Nullable;

/** Rules as rows and back. */
final class RuleTables {
    /** More than any limit on what a tenant may have. */
    private static final int ALL = 100_000;

    private RuleTables() {}

    /** The rules of the tenant whose scope it is. */
    static RuleSet read(Reading rows) {
        return new RuleSet(
                rows.from(ROLE).orderBy(ROLE.id.asc()).limit(ALL).fetch().stream().map(RuleTables::role).toList(),
                rows.from(BINDING).orderBy(BINDING.id.asc()).limit(ALL).fetch().stream().map(RuleTables::binding).toList(),
                rows.from(POLICY).orderBy(POLICY.id.asc()).limit(ALL).fetch().stream().map(RuleTables::policy).toList());
    }

    /** 0: they have not changed since this is counted. */
    static long generation(Reading rows) {
        return rows.from(GENERATION).fetchFirst().map(row -> row.get(GENERATION.generation)).orElse(0L);
    }

    static void grow(Writing rows, TenantId tenant) {
        long now = generation(rows);
        Tables.GenerationRow row = new Tables.GenerationRow();
        row.set(GENERATION.tenantId, tenant.toString());
        row.set(GENERATION.generation, now + 1);
        if (now == 0) {
            rows.insert(row);
        } else {
            rows.update(row, GENERATION.generation.eq(now));
        }
    }

    static void insert(Writing rows, TenantId tenant, Object rule) {
        switch (rule) {
            case Role role -> rows.insert(row(tenant, role));
            case Binding binding -> rows.insert(row(tenant, binding));
            case Policy policy -> rows.insert(row(tenant, policy));
            default -> throw new IllegalArgumentException(rule.getClass().getName());
        }
    }

    /** How many rows: 0 when it has another version by now. */
    static int update(Writing rows, TenantId tenant, Object rule) {
        return switch (rule) {
            case Role role -> rows.update(row(tenant, role), ROLE.id.eq(role.id()).and(ROLE.version.eq(role.version() - 1)));
            case Policy policy ->
                rows.update(row(tenant, policy), POLICY.id.eq(policy.id()).and(POLICY.version.eq(policy.version() - 1)));
            default -> throw new IllegalArgumentException(rule.getClass().getName());
        };
    }

    static int delete(Writing rows, Object rule) {
        return switch (rule) {
            case Role role -> delete(rows, ROLE, ROLE.id, role.id());
            case Binding binding -> delete(rows, BINDING, BINDING.id, binding.id());
            case Policy policy -> delete(rows, POLICY, POLICY.id, policy.id());
            default -> throw new IllegalArgumentException(rule.getClass().getName());
        };
    }

    private static <R extends Record> int delete(Writing rows, Table<R> table, TableField<R, String> key, String id) {
        return rows.delete(table, key.eq(id));
    }

    private static Tables.RoleRow row(TenantId tenant, Role role) {
        Tables.RoleRow row = new Tables.RoleRow();
        row.set(ROLE.id, role.id());
        row.set(ROLE.tenantId, tenant.toString());
        row.set(ROLE.name, role.name());
        row.set(ROLE.description, role.description());
        row.set(ROLE.permissions, String.join("\n", role.permissions().stream().map(Permission::toString).toList()));
        row.set(ROLE.parents, String.join("\n", role.parents()));
        row.set(ROLE.createdAt, role.createdAt().toEpochMilli());
        row.set(ROLE.version, role.version());
        return row;
    }

    private static Tables.BindingRow row(TenantId tenant, Binding binding) {
        Tables.BindingRow row = new Tables.BindingRow();
        row.set(BINDING.id, binding.id());
        row.set(BINDING.tenantId, tenant.toString());
        row.set(BINDING.principal, binding.principal());
        row.set(BINDING.roleId, binding.role());
        Binding.Target target = binding.resource();
        if (target != null) {
            row.set(BINDING.resourceType, target.type().toString());
            row.set(BINDING.resourceId, target.id());
        }
        row.set(BINDING.createdAt, binding.createdAt().toEpochMilli());
        if (binding.expiresAt() != null) {
            row.set(BINDING.expiresAt, binding.expiresAt().toEpochMilli());
        }
        row.set(BINDING.version, binding.version());
        return row;
    }

    private static Tables.PolicyRow row(TenantId tenant, Policy policy) {
        Tables.PolicyRow row = new Tables.PolicyRow();
        row.set(POLICY.id, policy.id());
        row.set(POLICY.tenantId, tenant.toString());
        row.set(POLICY.name, policy.name());
        row.set(POLICY.description, policy.description());
        row.set(POLICY.effect, policy.effect().text());
        row.set(POLICY.target, policy.target().toString());
        row.set(POLICY.principal, policy.principal());
        row.set(POLICY.expression, policy.condition());
        row.set(POLICY.addresses, String.join("\n", policy.addresses()));
        row.set(POLICY.createdAt, policy.createdAt().toEpochMilli());
        row.set(POLICY.version, policy.version());
        return row;
    }

    private static Role role(Tables.RoleRow row) {
        return new Role(
                row.get(ROLE.id),
                row.get(ROLE.name),
                row.get(ROLE.description),
                lines(row.get(ROLE.permissions)).stream().map(Permission::parse).toList(),
                lines(row.get(ROLE.parents)),
                Instant.ofEpochMilli(row.get(ROLE.createdAt)),
                row.get(ROLE.version));
    }

    private static Binding binding(Tables.BindingRow row) {
        String type = row.get(BINDING.resourceType);
        String id = row.get(BINDING.resourceId);
        return new Binding(
                row.get(BINDING.id),
                row.get(BINDING.principal),
                row.get(BINDING.roleId),
                type == null || id == null ? null : new Binding.Target(GtsPattern.parse(type), id),
                Instant.ofEpochMilli(row.get(BINDING.createdAt)),
                time(row.get(BINDING.expiresAt)),
                row.get(BINDING.version));
    }

    private static Policy policy(Tables.PolicyRow row) {
        return new Policy(
                row.get(POLICY.id),
                row.get(POLICY.name),
                row.get(POLICY.description),
                Policy.Effect.valueOf(row.get(POLICY.effect).toUpperCase(Locale.ROOT)),
                Permission.parse(row.get(POLICY.target)),
                row.get(POLICY.principal),
                row.get(POLICY.expression),
                lines(row.get(POLICY.addresses)),
                Instant.ofEpochMilli(row.get(POLICY.createdAt)),
                row.get(POLICY.version));
    }

    private static @Nullable Instant time(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }

    private static List<String> lines(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split("\n"));
    }
}

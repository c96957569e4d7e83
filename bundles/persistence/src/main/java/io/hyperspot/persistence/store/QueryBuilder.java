// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence.store;

import io.hyperspot.persistence.TenantScope;
import io.hyperspot.security.TenantId;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.QueryPart;
import org.jooq.SQL;
import org.jooq.SQLDialect;
import org.jooq.Select;
import org.jooq.VisitContext;
import org.jooq.VisitListener;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConfiguration;
import org.jspecify.annotations.Nullable;

/** jOOQ as we use it. A class of its own, so that nothing of jOOQ is loaded before the first query. */
final class QueryBuilder {
    static {
        System.setProperty("org.jooq.no-logo", "true");
        System.setProperty("org.jooq.no-tips", "true");
    }

    // records that are attached to a connection would be a way around the scope
    private static final Settings SETTINGS = new Settings()
            .withAttachRecords(false)
            .withExecuteLogging(false)
            .withRenderSchema(false)
            .withRenderCatalog(false);

    private QueryBuilder() {}

    static DSLContext on(Connection connection, SQLDialect dialect, Duration slow, TenantScope scope) {
        DefaultConfiguration configuration = new DefaultConfiguration();
        configuration.set(dialect).set(SETTINGS).set(connection);
        if (!slow.isZero()) {
            configuration.set(new SlowStatements(slow));
        }
        if (!scope.isPlatform()) {
            configuration.set(new ScopeGuard());
        }
        return DSL.using(configuration);
    }

    /** True for the rows of the scope's tenants. */
    static Condition within(TenantScope scope, @Nullable Field<?> column) {
        if (scope.isPlatform()) {
            return DSL.noCondition();
        }
        if (column == null || scope.tenants().isEmpty()) {
            return DSL.falseCondition();
        }
        @SuppressWarnings("unchecked") // values are made for the column's type just below
        Field<Object> typed = (Field<Object>) column;
        List<Object> values = scope.tenants().stream()
                .map(tenant -> column.getType() == UUID.class ? tenant.value() : (Object) tenant.toString())
                .toList();
        return values.size() == 1 ? typed.eq(values.getFirst()) : typed.in(values);
    }

    static boolean contains(TenantScope scope, @Nullable Object tenant) {
        return switch (tenant) {
            case UUID id -> scope.contains(new TenantId(id));
            case String text -> isTenant(scope, text);
            case null, default -> false;
        };
    }

    private static boolean isTenant(TenantScope scope, String text) {
        try {
            TenantId id = TenantId.of(text);
            // the same id in other letters would be a row that nobody finds
            return id.toString().equals(text) && scope.contains(id);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Refuses what could reach rows without passing the tenant condition. */
    private static final class ScopeGuard implements VisitListener {
        @Override
        public void visitStart(VisitContext context) {
            QueryPart part = context.queryPart();
            if (part instanceof SQL) {
                throw new IllegalArgumentException("plain SQL is not scoped to tenants: use the generated fields");
            }
            if (part instanceof Select<?> && context.queryPartsLength() > 1) {
                throw new IllegalArgumentException("a sub-query is not scoped to tenants: join the table instead");
            }
        }
    }
}

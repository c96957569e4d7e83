// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import static io.hyperspot.types.registry.store.EntityTable.ENTITY;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.security.TenantId;
import io.hyperspot.types.registry.engine.Document;
import io.hyperspot.types.registry.engine.GtsEngine;
import io.hyperspot.types.registry.engine.RefusedException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The documents of tenants in the database. */
final class StoredDocuments implements Storage {
    private final Database database;

    StoredDocuments(Database database) {
        this.database = database;
    }

    @Override
    public List<Row> load() {
        return database.read(
                TenantScope.platform("the registry holds the types of all tenants in memory"),
                rows -> rows.plain(
                        "select tenant_id, content, status, changed_at from types_registry_entity",
                        row -> new Row(
                                TenantId.of(row.getString("tenant_id")),
                                row.getString("content"),
                                Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                                row.getLong("changed_at"))));
    }

    @Override
    public void save(TenantId tenant, Map<String, Registered> entities, Collection<String> isNew, String actor) {
        database.<@Nullable Void>write(TenantScope.of(Set.of(tenant)), rows -> {
            entities.forEach((key, entity) -> {
                EntityTable.Row row = new EntityTable.Row();
                long at = entity.changedAt().toEpochMilli();
                row.set(ENTITY.status, entity.status().text());
                row.set(ENTITY.changedBy, actor);
                row.set(ENTITY.changedAt, at);
                if (isNew.contains(key)) {
                    row.set(ENTITY.tenantId, tenant.toString());
                    row.set(ENTITY.entityKey, key);
                    row.set(ENTITY.content, entity.document().content().toString());
                    row.set(ENTITY.createdBy, actor);
                    row.set(ENTITY.createdAt, at);
                    rows.insert(row);
                } else {
                    row.set(ENTITY.content, entity.document().content().toString());
                    rows.update(row, ENTITY.entityKey.eq(key));
                }
            });
            return null;
        });
    }

    /**
     * The entity in a row.
     *
     * @throws IllegalStateException when it is not what was stored
     */
    static Registered entity(Row row, GtsEngine engine) {
        try {
            JsonNode content = Json.read(row.content());
            Document document = engine.document(content);
            return new Registered(document, new Owner.OfTenant(row.tenant()), row.status(), Instant.ofEpochMilli(row.changedAt()));
        } catch (JacksonException | RefusedException e) {
            throw new IllegalStateException("a stored type of tenant " + row.tenant() + " is damaged: " + e.getMessage(), e);
        }
    }
}

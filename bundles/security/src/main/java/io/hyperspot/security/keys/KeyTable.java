// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.keys;

import static io.hyperspot.security.keys.KeyChanges.KEY_CHANGE;
import static io.hyperspot.security.keys.schema.tables.SecurityApiKey.SECURITY_API_KEY;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.persistence.Writing;
import io.hyperspot.security.ApiKeys.ApiKey;
import io.hyperspot.security.TenantId;
import io.hyperspot.security.keys.schema.tables.records.SecurityApiKeyRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys in the database. */
final class KeyTable {
    /**
     * All that the product needs to know of the keys to start.
     *
     * @param any whether there ever was a key
     * @param active the keys that are not revoked
     */
    record Contents(boolean any, List<StoredKey> active) {}

    private static final int MOST_CHANGES = 100_000;

    private final Database database;

    KeyTable(Database database) {
        this.database = database;
    }

    Contents load() {
        return database.read(TenantScope.platform("a credential is known before its tenant"), rows -> {
            List<StoredKey> active = rows.plain(
                    "select id, tenant_id, name, prefix, hash, scopes, created_at, expires_at"
                            + " from security_api_key where revoked_at is null",
                    KeyTable::stored);
            boolean any = !active.isEmpty()
                    || !rows.plain("select 1 from security_api_key limit 1", row -> row.getInt(1)).isEmpty();
            return new Contents(any, active);
        });
    }

    /** What was made and not revoked, and what was revoked, since a time. */
    record Changes(List<StoredKey> made, List<String> revoked) {}

    Changes since(Instant time) {
        List<SecurityApiKeyRecord> changed = database.read(
                TenantScope.platform("a credential is known before its tenant"),
                rows -> rows.from(SECURITY_API_KEY)
                        .join(KEY_CHANGE, KEY_CHANGE.keyId.eq(SECURITY_API_KEY.ID))
                        .where(KEY_CHANGE.changedAt.ge(time.toEpochMilli()))
                        .limit(MOST_CHANGES)
                        .fetch());
        return new Changes(
                changed.stream()
                        .filter(row -> row.getRevokedAt() == null)
                        .map(row -> new StoredKey(key(row), TenantId.of(row.getTenantId()), KeyHash.parse(row.getHash())))
                        .toList(),
                changed.stream().filter(row -> row.getRevokedAt() != null).map(SecurityApiKeyRecord::getId).toList());
    }

    private static void changed(Writing rows, String tenant, String key, String what, Instant at) {
        KeyChanges.Row row = new KeyChanges.Row();
        row.set(KEY_CHANGE.id, what + " " + key);
        row.set(KEY_CHANGE.tenantId, tenant);
        row.set(KEY_CHANGE.keyId, key);
        row.set(KEY_CHANGE.changedAt, at.toEpochMilli());
        rows.insert(row);
    }

    /** Every server has seen it. */
    void forgetChanges(Instant before) {
        database.<@Nullable Void>write(TenantScope.platform("changes are told to all servers"), rows -> {
            rows.delete(KEY_CHANGE, KEY_CHANGE.changedAt.lt(before.toEpochMilli()));
            return null;
        });
    }

    private static StoredKey stored(ResultSet row) throws SQLException {
        long expires = row.getLong("expires_at");
        Instant expiresAt = row.wasNull() ? null : Instant.ofEpochMilli(expires);
        ApiKey key = new ApiKey(
                row.getString("id"),
                row.getString("name"),
                row.getString("prefix"),
                scopes(row.getString("scopes")),
                Instant.ofEpochMilli(row.getLong("created_at")),
                expiresAt,
                null);
        return new StoredKey(key, TenantId.of(row.getString("tenant_id")), KeyHash.parse(row.getString("hash")));
    }

    void insert(TenantScope scope, StoredKey stored, String createdBy, AuditEvent event) {
        SecurityApiKeyRecord row = new SecurityApiKeyRecord();
        ApiKey key = stored.key();
        row.setId(key.id());
        row.setTenantId(stored.tenant().toString());
        row.setName(key.name());
        row.setPrefix(key.prefix());
        row.setHash(stored.hash().toString());
        row.setScopes(String.join("\n", key.scopes()));
        row.setCreatedBy(createdBy);
        row.setCreatedAt(key.createdAt().toEpochMilli());
        if (key.expiresAt() != null) {
            row.setExpiresAt(key.expiresAt().toEpochMilli());
        }
        database.<@Nullable Void>write(scope, rows -> {
            rows.insert(row);
            changed(rows, row.getTenantId(), key.id(), "made", key.createdAt());
            event.publish(rows);
            return null;
        });
    }

    List<ApiKey> list(TenantScope scope, @Nullable String after, int limit) {
        return database.read(scope, rows -> {
            var keys = rows.from(SECURITY_API_KEY);
            if (after != null) {
                keys.where(SECURITY_API_KEY.ID.lt(after));
            }
            return keys.orderBy(SECURITY_API_KEY.ID.desc()).limit(limit).fetch().stream()
                    .map(KeyTable::key)
                    .toList();
        });
    }

    List<ApiKey> listBefore(TenantScope scope, String before, int limit) {
        return database.read(scope, rows -> rows.from(SECURITY_API_KEY)
                .where(SECURITY_API_KEY.ID.gt(before))
                .orderBy(SECURITY_API_KEY.ID.asc())
                .limit(limit)
                .fetch()
                .stream()
                .map(KeyTable::key)
                .toList());
    }

    Optional<ApiKey> find(TenantScope scope, String id) {
        return database.read(scope, rows -> rows.from(SECURITY_API_KEY)
                .where(SECURITY_API_KEY.ID.eq(id))
                .fetchFirst()
                .map(KeyTable::key));
    }

    /** False when the scope has no such key. */
    boolean revoke(TenantScope scope, String id, Instant at, AuditEvent event) {
        SecurityApiKeyRecord changes = new SecurityApiKeyRecord();
        changes.setRevokedAt(at.toEpochMilli());
        return database.<Boolean>write(scope, rows -> {
            Optional<SecurityApiKeyRecord> key =
                    rows.from(SECURITY_API_KEY).where(SECURITY_API_KEY.ID.eq(id)).fetchFirst();
            if (rows.update(changes, SECURITY_API_KEY.ID.eq(id).and(SECURITY_API_KEY.REVOKED_AT.isNull())) > 0) {
                changed(rows, key.orElseThrow().getTenantId(), id, "revoked", at);
                event.publish(rows);
            }
            return key.isPresent();
        });
    }

    private static ApiKey key(SecurityApiKeyRecord row) {
        return new ApiKey(
                row.getId(),
                row.getName(),
                row.getPrefix(),
                scopes(row.getScopes()),
                Instant.ofEpochMilli(row.getCreatedAt()),
                time(row.getExpiresAt()),
                time(row.getRevokedAt()));
    }

    private static @Nullable Instant time(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }

    private static List<String> scopes(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split("\n"));
    }
}

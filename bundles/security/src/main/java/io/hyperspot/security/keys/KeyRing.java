// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.keys;

import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Every key that is not revoked, in memory: recognising one asks nobody, so that an outage of the
 * database refuses nobody. Unknown keys leave no trace. Holds what was stored, nothing else: its size is
 * bounded by the number of keys that tenants may have.
 */
final class KeyRing {
    /**
     * What a key stands for.
     *
     * @param expiresAt null: never
     */
    record Entry(String id, SecurityContext context, @Nullable Instant expiresAt) {}

    private final ConcurrentMap<KeyHash, Entry> keys = new ConcurrentHashMap<>();
    private static final int MOST_REVOKED = 10_000;

    private final ConcurrentMap<String, KeyHash> hashes = new ConcurrentHashMap<>();
    private final Set<String> revoked = ConcurrentHashMap.newKeySet();

    void addAll(Collection<StoredKey> stored) {
        stored.forEach(this::add);
    }

    /** What was revoked meanwhile stays out: a read of the database may be older than that. */
    void add(StoredKey stored) {
        String id = stored.key().id();
        if (hashes.containsKey(id)) {
            return;
        }
        SecurityContext context = new SecurityContext(
                "key:" + stored.key().prefix(),
                stored.tenant(),
                stored.key().scopes().stream().map(Permission::parse).toList());
        hashes.put(id, stored.hash());
        keys.put(stored.hash(), new Entry(id, context, stored.key().expiresAt()));
        if (revoked.contains(id)) {
            forget(id);
        }
    }

    void remove(String id) {
        if (revoked.size() >= MOST_REVOKED) {
            revoked.clear();
        }
        revoked.add(id);
        forget(id);
    }

    private void forget(String id) {
        KeyHash hash = hashes.remove(id);
        if (hash != null) {
            keys.remove(hash);
        }
    }

    @Nullable Entry find(KeyHash hash) {
        return keys.get(hash);
    }

    /** How many keys of a tenant can be used. */
    long count(TenantId tenant) {
        return keys.values().stream()
                .filter(entry -> entry.context().tenant().equals(tenant))
                .count();
    }
}

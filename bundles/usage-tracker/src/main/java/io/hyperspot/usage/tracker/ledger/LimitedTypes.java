// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.ledger;

import static io.hyperspot.usage.tracker.ledger.Tables.QUOTA;

import io.hyperspot.persistence.Database;
import io.hyperspot.persistence.DatabaseException;
import io.hyperspot.persistence.TenantScope;
import io.hyperspot.security.TenantId;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which usage types are limited for a tenant, from memory. Thread-safe. */
final class LimitedTypes {
    /** How long a quota that another server has made may not be known. */
    private static final Duration FRESH = Duration.ofSeconds(2);

    private static final int MOST = 10_000;

    private record Known(Set<String> types, long at) {
        boolean isFresh() {
            return System.nanoTime() - at < FRESH.toNanos();
        }
    }

    private final Database database;
    private final Lineage lineage;
    private final Map<TenantId, Known> known = new ConcurrentHashMap<>();

    LimitedTypes(Database database, Lineage lineage) {
        this.database = database;
        this.lineage = lineage;
    }

    Set<String> of(TenantId tenant) {
        Known last = known.get(tenant);
        if (last != null && last.isFresh()) {
            return last.types();
        }
        try {
            Set<String> types = read(tenant);
            if (known.size() >= MOST) {
                known.clear();
            }
            known.put(tenant, new Known(types, System.nanoTime()));
            return types;
        } catch (DatabaseException e) {
            if (last == null) {
                throw e;
            }
            // not asked again at once by everyone, each of whom would wait for the database
            known.put(tenant, new Known(last.types(), System.nanoTime()));
            return last.types();
        }
    }

    private Set<String> read(TenantId tenant) {
        TenantScope scope = TenantScope.of(Set.copyOf(lineage.upwards(tenant)));
        Set<String> types = new HashSet<>();
        database.read(scope, rows -> rows.from(QUOTA).fetch()).forEach(row -> types.add(row.get(QUOTA.type)));
        return Set.copyOf(types);
    }

    /** A quota has changed here. */
    void forget() {
        known.clear();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.ledger;

import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.gts.registry.TypesRegistry;
import io.hyperspot.gts.registry.TypesRegistry.Entity;
import io.hyperspot.gts.registry.TypesRegistry.Snapshot;
import io.hyperspot.security.TenantId;
import io.hyperspot.usage.UsageType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The usage types that a tenant sees. */
final class TypeCatalogue {
    /** Where types come from. */
    @FunctionalInterface
    interface Source {
        Snapshot snapshot(TenantId tenant);
    }

    private record Cached(long generation, Map<String, Optional<UsageType>> types) {}

    private static final int MOST = 1000;
    private static final GtsPattern ALL = GtsPattern.parse(UsageType.BASE + "*");

    private final Source source;
    private final Map<TenantId, Cached> cache = new ConcurrentHashMap<>();

    TypeCatalogue(Source source) {
        this.source = source;
    }

    static TypeCatalogue of(TypesRegistry registry) {
        return new TypeCatalogue(registry::snapshot);
    }

    Optional<UsageType> find(TenantId tenant, String id) {
        Snapshot snapshot = source.snapshot(tenant);
        Cached cached = cache.get(tenant);
        if (cached == null || cached.generation() != snapshot.generation()) {
            if (cache.size() > MOST) {
                cache.clear();
            }
            cached = new Cached(snapshot.generation(), new ConcurrentHashMap<>());
            cache.put(tenant, cached);
        }
        Optional<UsageType> known = cached.types().get(id);
        if (known != null) {
            return known;
        }
        Optional<UsageType> read = read(snapshot, id);
        if (read.isPresent()) {
            cached.types().put(id, read);
        }
        return read;
    }

    List<UsageType> all(TenantId tenant) {
        Snapshot snapshot = source.snapshot(tenant);
        return snapshot.list(ALL).stream().flatMap(entity -> read(snapshot, entity).stream()).toList();
    }

    private static Optional<UsageType> read(Snapshot snapshot, String id) {
        if (!id.startsWith(UsageType.BASE) || id.length() > 1024) {
            return Optional.empty();
        }
        try {
            return snapshot.find(GtsId.parse(id)).flatMap(entity -> read(snapshot, entity));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<UsageType> read(Snapshot snapshot, Entity entity) {
        if (!entity.isType() || entity.isAbstract()) {
            return Optional.empty();
        }
        Optional<String> kind = snapshot.trait(entity.id(), "kind");
        Optional<String> unit = snapshot.trait(entity.id(), "unit");
        Optional<String> scale = snapshot.trait(entity.id(), "scale");
        if (kind.isEmpty() || unit.isEmpty() || scale.isEmpty()) {
            return Optional.empty();
        }
        try {
            int digits = Integer.parseInt(scale.get());
            return digits < 0 || digits > UsageType.MOST_SCALE
                    ? Optional.empty()
                    : Optional.of(new UsageType(
                            entity.id().toString(),
                            UsageType.Kind.valueOf(kind.get().toUpperCase(Locale.ROOT)),
                            unit.get(),
                            digits));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import io.hyperspot.gts.registry.TypesRegistry.Problem;
import io.hyperspot.security.TenantId;
import io.hyperspot.types.registry.engine.Document;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Everything registered at one moment. Immutable, but for views that it makes once for each tenant. */
public final class Generation {
    static final Generation FIRST = new Generation(0, Platform.EMPTY, Map.of());

    private final long number;
    private final Platform platform;
    private final Map<TenantId, Map<String, Registered>> tenants;
    private final ConcurrentHashMap<TenantId, TenantView> views = new ConcurrentHashMap<>();
    private final TenantView platformView;
    private volatile @Nullable Vendors vendors;

    private Generation(long number, Platform platform, Map<TenantId, Map<String, Registered>> tenants) {
        this.number = number;
        this.platform = platform;
        this.tenants = tenants;
        this.platformView = new TenantView(number, "platform", List.of(platform.byKey()));
    }

    Generation with(Platform next) {
        return new Generation(number + 1, next, tenants);
    }

    Generation with(TenantId tenant, Map<String, Registered> entities) {
        Map<TenantId, Map<String, Registered>> next = new HashMap<>(tenants);
        next.put(tenant, entities);
        return new Generation(number + 1, platform, Map.copyOf(next));
    }

    Generation with(Map<TenantId, Map<String, Registered>> all) {
        return new Generation(number + 1, platform, Map.copyOf(all));
    }

    public long number() {
        return number;
    }

    Platform platform() {
        return platform;
    }

    /** Why documents of bundles do not count. */
    public List<Problem> problems() {
        return platform.problems();
    }

    /** What bundles brought. */
    public TenantView platformView() {
        return platformView;
    }

    /** What a tenant sees: the platform's, the root tenant's, and its own; the first of a key counts. */
    public TenantView view(TenantId tenant) {
        return views.computeIfAbsent(tenant, id -> new TenantView(
                number,
                id,
                id.equals(TenantId.ROOT)
                        ? List.of(platform.byKey(), own(id))
                        : List.of(platform.byKey(), own(TenantId.ROOT), own(id))));
    }

    /** A tenant's own, those deleted included. */
    Map<String, Registered> own(TenantId tenant) {
        return tenants.getOrDefault(tenant, Map.of());
    }

    /** Whether the very document is registered. */
    boolean holds(Document document) {
        return holds(platform.byKey(), document) || tenants.values().stream().anyMatch(entities -> holds(entities, document));
    }

    private static boolean holds(Map<String, Registered> entities, Document document) {
        Registered entity = entities.get(document.key());
        return entity != null && entity.document().equals(document);
    }

    /** Whether any document builds on this one. */
    boolean isBuiltUpon(String key) {
        return usedByTenants().contains(key)
                || platform.byKey().values().stream()
                        .anyMatch(entity -> entity.document().bases().contains(key));
    }

    /** Keys of the types that documents of tenants build on, but for deleted ones. */
    Set<String> usedByTenants() {
        Set<String> used = new HashSet<>();
        tenants.values().stream()
                .flatMap(entities -> entities.values().stream())
                .filter(entity -> entity.status() != Status.DELETED)
                .forEach(entity -> used.addAll(entity.document().bases()));
        return used;
    }

    /** Whether a bundle brought ids of the vendor. */
    boolean isPlatforms(String vendor) {
        return vendors().platform().contains(vendor);
    }

    /** Whether another tenant, that is not above this one, has ids of the vendor. */
    boolean isOthers(String vendor, TenantId tenant) {
        return vendors().tenants().getOrDefault(vendor, Set.of()).stream()
                .anyMatch(owner -> !owner.equals(tenant) && !owner.equals(TenantId.ROOT));
    }

    private Vendors vendors() {
        Vendors known = vendors;
        if (known == null) {
            known = Vendors.of(platform, tenants);
            vendors = known;
        }
        return known;
    }

    /** Who has ids of which vendor. */
    private record Vendors(Set<String> platform, Map<String, Set<TenantId>> tenants) {
        static Vendors of(Platform platform, Map<TenantId, Map<String, Registered>> all) {
            Set<String> ofPlatform = new HashSet<>();
            platform.byKey().values().forEach(entity -> {
                String vendor = Namespaces.vendor(entity.document());
                if (vendor != null) {
                    ofPlatform.add(vendor);
                }
            });
            Map<String, Set<TenantId>> tenants = new HashMap<>();
            all.forEach((tenant, entities) -> entities.values().forEach(entity -> {
                String vendor = Namespaces.vendor(entity.document());
                if (vendor != null) {
                    tenants.computeIfAbsent(vendor, name -> new HashSet<>()).add(tenant);
                }
            }));
            return new Vendors(ofPlatform, tenants);
        }
    }
}

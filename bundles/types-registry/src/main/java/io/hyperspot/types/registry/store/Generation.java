// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import io.hyperspot.gts.registry.TypesRegistry.Problem;
import io.hyperspot.security.TenantId;
import io.hyperspot.types.registry.engine.Document;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Everything registered at one moment. Immutable, but for views that it makes once for each tenant. */
public final class Generation {
    private final long number;
    private final Platform platform;
    private final Map<TenantId, Map<String, Registered>> tenants;
    private final Lineage lineage;
    private final ConcurrentHashMap<TenantId, Seen> views = new ConcurrentHashMap<>();
    private final TenantView platformView;
    private volatile @Nullable Vendors vendors;

    /** A tenant's view and the tenants above it by which it was made. */
    private record Seen(List<TenantId> above, TenantView view) {}

    private Generation(
            long number, Platform platform, Map<TenantId, Map<String, Registered>> tenants, Lineage lineage) {
        this.number = number;
        this.lineage = lineage;
        this.platform = platform;
        this.tenants = tenants;
        this.platformView = new TenantView(number, "platform", List.of(platform.byKey()));
    }

    /** The empty one before all others. */
    static Generation first(Lineage lineage) {
        return new Generation(0, Platform.EMPTY, Map.of(), lineage);
    }

    Generation with(Platform next) {
        return new Generation(number + 1, next, tenants, lineage);
    }

    Generation with(TenantId tenant, Map<String, Registered> entities) {
        Map<TenantId, Map<String, Registered>> next = new HashMap<>(tenants);
        next.put(tenant, entities);
        return new Generation(number + 1, platform, Map.copyOf(next), lineage);
    }

    Generation with(Map<TenantId, Map<String, Registered>> all) {
        return new Generation(number + 1, platform, Map.copyOf(all), lineage);
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

    /**
     * What a tenant sees: the platform's, those of the tenants above it from the top, and its own; the first
     * of a key counts. Made anew when the tenants above it are others than before.
     */
    public TenantView view(TenantId tenant) {
        List<TenantId> above = lineage.above(tenant);
        Seen seen = views.get(tenant);
        if (seen == null || !seen.above().equals(above)) {
            seen = new Seen(above, seenFrom(tenant, above));
            views.put(tenant, seen);
        }
        return seen.view();
    }

    private TenantView seenFrom(TenantId tenant, List<TenantId> above) {
        List<Map<String, Registered>> layers = new ArrayList<>(above.size() + 2);
        layers.add(platform.byKey());
        above.reversed().forEach(ancestor -> layers.add(own(ancestor)));
        layers.add(own(tenant));
        // the tenants above are part of who looks: what was compiled for another view is not taken for this one
        return new TenantView(number, List.of(tenant, above), layers);
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

    /** Whether another tenant, whose types this one does not see, has ids of the vendor. */
    boolean isOthers(String vendor, TenantId tenant) {
        List<TenantId> above = lineage.above(tenant);
        return vendors().tenants().getOrDefault(vendor, Set.of()).stream()
                .anyMatch(owner -> !owner.equals(tenant) && !above.contains(owner));
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

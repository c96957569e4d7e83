// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import io.hyperspot.types.registry.engine.Document;
import io.hyperspot.types.registry.engine.View;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What somebody sees of a generation. Immutable, but for the sorted list that it makes when asked first. */
public final class TenantView implements View {
    private final Stamp stamp;
    private final List<Map<String, Registered>> layers;
    private volatile @Nullable List<Registered> sorted;

    TenantView(long generation, Object viewer, List<Map<String, Registered>> layers) {
        this.stamp = new Stamp(generation, viewer);
        this.layers = layers;
    }

    /** What is registered under a key and not deleted; null when nothing is. */
    public @Nullable Registered registered(String key) {
        Registered entity = any(key);
        return entity == null || entity.status() == Status.DELETED ? null : entity;
    }

    /** The same, deleted or not. */
    public @Nullable Registered any(String key) {
        for (Map<String, Registered> layer : layers) {
            Registered entity = layer.get(key);
            if (entity != null) {
                return entity;
            }
        }
        return null;
    }

    @Override
    public @Nullable Document find(String key) {
        Registered entity = registered(key);
        return entity == null ? null : entity.document();
    }

    /** Everything, ordered by key, deleted ones included. */
    public List<Registered> all() {
        List<Registered> known = sorted;
        if (known == null) {
            TreeMap<String, Registered> byKey = new TreeMap<>();
            layers.reversed().forEach(byKey::putAll);
            known = List.copyOf(byKey.values());
            sorted = known;
        }
        return known;
    }

    @Override
    public Collection<Document> documents() {
        return all().stream()
                .filter(entity -> entity.status() != Status.DELETED)
                .map(Registered::document)
                .toList();
    }

    @Override
    public Stamp stamp() {
        return stamp;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.gts.registry.TypesRegistry;
import io.hyperspot.gts.registry.TypesRegistryListener;
import io.hyperspot.security.TenantId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;

/** A registry whose types the test adds and removes. */
final class FakeTypes implements TypesRegistry {
    private record Fixed(long generation, Map<GtsId, Entity> entities, Map<String, Compatibility> compatibility)
            implements Snapshot {
        @Override
        public Optional<Entity> find(GtsId id) {
            return Optional.ofNullable(entities.get(id));
        }

        @Override
        public List<Entity> list(GtsPattern pattern) {
            return entities.values().stream()
                    .filter(entity -> pattern.matches(entity.id()))
                    .toList();
        }

        @Override
        public List<Problem> problems() {
            return List.of();
        }

        @Override
        public List<Violation> validate(GtsId type, String json) {
            return List.of();
        }

        @Override
        public Optional<String> trait(GtsId type, String name) {
            return Optional.empty();
        }

        @Override
        public Compatibility compatibility(GtsId older, GtsId newer) {
            return compatibility.getOrDefault(older + " " + newer, Compatibility.NONE);
        }
    }

    private final BundleContext context;
    private final Map<String, Compatibility> verdicts = new HashMap<>();
    private volatile Fixed current = new Fixed(0, Map.of(), Map.of());

    FakeTypes(BundleContext context) {
        this.context = context;
    }

    void add(String type, boolean isAbstract) throws InvalidSyntaxException {
        Map<GtsId, Entity> next = new HashMap<>(current.entities());
        GtsId id = GtsId.parse(type);
        next.put(id, new Entity(id, Kind.TYPE, "{}", "test 1.0.0", isAbstract, ""));
        swap(next);
    }

    void remove(String type) throws InvalidSyntaxException {
        Map<GtsId, Entity> next = new HashMap<>(current.entities());
        next.remove(GtsId.parse(type));
        swap(next);
    }

    /** What the registry finds when it compares two types. */
    void compare(String older, String newer, boolean backward, boolean forward) {
        verdicts.put(older + " " + newer, new Compatibility(backward, forward));
    }

    private void swap(Map<GtsId, Entity> next) throws InvalidSyntaxException {
        current = new Fixed(current.generation() + 1, Map.copyOf(next), Map.copyOf(verdicts));
        for (var reference : context.getServiceReferences(TypesRegistryListener.class, null)) {
            context.getService(reference).changed(current);
            context.ungetService(reference);
        }
    }

    @Override
    public Snapshot snapshot() {
        return current;
    }

    @Override
    public Snapshot snapshot(TenantId tenant) {
        return current;
    }

    @Override
    public Snapshot await(long generation, Duration timeout) {
        return current;
    }
}

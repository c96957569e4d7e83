// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.ledger;

import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.gts.registry.TypesRegistry;
import io.hyperspot.usage.UsageType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A registry that has three usage types. */
final class TestTypes implements TypesRegistry.Snapshot {
    static final String REQUESTS = UsageType.REQUESTS;
    static final String STORED = UsageType.STORED_BYTES;
    static final String COST = UsageType.BASE + "acme.shop.usage.cost.v1~";
    private static final Map<String, Map<String, String>> TRAITS = Map.of(
            REQUESTS, Map.of("kind", "counter", "unit", "request", "scale", "0"),
            STORED, Map.of("kind", "gauge", "unit", "byte", "scale", "0"),
            COST, Map.of("kind", "counter", "unit", "USD", "scale", "10"));

    static TypeCatalogue catalogue() {
        TestTypes types = new TestTypes();
        return new TypeCatalogue(tenant -> types);
    }

    @Override
    public long generation() {
        return 1;
    }

    @Override
    public Optional<TypesRegistry.Entity> find(GtsId id) {
        return TRAITS.containsKey(id.toString())
                ? Optional.of(new TypesRegistry.Entity(id, TypesRegistry.Kind.TYPE, "{}", "test", false, ""))
                : Optional.empty();
    }

    @Override
    public List<TypesRegistry.Entity> list(GtsPattern pattern) {
        return TRAITS.keySet().stream().sorted().flatMap(id -> find(GtsId.parse(id)).stream()).toList();
    }

    @Override
    public List<TypesRegistry.Problem> problems() {
        return List.of();
    }

    @Override
    public List<TypesRegistry.Violation> validate(GtsId type, String json) {
        return List.of();
    }

    @Override
    public Optional<String> trait(GtsId type, String name) {
        return Optional.ofNullable(TRAITS.getOrDefault(type.toString(), Map.of()).get(name));
    }

    @Override
    public TypesRegistry.Compatibility compatibility(GtsId older, GtsId newer) {
        return TypesRegistry.Compatibility.NONE;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry;

import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.gts.registry.TypesRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The documents of all bundles at one moment. */
final class Generation implements TypesRegistry.Snapshot {
    static final Generation NONE = new Generation(0, Map.of(), List.of());

    private final long number;
    private final Map<GtsId, TypesRegistry.Entity> byId;
    private final List<TypesRegistry.Entity> sorted;
    private final List<TypesRegistry.Problem> problems;

    private Generation(
            long number, Map<GtsId, TypesRegistry.Entity> byId, List<TypesRegistry.Problem> problems) {
        this.number = number;
        this.byId = byId;
        this.sorted = byId.values().stream()
                .sorted((a, b) -> a.id().compareTo(b.id()))
                .toList();
        this.problems = List.copyOf(problems);
    }

    /**
     * The generation after this one.
     *
     * @param contributions in the order in which they came: the first to bring an id keeps it, and a
     *     later bundle with another document of that id is refused as a whole
     */
    Generation next(Collection<Contribution> contributions) {
        Map<GtsId, Document> accepted = new HashMap<>();
        List<TypesRegistry.Problem> refused = new ArrayList<>();
        for (Contribution contribution : contributions) {
            List<TypesRegistry.Problem> conflicts = conflicts(contribution, accepted);
            refused.addAll(contribution.problems());
            refused.addAll(conflicts);
            if (conflicts.isEmpty()) {
                for (Document document : contribution.documents()) {
                    accepted.putIfAbsent(document.entity().id(), document);
                }
            }
        }
        Map<GtsId, TypesRegistry.Entity> entities = HashMap.newHashMap(accepted.size());
        accepted.forEach((id, document) -> entities.put(id, document.entity()));
        return new Generation(number + 1, entities, refused);
    }

    private static List<TypesRegistry.Problem> conflicts(
            Contribution contribution, Map<GtsId, Document> accepted) {
        Map<GtsId, Document> known = new HashMap<>();
        List<TypesRegistry.Problem> conflicts = new ArrayList<>();
        for (Document document : contribution.documents()) {
            GtsId id = document.entity().id();
            Document own = known.putIfAbsent(id, document);
            Document first = own != null ? own : accepted.get(id);
            if (first != null && !first.tree().equals(document.tree())) {
                conflicts.add(new TypesRegistry.Problem(
                        contribution.owner(),
                        document.file(),
                        document.entity().isType() ? "/$id" : "/id",
                        first.file() + " of " + first.entity().owner() + " is another document of the id " + id
                                + "; give one of them another id or version"));
            }
        }
        return conflicts;
    }

    @Override
    public long generation() {
        return number;
    }

    @Override
    public Optional<TypesRegistry.Entity> find(GtsId id) {
        return Optional.ofNullable(byId.get(id));
    }

    @Override
    public List<TypesRegistry.Entity> list(GtsPattern pattern) {
        return sorted.stream().filter(entity -> pattern.matches(entity.id())).toList();
    }

    @Override
    public List<TypesRegistry.Problem> problems() {
        return problems;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.registry.TypesRegistry.Problem;
import io.hyperspot.types.registry.engine.Document;
import io.hyperspot.types.registry.engine.GtsEngine;
import io.hyperspot.types.registry.engine.View;
import io.hyperspot.types.registry.engine.Violation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the bundles bring, judged together: the first to bring an id keeps it, a bundle with another document
 * of that id or with a document that does not fit is refused as a whole, and it is taken once what it waits
 * for is there. Immutable.
 *
 * @param byKey the documents that count
 * @param accepted ids of the bundles whose documents count
 * @param problems why those of the others do not
 */
record Platform(Map<String, Registered> byKey, Set<Long> accepted, List<Problem> problems) {
    static final Platform EMPTY = new Platform(Map.of(), Set.of(), List.of());

    /**
     * Judges anew after a change.
     *
     * @param contributions in the order in which they came
     * @param usedByTenants whether a document of a tenant builds on a key
     */
    Platform next(Collection<Contribution> contributions, GtsEngine engine, Predicate<String> usedByTenants, Instant now) {
        Judge judge = new Judge(this, engine, now);
        judge.judge(contributions);
        judge.keepOrphans(usedByTenants);
        return judge.result();
    }

    private static final class Judge {
        private final Platform before;
        private final GtsEngine engine;
        private final Instant now;
        private final Map<String, Registered> byKey = new HashMap<>();
        private final Map<String, Document> documents = new HashMap<>();
        private final Map<String, Document> gone = new HashMap<>();
        private final Set<Long> accepted = new HashSet<>();
        private final List<Problem> problems = new ArrayList<>();

        Judge(Platform before, GtsEngine engine, Instant now) {
            this.before = before;
            this.engine = engine;
            this.now = now;
        }

        void judge(Collection<Contribution> contributions) {
            before.byKey.forEach((key, registered) -> gone.put(key, registered.document()));
            contributions.forEach(contribution -> contribution.documents().values().forEach(document -> gone.remove(document.key())));
            List<Contribution> waiting = new ArrayList<>();
            for (Contribution contribution : contributions) {
                problems.addAll(contribution.problems());
                // Adding types never makes a valid one invalid, and what goes leaves orphans behind.
                if (before.accepted.contains(contribution.owner().id())) {
                    takeUnlessConflicting(contribution);
                } else if (contribution.problems().isEmpty() && !contribution.isEmpty()) {
                    waiting.add(contribution);
                }
            }
            boolean progress = true;
            while (progress) {
                progress = waiting.removeIf(contribution -> wrong(contribution).isEmpty() && takeUnlessConflicting(contribution));
            }
            waiting.forEach(contribution -> problems.addAll(reasons(contribution)));
        }

        private List<Problem> reasons(Contribution contribution) {
            List<Problem> conflicts = conflicts(contribution);
            return conflicts.isEmpty() ? wrong(contribution) : conflicts;
        }

        private boolean takeUnlessConflicting(Contribution contribution) {
            if (!conflicts(contribution).isEmpty()) {
                if (before.accepted.contains(contribution.owner().id())) {
                    problems.addAll(conflicts(contribution));
                }
                return false;
            }
            accepted.add(contribution.owner().id());
            contribution.documents().values().forEach(document -> {
                Registered old = before.byKey.get(document.key());
                Registered same = old != null && old.document() == document && old.status() == Status.ACTIVE ? old : null;
                if (byKey.putIfAbsent(document.key(), same != null ? same : new Registered(document, contribution.owner(), Status.ACTIVE, now)) == null) {
                    documents.put(document.key(), document);
                }
            });
            return true;
        }

        private List<Problem> conflicts(Contribution contribution) {
            List<Problem> conflicts = new ArrayList<>();
            contribution.documents().forEach((file, document) -> {
                Registered first = byKey.get(document.key());
                if (first != null && !first.document().sameContent(document)) {
                    conflicts.add(new Problem(
                            contribution.owner().name(),
                            file,
                            document.isType() ? "/$id" : "/id",
                            first.owner() + " has another document of the id " + document.key()
                                    + "; give one of them another id or version"));
                }
            });
            return conflicts;
        }

        private List<Problem> wrong(Contribution contribution) {
            Map<String, Document> own = new LinkedHashMap<>();
            contribution.documents().values().forEach(document -> own.put(document.key(), document));
            View view = new Overlay(new Accepted(documents), own);
            List<Problem> wrong = new ArrayList<>();
            contribution.documents().forEach((file, document) -> {
                for (Violation violation : engine.validate(document, view)) {
                    wrong.add(new Problem(contribution.owner().name(), file, violation.pointer(), violation.message()));
                }
            });
            return wrong;
        }

        /** What is gone and still built upon stays, for those who do. */
        void keepOrphans(Predicate<String> usedByTenants) {
            boolean progress = true;
            while (progress) {
                progress = gone.entrySet().removeIf(entry -> {
                    String key = entry.getKey();
                    boolean used = usedByTenants.test(key) || documents.values().stream().anyMatch(document -> buildsOn(document, key));
                    Registered old = before.byKey.get(key);
                    if (used && old != null) {
                        byKey.put(key, old.status() == Status.ORPHANED ? old : old.with(Status.ORPHANED, now));
                        documents.put(key, old.document());
                    }
                    return used;
                });
            }
        }

        Platform result() {
            return new Platform(Map.copyOf(byKey), Set.copyOf(accepted), List.copyOf(problems));
        }
    }

    /** Whether a document derives from a type or is an instance of it. */
    static boolean buildsOn(Document document, String key) {
        if (key.equals(document.typeId())) {
            return true;
        }
        GtsId id = document.id();
        return id != null && id.toString().length() > key.length() && key.endsWith("~") && id.toString().startsWith(key);
    }

    /** What is accepted so far. */
    private static final class Accepted implements View {
        private final Map<String, Document> documents;
        private final Stamp stamp = new Stamp(0, this);

        Accepted(Map<String, Document> documents) {
            this.documents = documents;
        }

        @Override
        public @Nullable Document find(String key) {
            return documents.get(key);
        }

        @Override
        public Collection<Document> documents() {
            return new TreeMap<>(documents).values();
        }

        @Override
        public Stamp stamp() {
            return stamp;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import io.hyperspot.gts.registry.TypesRegistry.Problem;
import io.hyperspot.types.registry.engine.Document;
import io.hyperspot.types.registry.engine.GtsEngine;
import io.hyperspot.types.registry.engine.View;
import io.hyperspot.types.registry.engine.Violation;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
     * @param usedByTenants keys of the types that documents of tenants build on
     */
    Platform next(Collection<Contribution> contributions, GtsEngine engine, Set<String> usedByTenants, Instant now) {
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
        private final Map<String, Registered> gone = new HashMap<>();
        private final Set<Long> accepted = new HashSet<>();
        private final List<Problem> problems = new ArrayList<>();

        Judge(Platform before, GtsEngine engine, Instant now) {
            this.before = before;
            this.engine = engine;
            this.now = now;
        }

        void judge(Collection<Contribution> contributions) {
            gone.putAll(before.byKey);
            contributions.forEach(contribution -> contribution.documents().values().forEach(document -> gone.remove(document.key())));
            List<Contribution> waiting = new ArrayList<>();
            for (Contribution contribution : contributions) {
                problems.addAll(contribution.problems());
                // Adding types never makes a valid one invalid, and what goes leaves orphans behind.
                if (before.accepted.contains(contribution.owner().id())) {
                    List<Problem> conflicts = conflicts(contribution);
                    problems.addAll(conflicts);
                    takeIf(conflicts.isEmpty(), contribution);
                } else if (contribution.problems().isEmpty() && !contribution.isEmpty()) {
                    waiting.add(contribution);
                }
            }
            boolean progress = true;
            while (progress) {
                progress = waiting.removeIf(contribution -> takeIf(reasons(contribution).isEmpty(), contribution));
            }
            waiting.forEach(contribution -> problems.addAll(reasons(contribution)));
        }

        private List<Problem> reasons(Contribution contribution) {
            List<Problem> conflicts = conflicts(contribution);
            return conflicts.isEmpty() ? wrong(contribution) : conflicts;
        }

        private boolean takeIf(boolean right, Contribution contribution) {
            if (right) {
                accepted.add(contribution.owner().id());
                contribution.documents().values().forEach(document -> take(document, contribution.owner()));
            }
            return right;
        }

        private void take(Document document, Owner owner) {
            Registered old = before.byKey.get(document.key());
            boolean same = old != null && old.document().equals(document) && old.status() == Status.ACTIVE;
            Registered entity = same ? old : new Registered(document, owner, Status.ACTIVE, now);
            if (byKey.putIfAbsent(document.key(), entity) == null) {
                documents.put(document.key(), document);
            }
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
        void keepOrphans(Set<String> usedByTenants) {
            Deque<String> used = new ArrayDeque<>(usedByTenants);
            documents.values().forEach(document -> used.addAll(document.bases()));
            for (String key = used.poll(); key != null; key = used.poll()) {
                Registered old = gone.remove(key);
                if (old != null) {
                    byKey.put(key, old.status() == Status.ORPHANED ? old : old.with(Status.ORPHANED, now));
                    used.addAll(old.document().bases());
                }
            }
        }

        Platform result() {
            return new Platform(Map.copyOf(byKey), Set.copyOf(accepted), List.copyOf(problems));
        }
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

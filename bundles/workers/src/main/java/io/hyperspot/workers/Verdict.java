// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.registry.TypesRegistry.Entity;
import io.hyperspot.gts.registry.TypesRegistry.Snapshot;
import io.hyperspot.gts.registry.TypesRegistry.Violation;
import io.hyperspot.modkit.worker.Admission.State;
import io.hyperspot.modkit.worker.Rollouts.Share;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.osgi.framework.ServiceReference;

/**
 * What was decided about a candidate.
 *
 * @param reason empty when admitted to all requests of its id
 * @param share what it gets of the requests for its id
 */
record Verdict(Candidate candidate, State state, String reason, Share share) {
    private static final int MOST_VIOLATIONS = 5;

    boolean admitted() {
        return state == State.ADMITTED;
    }

    /** Whether the worker shall be made: also one that stands by must be ready at once. */
    boolean wanted() {
        return state == State.ADMITTED || state == State.STANDBY;
    }

    /** Admitted to a part of the requests, beside another version that has the rest. */
    boolean isCanary() {
        return admitted() && !share.isAll() && !share.isNone();
    }

    /**
     * Judges all together, because candidates may claim the same id: the service that came first has
     * it, unless a rollout says otherwise.
     *
     * @param rollouts the newest first: of several that concern a worker it decides
     */
    static Map<ServiceReference<?>, Verdict> of(
            Collection<Candidate> candidates, Snapshot types, Collection<LiveRollout> rollouts) {
        Map<ServiceReference<?>, Verdict> verdicts = LinkedHashMap.newLinkedHashMap(candidates.size());
        Map<GtsId, List<Candidate>> rivals = new LinkedHashMap<>();
        candidates.stream().sorted(Comparator.comparingLong(Candidate::serviceId)).forEach(candidate -> {
            Verdict alone = alone(candidate, types);
            verdicts.put(candidate.reference(), alone);
            GtsId instance = candidate.instance();
            if (alone.admitted() && instance != null) {
                rivals.computeIfAbsent(instance, id -> new ArrayList<>(1)).add(candidate);
            }
        });
        rivals.values().stream().filter(group -> group.size() > 1).forEach(group -> among(group, rollouts)
                .forEach(verdict -> verdicts.put(verdict.candidate().reference(), verdict)));
        return verdicts;
    }

    private static Verdict alone(Candidate candidate, Snapshot types) {
        GtsId type = candidate.type();
        if (type == null || candidate.instance() == null || !candidate.malformed().isEmpty()) {
            return refused(candidate, State.REJECTED, candidate.malformed());
        }
        Optional<Entity> schema = types.find(type);
        if (schema.isEmpty()) {
            return refused(
                    candidate,
                    State.PENDING,
                    "its type " + type + " is not registered; install the bundle that contributes its schema");
        }
        if (schema.get().isAbstract()) {
            return refused(
                    candidate, State.REJECTED, "its type " + type + " is abstract; use a type derived from it");
        }
        List<Violation> violations = types.validate(type, candidate.document());
        if (!violations.isEmpty()) {
            return refused(
                    candidate,
                    State.REJECTED,
                    "what it says of itself is not valid by its type " + type + ": "
                            + violations.stream()
                                    .limit(MOST_VIOLATIONS)
                                    .map(violation -> violation.pointer() + " " + violation.message())
                                    .collect(Collectors.joining("; "))
                            + ". A component property " + InstanceDocument.PROPERTIES + "<name> is /properties/<name>");
        }
        return new Verdict(candidate, State.ADMITTED, "", Share.ALL);
    }

    private static Verdict refused(Candidate candidate, State state, String reason) {
        return new Verdict(candidate, state, reason, Share.NONE);
    }

    private static List<Verdict> among(List<Candidate> rivals, Collection<LiveRollout> rollouts) {
        for (LiveRollout rollout : rollouts) {
            Optional<Candidate> current = of(rivals, rollout.currentBundle());
            Optional<Candidate> next = of(rivals, rollout.nextBundle());
            if (current.isPresent() && next.isPresent()) {
                List<Verdict> verdicts = new ArrayList<>(shared(current.get(), next.get(), rollout.share()));
                rivals.stream()
                        .filter(rival -> !rival.equals(current.get()) && !rival.equals(next.get()))
                        .forEach(rival -> verdicts.add(conflict(rival, current.get())));
                return verdicts;
            }
        }
        Candidate first = rivals.getFirst();
        return rivals.stream().skip(1).map(rival -> conflict(rival, first)).toList();
    }

    private static Optional<Candidate> of(List<Candidate> rivals, long bundle) {
        return rivals.stream().filter(rival -> rival.bundle() == bundle).findFirst();
    }

    private static List<Verdict> shared(Candidate current, Candidate next, Share share) {
        if (share.isNone()) {
            return List.of(
                    new Verdict(current, State.ADMITTED, "", Share.ALL),
                    refused(next, State.STANDBY, "ready to take over from " + current.origin()));
        }
        if (share.isAll()) {
            return List.of(
                    refused(current, State.STANDBY, next.origin() + " has taken over"),
                    new Verdict(next, State.ADMITTED, "", Share.ALL));
        }
        return List.of(
                new Verdict(current, State.ADMITTED, next.origin() + " gets " + share, Share.ALL),
                new Verdict(next, State.ADMITTED, "gets " + share + " of the requests", share));
    }

    private static Verdict conflict(Candidate candidate, Candidate holder) {
        return refused(
                candidate,
                State.CONFLICT,
                holder.origin() + " already provides " + candidate.instance()
                        + "; it takes over when that one goes, or give it another id");
    }
}

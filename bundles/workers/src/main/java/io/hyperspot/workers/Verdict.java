// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.registry.TypesRegistry.Entity;
import io.hyperspot.gts.registry.TypesRegistry.Snapshot;
import io.hyperspot.modkit.worker.Admission.State;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.ServiceReference;

/**
 * What was decided about a candidate.
 *
 * @param reason empty when admitted
 */
record Verdict(Candidate candidate, State state, String reason) {
    boolean admitted() {
        return state == State.ADMITTED;
    }

    /** Judges all together, because candidates may claim the same id: the service that came first has it. */
    static Map<ServiceReference<?>, Verdict> of(Collection<Candidate> candidates, Snapshot types) {
        List<Candidate> inOrder = candidates.stream()
                .sorted(Comparator.comparingLong(Candidate::serviceId))
                .toList();
        Map<ServiceReference<?>, Verdict> verdicts = LinkedHashMap.newLinkedHashMap(inOrder.size());
        Map<GtsId, Candidate> holders = new HashMap<>();
        for (Candidate candidate : inOrder) {
            verdicts.put(candidate.reference(), of(candidate, types, holders));
        }
        return verdicts;
    }

    private static Verdict of(Candidate candidate, Snapshot types, Map<GtsId, Candidate> holders) {
        GtsId type = candidate.type();
        GtsId instance = candidate.instance();
        if (type == null || instance == null || !candidate.malformed().isEmpty()) {
            return new Verdict(candidate, State.REJECTED, candidate.malformed());
        }
        Optional<Entity> schema = types.find(type);
        if (schema.isEmpty()) {
            return new Verdict(
                    candidate,
                    State.PENDING,
                    "its type " + type + " is not registered; install the bundle that contributes its schema");
        }
        if (schema.get().isAbstract()) {
            return new Verdict(
                    candidate, State.REJECTED, "its type " + type + " is abstract; use a type derived from it");
        }
        Candidate holder = holders.putIfAbsent(instance, candidate);
        if (holder != null) {
            return new Verdict(
                    candidate,
                    State.CONFLICT,
                    holder.origin() + " already provides " + instance
                            + "; it takes over when that one goes, or give it another id");
        }
        return new Verdict(candidate, State.ADMITTED, "");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit.worker;

import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.gts.GtsSyntaxException;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.Admission.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which workers answer a tenant's calls, and why. Names no other tenant, also when a trial does.
 *
 * @param tenant null: one that is not named anywhere
 * @param answers those that do answer, by type and then in the order in which they are asked
 * @param text all that is known, for people
 */
public record Selection(@Nullable UUID tenant, List<Answer> answers, String text) {
    private static final String UNKNOWN = """
            What cannot be known beforehand: which worker a request will name, whether that one has room then and offers what \
            the request asks for, and to which side chance sends a request while a version is being tried.""";

    /**
     * A worker that answers.
     *
     * @param origin symbolic name and version of its bundle
     * @param percent of the tenant's requests for this instance
     * @param preferred whether it also gets the requests that name no instance
     */
    public record Answer(String type, String instance, String origin, int percent, boolean preferred) {}

    public Selection {
        answers = List.copyOf(answers);
    }

    /**
     * Of all types.
     *
     * @param workers by type and then by order of selection, as {@link Admission#entries} has them
     */
    public static Selection of(List<Entry> workers, @Nullable UUID tenant) {
        return new Reading(workers, "", tenant).selection();
    }

    /**
     * Of a type and those derived from it, or of one instance.
     *
     * @param id a GTS id; empty: all
     * @throws ProblemException INVALID_ARGUMENT when the id is malformed, NOT_FOUND when no worker is of it
     */
    public static Selection of(List<Entry> workers, String id, @Nullable UUID tenant) {
        if (id.isEmpty()) {
            return of(workers, tenant);
        }
        GtsId asked;
        try {
            asked = GtsId.parse(id);
        } catch (GtsSyntaxException e) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT, "GTS_ID_MALFORMED", "'" + id + "' is no GTS id: " + e.getMessage(), Map.of(), e);
        }
        if (!asked.isType()) {
            List<Entry> rivals = workers.stream().filter(entry -> entry.instance().equals(id)).toList();
            List<Entry> type = workers.stream()
                    .filter(entry -> rivals.stream().anyMatch(rival -> rival.type().equals(entry.type())))
                    .toList();
            return new Reading(known(type, workers, "has the id " + id), id, tenant).selection();
        }
        GtsPattern pattern = GtsPattern.of(asked);
        List<Entry> type = workers.stream().filter(entry -> isOf(entry.type(), pattern)).toList();
        return new Reading(known(type, workers, "is of the type " + id), "", tenant).selection();
    }

    private static boolean isOf(String type, GtsPattern pattern) {
        try {
            return pattern.matches(GtsId.parse(type));
        } catch (GtsSyntaxException e) {
            // a worker that was rejected for that
            return false;
        }
    }

    private static List<Entry> known(List<Entry> found, List<Entry> all, String what) {
        if (found.isEmpty()) {
            String types = all.stream().map(Entry::type).distinct().collect(Collectors.joining(", "));
            throw new ProblemException(
                    ErrorCategory.NOT_FOUND,
                    "WORKER_NOT_FOUND",
                    "no worker " + what + (types.isEmpty() ? "; there are no workers" : "; these types have workers: " + types));
        }
        return found;
    }

    /** Puts what the board says into words. */
    private static final class Reading {
        private final List<Entry> workers;
        private final String instance;
        private final @Nullable UUID tenant;
        private final List<Answer> answers = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();

        Reading(List<Entry> workers, String instance, @Nullable UUID tenant) {
            this.workers = workers;
            this.instance = instance;
            this.tenant = tenant;
        }

        Selection selection() {
            Map<String, List<Entry>> types = new LinkedHashMap<>();
            workers.forEach(worker -> types.computeIfAbsent(worker.type(), type -> new ArrayList<>()).add(worker));
            text.append("For ")
                    .append(tenant == null ? "any tenant" : "tenant " + tenant)
                    .append(". No tenant has an order of its own: workers are asked by priority, the smaller first, then by age.\n");
            if (types.isEmpty()) {
                text.append("\nThere are no workers.\n");
            }
            types.forEach(this::explain);
            text.append('\n').append(UNKNOWN);
            return new Selection(tenant, answers, text.toString());
        }

        private void explain(String type, List<Entry> entries) {
            text.append('\n').append(type).append('\n');
            List<Entry> serving = entries.stream()
                    .filter(entry -> entry.state().serves() && triedOf(entry, entries) == null)
                    .toList();
            if (serving.stream().noneMatch(this::isAsked)) {
                text.append("  No worker answers.\n");
            }
            for (int i = 0; i < serving.size(); i++) {
                if (isAsked(serving.get(i))) {
                    answering(serving.get(i), i + 1, entries);
                }
            }
            entries.stream()
                    .filter(entry -> !entry.state().serves() && isAsked(entry))
                    .forEach(entry -> text.append("  -  ")
                            .append(entry.instance())
                            .append(", from ")
                            .append(entry.origin())
                            .append(", does not answer: ")
                            .append(entry.state())
                            .append(entry.reason().isEmpty() ? "" : ", " + entry.reason())
                            .append('\n'));
        }

        private void answering(Entry worker, int place, List<Entry> entries) {
            text.append("  ").append(place).append(". ").append(worker.instance()).append(", from ").append(worker.origin());
            text.append(
                    place == 1
                            ? ": answers requests that name it, and those that name none, because it is first"
                            : ": answers requests that name it");
            text.append(" (priority ").append(worker.priority()).append(").\n");
            if (worker.state() == Admission.State.BROKEN) {
                text.append("     It is broken, so some of its calls fail: ").append(worker.reason()).append('\n');
            }
            int left = 100;
            for (Entry next : entries) {
                if (worker.equals(triedOf(next, entries))) {
                    int percent = percent(next);
                    left -= percent;
                    text.append("     ").append(shared(worker, next)).append('\n');
                    answer(next, percent, place == 1);
                }
            }
            answer(worker, Math.max(0, left), place == 1);
        }

        private void answer(Entry worker, int percent, boolean preferred) {
            if (percent > 0) {
                answers.add(new Answer(worker.type(), worker.instance(), worker.origin(), percent, preferred));
            }
        }

        private boolean isAsked(Entry entry) {
            return instance.isEmpty() || entry.instance().equals(instance);
        }

        /** The version beside which this one is being tried, or null. */
        private static @Nullable Entry triedOf(Entry entry, List<Entry> entries) {
            return !entry.isTried()
                    ? null
                    : entries.stream()
                            .filter(other -> !other.isTried()
                                    && other.state().serves()
                                    && other.instance().equals(entry.instance()))
                            .findFirst()
                            .orElse(null);
        }

        private boolean isNamed(Entry next) {
            return tenant != null && next.share().tenants().contains(tenant);
        }

        private int percent(Entry next) {
            return isNamed(next) ? 100 : next.share().percent();
        }

        private String shared(Entry current, Entry next) {
            if (isNamed(next)) {
                return next.origin() + " is being tried and answers all requests of this tenant, because the trial names it.";
            }
            int percent = next.share().percent();
            return percent == 0
                    ? next.origin() + " is being tried by other tenants only; " + current.origin() + " answers."
                    : next.origin() + " is being tried: by chance " + percent + " % of the requests are its, " + current.origin()
                            + " answers the others.";
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import io.hyperspot.modkit.worker.Admission.Entry;
import io.hyperspot.modkit.worker.Admission.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says in words which worker answers a tenant's requests, and why. */
final class SelectionExplanation {
    private static final Pattern PERCENT = Pattern.compile("gets (\\d{1,3}) %");
    private static final String UNKNOWN = """
            What cannot be known beforehand: which worker a request will name, whether that one has room then and offers what \
            the request asks for, and to which side chance sends a request while a version is being tried.""";

    private final List<Entry> workers;
    private final @Nullable UUID tenant;

    /**
     * @param workers by type and then by order of selection
     * @param tenant null: one that is not named anywhere
     */
    SelectionExplanation(List<Entry> workers, @Nullable UUID tenant) {
        this.workers = workers;
        this.tenant = tenant;
    }

    String text() {
        Map<String, List<Entry>> types = new LinkedHashMap<>();
        workers.forEach(worker -> types.computeIfAbsent(worker.type(), type -> new ArrayList<>()).add(worker));
        StringBuilder text = new StringBuilder("For ")
                .append(tenant == null ? "any tenant" : "tenant " + tenant)
                .append(". No tenant has an order of its own: workers are asked by priority, the smaller first, then by age.\n");
        if (types.isEmpty()) {
            text.append("\nThere are no workers.\n");
        }
        types.forEach((type, entries) -> explain(text, type, entries));
        return text.append('\n').append(UNKNOWN).toString();
    }

    private void explain(StringBuilder text, String type, List<Entry> entries) {
        text.append('\n').append(type).append('\n');
        List<Entry> serving = entries.stream().filter(entry -> serves(entry) && !isTried(entry, entries)).toList();
        if (serving.isEmpty()) {
            text.append("  No worker answers.\n");
        }
        for (int i = 0; i < serving.size(); i++) {
            Entry worker = serving.get(i);
            text.append("  ").append(i + 1).append(". ").append(worker.instance()).append(", from ").append(worker.origin());
            text.append(i == 0 ? ": answers requests that name it, and those that name none, because it is first" : ": answers requests that name it");
            text.append(" (priority ").append(worker.priority()).append(").\n");
            if (worker.state() == State.BROKEN) {
                text.append("     It is broken, so some of its calls fail: ").append(worker.reason()).append('\n');
            }
            entries.stream()
                    .filter(next -> isTried(next, entries) && next.instance().equals(worker.instance()))
                    .forEach(next -> text.append("     ").append(shared(worker, next)).append('\n'));
        }
        entries.stream().filter(entry -> !serves(entry)).forEach(entry -> text.append("  -  ")
                .append(entry.instance())
                .append(", from ")
                .append(entry.origin())
                .append(", does not answer: ")
                .append(entry.state())
                .append(entry.reason().isEmpty() ? "" : ", " + entry.reason())
                .append('\n'));
    }

    private static boolean serves(Entry entry) {
        return entry.state() == State.ADMITTED || entry.state() == State.BROKEN;
    }

    /** A version that is being tried has the instance id of one that serves, and says what it gets. */
    private static boolean isTried(Entry entry, List<Entry> entries) {
        return serves(entry)
                && entry.reason().startsWith("gets ")
                && entries.stream()
                        .anyMatch(other -> !other.equals(entry) && serves(other) && other.instance().equals(entry.instance()));
    }

    private String shared(Entry current, Entry next) {
        if (tenant != null && next.reason().contains(tenant.toString())) {
            return next.origin() + " is being tried and answers all requests of this tenant, because the trial names it.";
        }
        Matcher share = PERCENT.matcher(next.reason());
        if (!share.find()) {
            return next.origin() + " is being tried and " + next.reason() + ".";
        }
        return share.group(1).equals("0")
                ? next.origin() + " is being tried by other tenants only; " + current.origin() + " answers."
                : next.origin() + " is being tried: by chance " + share.group(1) + " % of the requests are its, "
                        + current.origin() + " answers the others.";
    }
}

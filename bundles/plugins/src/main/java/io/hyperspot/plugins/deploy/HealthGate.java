// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.modkit.HealthReport;
import io.hyperspot.modkit.resolution.AbsentService;
import io.hyperspot.modkit.resolution.WaitingComponents;
import io.hyperspot.modkit.worker.Admission;
import io.hyperspot.plugins.Plugin.VersionState;
import io.hyperspot.plugins.archive.PluginArchive;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** Whether a started version may get requests, and whether one that has them still should. */
final class HealthGate {
    private static final long LOOK_MS = 5;

    private final BundleContext context;
    private final Admission admission;
    private final ServiceComponentRuntime components;
    private final Duration timeout;
    private final AbsentService absent;

    HealthGate(BundleContext context, Admission admission, ServiceComponentRuntime components, Duration timeout) {
        this.context = context;
        this.admission = admission;
        this.components = components;
        this.timeout = timeout;
        absent = new AbsentService(context, components);
    }

    /**
     * Returns when the version is ready.
     *
     * @param expected instance ids that it must offer, because the version before did
     * @throws Refusal when it is not ready in time
     */
    void pass(Bundle next, Set<String> expected) throws Refusal, InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        String trouble = trouble(next, expected);
        while (trouble != null) {
            if (System.nanoTime() > end || next.getState() != Bundle.ACTIVE) {
                throw new Refusal(VersionState.QUARANTINED, trouble);
            }
            // nothing tells of all that is waited for: components, configurations, schemas, health
            Thread.sleep(LOOK_MS);
            trouble = trouble(next, expected);
        }
    }

    /** In words, or null. */
    @Nullable String trouble(Bundle bundle, Set<String> expected) {
        if (bundle.getState() != Bundle.ACTIVE) {
            return "it has stopped";
        }
        Set<String> missing = new HashSet<>(expected);
        for (Admission.Entry entry : workers(bundle)) {
            missing.remove(entry.instance());
            if (entry.state().needsAttention()) {
                return "its worker " + entry.instance() + " is not offered: " + entry.reason();
            }
        }
        if (!missing.isEmpty()) {
            return "it does not offer " + String.join(", ", missing) + ", as the version before did";
        }
        return unhealthy(bundle);
    }

    /** The instance ids that the old version offers and the new one declares. */
    Set<String> promised(Bundle before, PluginArchive next) {
        return workers(before).stream()
                .filter(entry -> entry.state() == Admission.State.ADMITTED && next.declares(entry.instance()))
                .map(Admission.Entry::instance)
                .collect(Collectors.toSet());
    }

    private List<Admission.Entry> workers(Bundle bundle) {
        return admission.entries().stream()
                .filter(entry -> entry.bundle() == bundle.getBundleId())
                .toList();
    }

    /**
     * Calls that the workers of some bundles have now.
     *
     * @param bundles ids, each with what its calls are counted for
     */
    Map<String, Integer> inFlight(Map<Long, String> bundles) {
        Map<String, Integer> calls = new HashMap<>();
        for (Admission.Entry entry : admission.entries()) {
            String key = bundles.get(entry.bundle());
            if (key != null) {
                calls.merge(key, entry.inFlight(), Integer::sum);
            }
        }
        return calls;
    }

    /**
     * Looks at the components of a bundle that was started.
     *
     * @throws Refusal when one of them failed: quarantined when its code does not link, as it never will
     */
    void refuseFailed(Bundle bundle) throws Refusal {
        List<WaitingComponents.Failed> failed =
                WaitingComponents.failed(components, one -> one.id == bundle.getBundleId());
        if (!failed.isEmpty()) {
            boolean linkage = failed.stream().anyMatch(WaitingComponents.Failed::linkage);
            throw new Refusal(
                    linkage ? VersionState.QUARANTINED : VersionState.REJECTED,
                    failed.stream()
                            .map(one -> "its component " + one.component() + " failed to start: " + one.reason())
                            .collect(Collectors.joining("; "))
                            + (linkage
                                    ? "; build the plugin against the platform's contracts, then install it again"
                                    : "; mend that, then install it again"));
        }
    }

    /** What is wrong with workers and components of some bundles that run; empty when nothing is. */
    String attention(Set<Long> bundles) {
        List<String> waiting = bundles.isEmpty()
                ? List.of()
                : WaitingComponents.of(components, bundle -> bundles.contains(bundle.id), absent::words);
        Stream<String> workers = admission.entries().stream()
                .filter(entry -> bundles.contains(entry.bundle()) && entry.state().needsAttention())
                .map(entry -> "worker " + entry.instance() + ": " + entry.reason());
        return Stream.concat(waiting.stream(), workers).collect(Collectors.joining("; "));
    }

    private @Nullable String unhealthy(Bundle bundle) {
        return HealthReport.of(context, bundle).stream()
                .filter(report -> report.health().state() == State.DOWN)
                .map(report -> report.name() + ": " + report.health().reason())
                .findFirst()
                .orElse(null);
    }
}

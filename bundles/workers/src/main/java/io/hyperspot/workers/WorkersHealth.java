// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.worker.Admission;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Tells operators of workers that are not offered. */
@Component
public final class WorkersHealth implements HealthContributor {
    private final Admission admission;

    @Activate
    public WorkersHealth(@Reference Admission admission) {
        this.admission = admission;
    }

    @Override
    public String name() {
        return "workers";
    }

    @Override
    public Health health() {
        String reasons = admission.entries().stream()
                .filter(entry -> entry.state().needsAttention())
                .map(entry -> "worker " + entry.instance() + " of " + entry.origin()
                        + (entry.state() == Admission.State.BROKEN ? " is broken: " : " is not offered: ") + entry.reason())
                .collect(Collectors.joining("; "));
        return reasons.isEmpty() ? Health.up() : Health.degraded(reasons);
    }
}

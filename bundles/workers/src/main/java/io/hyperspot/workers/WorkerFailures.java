// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is wrong with workers that were admitted: those that cannot be made, and those that break. Thread-safe. */
final class WorkerFailures {
    private static final Logger log = LoggerFactory.getLogger(WorkerFailures.class);

    private final Map<ServiceReference<?>, String> unusable = new ConcurrentHashMap<>();
    private final Map<ServiceReference<?>, String> broken = new ConcurrentHashMap<>();

    /**
     * Why a worker cannot be offered.
     *
     * @param reason empty: it can
     */
    void unusable(ServiceReference<?> reference, String reason) {
        if (reason.isEmpty()) {
            unusable.remove(reference);
        } else if (!reason.equals(unusable.put(reference, reason))) {
            log.warn("worker service {} is not offered: {}", reference, reason);
        }
    }

    /** Logs what a worker did that its contract forbids, and makes it a problem. */
    ProblemException contain(Candidate candidate, WorkTally tally, Throwable failure) {
        log.error("worker {} of {} failed", candidate.instanceText(), candidate.origin(), failure);
        if (failure instanceof LinkageError) {
            String why = "a class or method that it needs is missing: " + failure;
            tally.broken(why);
            broken.put(candidate.reference(), why);
        }
        return new ProblemException(
                ErrorCategory.BAD_UPSTREAM,
                "WORKER_FAILED",
                "the connector behind this request failed; the log has the reason",
                Map.of("worker", candidate.instanceText()),
                failure);
    }

    @Nullable String whyUnusable(ServiceReference<?> reference) {
        return unusable.get(reference);
    }

    @Nullable String whyBroken(ServiceReference<?> reference) {
        return broken.get(reference);
    }

    void forget(ServiceReference<?> reference) {
        unusable.remove(reference);
        broken.remove(reference);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import io.hyperspot.modkit.worker.Rollouts.Share;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Two versions of a worker that share its requests.
 *
 * @param next the new version, which gets the share
 */
record SplitHandle<T>(HeldHandle<T> current, HeldHandle<T> next, Share share) implements Offered<T> {
    @Override
    public @Nullable Lease<T> acquire(@Nullable UUID tenant) {
        boolean isNext = (tenant != null && share.tenants().contains(tenant))
                || ThreadLocalRandom.current().nextInt(100) < share.percent();
        Lease<T> lease = (isNext ? next : current).acquire(tenant);
        // one of the two may just have gone
        return lease != null ? lease : (isNext ? current : next).acquire(tenant);
    }

    @Override
    public Candidate candidate() {
        return current.candidate();
    }

    @Override
    public String key() {
        return current.key();
    }

    @Override
    public String instance() {
        return current.instance();
    }

    @Override
    public String name() {
        return current.name();
    }

    @Override
    public int priority() {
        return current.priority();
    }

    @Override
    public String origin() {
        return current.origin();
    }

    @Override
    public int inFlight() {
        return current.inFlight() + next.inFlight();
    }
}

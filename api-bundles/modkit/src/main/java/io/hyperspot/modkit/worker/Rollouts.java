// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit.worker;

import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Shares requests between the workers of two bundles while one replaces the other. An OSGi service;
 * used by what deploys plugins. Thread-safe.
 */
@ProviderType
public interface Rollouts {
    /**
     * From now on the workers of bundle {@code next} that have the instance id of a worker of bundle
     * {@code current} stand by: they are made, but get no requests. Begin before {@code next} starts.
     *
     * @param current the id of the bundle whose workers serve
     * @param next the id of the bundle whose workers shall replace them
     */
    Rollout begin(long current, long next);

    /** What a bundle is now. */
    Role role(long bundle);

    /** What a bundle is to the requests for its workers. */
    enum Role {
        /** They are all its own, or all but those that another version is being tried with. */
        SERVING,
        /** It shall replace another version, and gets a part of them at most. */
        ON_TRIAL,
        /** Another version has replaced it. */
        STANDBY
    }

    /** How the workers of two bundles share the requests; closed when one of the bundles has gone. */
    @ProviderType
    interface Rollout extends AutoCloseable {
        /** Takes effect for every request that begins after the return. */
        void offer(Share share);

        /** What the workers of the current bundle did since the rollout began. */
        Tally current();

        /** What the workers of the next bundle did since the rollout began. */
        Tally next();

        /** Forgets both: what remains is offered by its own right. */
        @Override
        void close();
    }

    /**
     * The part of the requests that the next workers get.
     *
     * @param percent of all requests, 0 to 100
     * @param tenants whose requests they get in any case
     */
    record Share(int percent, Set<UUID> tenants) {
        public static final Share NONE = new Share(0, Set.of());
        public static final Share ALL = new Share(100, Set.of());

        public Share {
            if (percent < 0 || percent > 100) {
                throw new IllegalArgumentException("a share is 0 to 100 percent, not " + percent);
            }
            tenants = Set.copyOf(tenants);
        }

        public boolean isNone() {
            return percent == 0 && tenants.isEmpty();
        }

        public boolean isAll() {
            return percent == 100;
        }

        @Override
        public String toString() {
            return percent + " %" + (tenants.isEmpty() ? "" : " and the tenants " + tenants);
        }
    }

    /**
     * Calls that have ended.
     *
     * @param failures calls that failed by the worker's fault, not the caller's
     * @param broken why the worker's code does not link, or null
     */
    record Tally(long calls, long failures, @Nullable String broken) {
        public static final Tally NOTHING = new Tally(0, 0, null);

        /** From 0 to 1. */
        public double failureRate() {
            return calls == 0 ? 0 : (double) failures / calls;
        }
    }
}

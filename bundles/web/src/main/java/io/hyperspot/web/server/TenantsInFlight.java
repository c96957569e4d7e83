// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.TenantId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets only so many requests of one tenant in at once, so that there is room for the others'. */
final class TenantsInFlight {
    private static final int TRIM_AT = 10_000;
    private static final int GONE = Integer.MIN_VALUE;

    private final int most;
    private final ConcurrentHashMap<TenantId, AtomicInteger> inside = new ConcurrentHashMap<>();

    TenantsInFlight(int most) {
        this.most = most;
    }

    /** By default three quarters of what the server takes. */
    static TenantsInFlight of(WebConfig config) {
        int own = config.max__in__flight__per__tenant();
        return new TenantsInFlight(own > 0 ? own : Math.max(1, config.max__in__flight() / 4 * 3));
    }

    /**
     * Counts a request in. Whoever gets the counter decrements it once, at the request's end.
     *
     * @throws ProblemException RESOURCE_EXHAUSTED when as many are inside as may be
     */
    AtomicInteger enter(TenantId tenant) {
        while (true) {
            AtomicInteger count = inside.get(tenant);
            if (count == null) {
                count = first(tenant);
            }
            int n = count.get();
            if (n == GONE) {
                inside.remove(tenant, count);
            } else if (n >= most) {
                throw new ProblemException(
                        ErrorCategory.RESOURCE_EXHAUSTED,
                        "TENANT_BUSY",
                        "the server is at work on as many requests of one tenant as it takes (" + most + "); try again when one has ended",
                        Map.of("limit", "tenant-in-flight", "retry_after_seconds", 1),
                        null);
            } else if (count.compareAndSet(n, n + 1)) {
                return count;
            }
        }
    }

    /** Those of one tenant. */
    int inside(TenantId tenant) {
        AtomicInteger count = inside.get(tenant);
        return count == null ? 0 : Math.max(0, count.get());
    }

    private AtomicInteger first(TenantId tenant) {
        if (inside.mappingCount() >= TRIM_AT) {
            inside.forEach((idle, count) -> {
                if (count.compareAndSet(0, GONE)) {
                    inside.remove(idle, count);
                }
            });
        }
        return inside.computeIfAbsent(tenant, id -> new AtomicInteger());
    }
}

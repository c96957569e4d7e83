// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage;

import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.util.List;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Limits to what is used. An OSGi service, thread-safe. What is to be limited exactly is reserved before it is
 * used and settled after; the quotas of the tenant and of all above it are checked together, so that no number
 * of callers and servers passes a hard one. Usage that is reported without a reservation counts too and is
 * never refused: it has happened.
 *
 * <p>Every method throws {@link io.hyperspot.modkit.ProblemException}: INVALID_ARGUMENT, NOT_FOUND for what the
 * caller does not see, PERMISSION_DENIED for the change of a quota that was set from above, and UNAVAILABLE
 * when the database or the tenants cannot be reached.
 */
@ProviderType
public interface Quotas {
    Admission reserve(SecurityContext ctx, ReservationRequest request);

    /**
     * The ids of the usage types that a quota of the caller's tenant or of one above it limits, whomever it is
     * for: what is not among them need not be reserved. From memory: what another server has changed shows
     * within two seconds, and while the database is away the last answer stays.
     */
    Set<String> limited(SecurityContext ctx);

    /**
     * Gives back what is held and reports what was used instead, both or nothing. Of a reservation that has
     * expired the usage counts just the same. Done again with the same records, it has one effect.
     *
     * @param records of the caller's tenant; may be more than was held, for it has happened
     * @return one outcome for each, in the same order, none rejected
     * @throws io.hyperspot.modkit.ProblemException FAILED_PRECONDITION when it was released
     */
    List<Outcome> settle(SecurityContext ctx, String reservation, List<UsageRecord> records);

    /** Gives back what is held, because nothing was used. Done again, nothing happens. */
    void release(SecurityContext ctx, String reservation);

    /** In the order of their ids. */
    List<Quota> list(SecurityContext ctx, TenantId tenant);

    Quota get(SecurityContext ctx, String id);

    /** In force at once, with what was used in the period so far. */
    Quota create(SecurityContext ctx, NewQuota wanted);

    /**
     * Changes limit, enforcement and grace; another tenant, subject, type or period is another quota.
     *
     * @param version that the caller has seen
     * @throws io.hyperspot.modkit.ProblemException ABORTED when it has changed since
     */
    Quota update(SecurityContext ctx, String id, long version, NewQuota wanted);

    void delete(SecurityContext ctx, String id, long version);

    /** How the quotas of a tenant stand, in the order of their ids. */
    List<Quota.Status> status(SecurityContext ctx, TenantId tenant);
}

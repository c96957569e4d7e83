// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants;

import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.Tenant.Status;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The tenants. An OSGi service, thread-safe; reads answer from memory.
 *
 * <p>A caller sees its own tenant and those below it that no barrier hides; of every other it learns not
 * even that it exists: NOT_FOUND. With {@link BarrierMode#IGNORE} barriers hide nothing from a caller who
 * has the permission {@link #CROSS_BARRIERS}; one without it gets PERMISSION_DENIED.
 *
 * <p>Every method with a {@link SecurityContext} throws {@link io.hyperspot.modkit.ProblemException}:
 * UNAVAILABLE before the tenants are known, and those that change something UNIMPLEMENTED when the tenants
 * come from where they cannot be changed, FAILED_PRECONDITION for a change that the state forbids, and
 * ABORTED when somebody else has changed the tenant meanwhile.
 */
@ProviderType
public interface Tenants {
    /** The permission to see through barriers. */
    String CROSS_BARRIERS = "gts.hyperspot.core.tenants.*:cross_barriers";

    /** Any version of a tenant may be changed. */
    long ANY_VERSION = -1;

    /**
     * For the platform, which acts for no caller: all tenants as they are now, one volatile read. What
     * changes is in the next answer. Null before they are known.
     */
    @Nullable TenantTree tree();

    /** The top of what the caller sees: its own tenant. */
    Tenant root(SecurityContext ctx);

    Tenant get(SecurityContext ctx, TenantId id, BarrierMode mode);

    /** Those of the tenants that the caller sees, in the order asked for. */
    List<Tenant> get(SecurityContext ctx, Collection<TenantId> ids, BarrierMode mode);

    /** Those above a tenant that the caller sees, the nearest first: they end with the caller's own. */
    List<Tenant> ancestors(SecurityContext ctx, TenantId id, BarrierMode mode);

    /** As {@link TenantTree#descendants}. */
    List<Tenant> descendants(SecurityContext ctx, TenantId id, int levels, Set<Status> statuses, BarrierMode mode);

    /** Whether one tenant is above another, both of which the caller sees. */
    boolean isAncestor(SecurityContext ctx, TenantId ancestor, TenantId descendant, BarrierMode mode);

    /** Makes a tenant below one that the caller sees. */
    Tenant create(SecurityContext ctx, NewTenant wanted);

    /** @param version which the caller has seen, or {@link #ANY_VERSION} */
    Tenant rename(SecurityContext ctx, TenantId id, String name, long version, BarrierMode mode);

    /** From the next request on nobody of it and those below it is let in. Done already: nothing happens. */
    Tenant suspend(SecurityContext ctx, TenantId id, long version, BarrierMode mode);

    /** Takes back a suspension or a deletion. */
    Tenant resume(SecurityContext ctx, TenantId id, long version, BarrierMode mode);

    /** Deletes a tenant so that it can be restored by {@link #resume}. */
    Tenant delete(SecurityContext ctx, TenantId id, long version, BarrierMode mode);

    /** Removes a deleted tenant with none below it for good. */
    void purge(SecurityContext ctx, TenantId id, long version, BarrierMode mode);
}

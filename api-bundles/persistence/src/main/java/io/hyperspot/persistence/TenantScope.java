// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence;

import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.util.Set;

/**
 * The tenants whose rows a repository may read and write. An empty scope reads nothing. There is no
 * scope that means "all": what the platform itself must do is named as such in {@link
 * #platform(String)}.
 */
public final class TenantScope {
    private final Set<TenantId> tenants;
    private final boolean platform;

    private TenantScope(Set<TenantId> tenants, boolean platform) {
        this.tenants = tenants;
        this.platform = platform;
    }

    /** The caller's own tenant. */
    public static TenantScope of(SecurityContext ctx) {
        return new TenantScope(Set.of(ctx.tenant()), false);
    }

    public static TenantScope of(Set<TenantId> tenants) {
        return new TenantScope(Set.copyOf(tenants), false);
    }

    /**
     * Work of the platform across tenants, for example looking up an API key before the tenant is
     * known.
     *
     * @param reason why, for the reader of the code; must not be blank
     */
    public static TenantScope platform(String reason) {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("work across tenants needs a reason");
        }
        return new TenantScope(Set.of(), true);
    }

    public Set<TenantId> tenants() {
        return tenants;
    }

    public boolean isPlatform() {
        return platform;
    }

    public boolean contains(TenantId tenant) {
        return platform || tenants.contains(tenant);
    }
}

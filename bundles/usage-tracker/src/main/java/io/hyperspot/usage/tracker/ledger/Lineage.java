// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.ledger;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.BarrierMode;
import io.hyperspot.tenants.Tenant.Status;
import io.hyperspot.tenants.TenantTree;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who is above and below whom. */
final class Lineage {
    private final Supplier<@Nullable TenantTree> tree;

    Lineage(Supplier<@Nullable TenantTree> tree) {
        this.tree = tree;
    }

    private TenantTree tree() {
        TenantTree known = tree.get();
        if (known == null) {
            throw new ProblemException(ErrorCategory.UNAVAILABLE, "TENANTS_UNAVAILABLE", "the tenants are not known yet; try again in a moment");
        }
        return known;
    }

    /** A tenant and all above it, barriers or not: who sold to whom does not end at a barrier. */
    List<TenantId> upwards(TenantId tenant) {
        List<TenantId> chain = new ArrayList<>();
        chain.add(tenant);
        chain.addAll(tree().ancestors(tenant, BarrierMode.IGNORE));
        return chain;
    }

    /** A tenant and those below it. */
    Set<TenantId> downwards(TenantId tenant, BarrierMode mode) {
        Set<TenantId> all = new HashSet<>();
        all.add(tenant);
        tree().descendants(tenant, TenantTree.MAX_DEPTH, EnumSet.allOf(Status.class), mode).forEach(each -> all.add(each.id()));
        return all;
    }

    boolean sees(SecurityContext ctx, TenantId tenant) {
        return ctx.tenant().equals(tenant) || tree().sees(ctx.tenant(), tenant, BarrierMode.RESPECT);
    }

    /**
     * @throws ProblemException NOT_FOUND
     */
    void requireSeen(SecurityContext ctx, TenantId tenant) {
        if (!sees(ctx, tenant)) {
            throw new ProblemException(ErrorCategory.NOT_FOUND, "TENANT_NOT_FOUND", "there is no tenant " + tenant + " that you see");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.BarrierMode;
import io.hyperspot.tenants.TenantTree;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whose types a tenant sees besides its own.
 *
 * <p>Barriers are respected: a tenant that manages itself, and all below it, see nothing of what those
 * above it register. A type decides what is valid below, so that whoever can register one above a barrier
 * could change what works beneath it; and an id of the vendor of those above would tell of their existence.
 * What bundles bring is the platform's and seen by everybody.
 */
@FunctionalInterface
interface Lineage {
    /** Those above a tenant whose types it sees, the nearest first. */
    List<TenantId> above(TenantId tenant);

    /** By the tree as it is at each moment; while there is none, the root is above every other. */
    static Lineage of(Supplier<@Nullable TenantTree> trees) {
        return tenant -> {
            TenantTree tree = trees.get();
            if (tree != null && tree.find(tenant) != null) {
                return tree.ancestors(tenant, BarrierMode.RESPECT);
            }
            return tree != null || tenant.equals(TenantId.ROOT) ? List.of() : List.of(TenantId.ROOT);
        };
    }
}

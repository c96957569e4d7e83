// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.resolver.rest;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.BarrierMode;
import org.jspecify.annotations.Nullable;

/** How requests name tenants and barrier modes. */
final class Barriers {
    static final String DESCRIPTION =
            "respect (default), or ignore: also what barriers hide, for callers of the root tenant with"
                    + " gts.hyperspot.core.tenants.*:cross_barriers";

    private Barriers() {}

    static BarrierMode mode(@Nullable String text) {
        return switch (text) {
            case null -> BarrierMode.RESPECT;
            case "respect" -> BarrierMode.RESPECT;
            case "ignore" -> BarrierMode.IGNORE;
            default -> throw invalid("'barrier_mode' is respect or ignore");
        };
    }

    /** What is no id is no tenant's either, so that it needs no answer of its own. */
    static TenantId id(String text) {
        try {
            TenantId id = TenantId.of(text);
            if (id.toString().equalsIgnoreCase(text)) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new ProblemException(
                ErrorCategory.NOT_FOUND,
                "TENANT_NOT_FOUND",
                "There is no tenant of this id, which should be a UUID; GET /tenant-resolver/v1/tenants lists all.");
    }

    static ProblemException invalid(String detail) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, "INVALID_TENANT_REQUEST", detail + ".");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.resolver.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.tenants.Tenant;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A tenant on the wire. */
@Schema(name = "Tenant", description = "A tenant.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TenantDto(
        @Schema(description = "UUID.") String id,
        @Schema(description = "The tenant above it; absent for the caller's own.") @Nullable String parentId,
        @Schema(description = "Its name.") String name,
        @Schema(description = "What kind of customer it is; may be empty.") String type,
        @Schema(description = "active, suspended or deleted.") String status,
        @Schema(description = "Whether those above have no access to it and what is below it.") boolean selfManaged,
        @Schema(description = "When it was made.") Instant createdAt) {
    /** Nobody learns of what is above his own tenant. */
    static TenantDto of(SecurityContext ctx, Tenant tenant) {
        boolean own = tenant.id().equals(ctx.tenant());
        return new TenantDto(
                tenant.id().toString(),
                own || tenant.parent() == null ? null : tenant.parent().toString(),
                tenant.name(),
                tenant.type(),
                tenant.status().text(),
                tenant.selfManaged(),
                tenant.createdAt());
    }
}

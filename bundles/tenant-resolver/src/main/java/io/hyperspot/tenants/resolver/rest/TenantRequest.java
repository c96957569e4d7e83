// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.resolver.rest;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A wanted tenant on the wire. */
@Schema(name = "TenantRequest", description = "A tenant to be made.")
public record TenantRequest(
        @Schema(description = "Its name, 1 to 100 characters.", required = true) @Nullable String name,
        @Schema(description = "The tenant above it; absent: the caller's own.") @Nullable String parentId,
        @Schema(description = "What kind of customer it is, in your own words.") @Nullable String type,
        @Schema(description = "Whether those above have no access to it and what is below it; absent: false.")
                @Nullable Boolean selfManaged) {}

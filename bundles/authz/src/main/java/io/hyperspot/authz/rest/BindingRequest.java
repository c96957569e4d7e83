// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.rest;

import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A wanted binding on the wire. */
@Schema(name = "BindingRequest", description = "Who shall have which role, and where.")
public record BindingRequest(
        @Schema(description = "user:<id>, key:<prefix>, service:<id> or group:<name>.", required = true)
                @Nullable String principal,
        @Schema(description = "The role's id; not more than the caller may do.", required = true) @Nullable String role,
        @Schema(description = "GTS type of the one resource; absent: in the whole tenant.") @Nullable String resourceType,
        @Schema(description = "Id of the one resource; absent: in the whole tenant.") @Nullable String resourceId,
        @Schema(description = "When it ends; absent: never.") @Nullable Instant expiresAt) {}

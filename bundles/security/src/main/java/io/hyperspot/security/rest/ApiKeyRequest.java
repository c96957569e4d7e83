// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.rest;

import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A wanted key on the wire. */
@Schema(name = "ApiKeyRequest", description = "A key to be made.")
public record ApiKeyRequest(
        @Schema(description = "What it is for, 1 to 100 characters.", required = true) @Nullable String name,
        @Schema(
                        description = "What it may do, each <gts pattern>:<action>; not more than the caller may do.",
                        required = true)
                @Nullable List<String> scopes,
        @Schema(description = "When it expires; absent: never.") @Nullable Instant expiresAt,
        @Schema(description = "Whose key it is: the caller's tenant or one below it; absent: the caller's tenant.")
                @Nullable String tenantId) {}

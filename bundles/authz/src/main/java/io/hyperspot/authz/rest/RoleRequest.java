// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.rest;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A wanted role on the wire. */
@Schema(name = "RoleRequest", description = "A role as it shall be.")
public record RoleRequest(
        @Schema(description = "1 to 63 lower-case letters, digits, '-' and '_'.", required = true) @Nullable String name,
        @Schema(description = "What it is for.") @Nullable String description,
        @Schema(description = "What it allows, each <gts pattern>:<action>; not more than the caller may do.")
                @Nullable List<String> permissions,
        @Schema(description = "Ids of roles whose permissions it has too; not more than the caller may do.")
                @Nullable List<String> parents) {}

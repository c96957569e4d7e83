// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.hyperspot.authz.engine.Role;
import io.hyperspot.security.Permission;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A role on the wire. */
@Schema(name = "Role", description = "A named set of permissions.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RoleDto(
        @Schema(description = "UUID version 7; of a built-in role its name.") String id,
        @Schema(description = "Its name.") String name,
        @Schema(description = "What it is for.") String description,
        @Schema(description = "What it allows, each <gts pattern>:<action>.") List<String> permissions,
        @Schema(description = "Ids of roles whose permissions it has too.") List<String> parents,
        @Schema(description = "Whether every tenant has it and nobody can change it.") boolean builtIn,
        @Schema(description = "When it was made; absent: it is built in.") @Nullable Instant createdAt) {
    static RoleDto of(Role role) {
        return new RoleDto(
                role.id(),
                role.name(),
                role.description(),
                role.permissions().stream().map(Permission::toString).toList(),
                role.parents(),
                role.builtIn(),
                role.builtIn() ? null : role.createdAt());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.hyperspot.authz.engine.Binding;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A binding on the wire. */
@Schema(name = "Binding", description = "Who has which role, and where.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BindingDto(
        @Schema(description = "UUID version 7.") String id,
        @Schema(description = "Who has it: user:<id>, key:<prefix>, service:<id> or group:<name>.") String principal,
        @Schema(description = "The role's id.") String role,
        @Schema(description = "GTS type of the one resource; absent: in the whole tenant.") @Nullable String resourceType,
        @Schema(description = "Id of the one resource; absent: in the whole tenant.") @Nullable String resourceId,
        @Schema(description = "When it was made.") Instant createdAt,
        @Schema(description = "When it ends; absent: never.") @Nullable Instant expiresAt) {
    static BindingDto of(Binding binding) {
        Binding.Target target = binding.resource();
        return new BindingDto(
                binding.id(),
                binding.principal(),
                binding.role(),
                target == null ? null : target.type().toString(),
                target == null ? null : target.id(),
                binding.createdAt(),
                binding.expiresAt());
    }
}

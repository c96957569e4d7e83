// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.hyperspot.authz.engine.Policy;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A policy on the wire. */
@Schema(name = "Policy", description = "A rule beside the roles.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicyDto(
        @Schema(description = "UUID version 7.") String id,
        @Schema(description = "Its name.") String name,
        @Schema(description = "What it is for.") String description,
        @Schema(description = "permit, forbid (wins over everything) or restrict (to addresses).") String effect,
        @Schema(description = "What it is about. A permit: every permission that it implies; the others: every operation that has anything in common with it.") String target,
        @Schema(description = "Whom it is about; empty: everybody.") String principal,
        @Schema(description = "A CEL expression; empty: always.") String condition,
        @Schema(description = "For restrict: from where alone requests may come.") List<String> addresses,
        @Schema(description = "When it was made.") Instant createdAt) {
    static PolicyDto of(Policy policy) {
        return new PolicyDto(
                policy.id(),
                policy.name(),
                policy.description(),
                policy.effect().text(),
                policy.target().toString(),
                policy.principal(),
                policy.condition(),
                policy.addresses(),
                policy.createdAt());
    }
}

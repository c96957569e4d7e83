// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.rest;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A wanted policy on the wire. */
@Schema(name = "PolicyRequest", description = "A policy as it shall be.")
public record PolicyRequest(
        @Schema(description = "1 to 63 lower-case letters, digits, '-' and '_'.", required = true) @Nullable String name,
        @Schema(description = "What it is for.") @Nullable String description,
        @Schema(description = "permit, forbid or restrict.", required = true) @Nullable String effect,
        @Schema(description = "<gts pattern>:<action>: a permit covers what it implies, the others count for every operation that has anything in common with it; absent: everything.")
                @Nullable String target,
        @Schema(description = "user:<id>, key:<prefix>, service:<id> or group:<name>; absent: everybody.")
                @Nullable String principal,
        @Schema(description = "A CEL expression over subject, action, resource and context; absent: always.")
                @Nullable String condition,
        @Schema(description = "For restrict: addresses and blocks such as 192.0.2.0/24.") @Nullable List<String> addresses,
        @Schema(description = "Whether it may shut out the caller as well; without, such a policy is refused.")
                @Nullable Boolean force) {}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The caller on the wire. */
@Schema(name = "Caller", description = "Who calls.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CallerDto(
        @Schema(description = "By which bindings and audits name them.") String subject,
        @Schema(description = "Their name; only of a session.") @Nullable String name,
        @Schema(description = "Whose data they work with.") String tenant,
        @Schema(description = "Their groups.") List<String> groups,
        @Schema(description = "What is granted to them, each <gts pattern>:<action>.") List<String> permissions,
        @Schema(description = "What their credential is limited to, each <gts pattern>:<action>.") List<String> scopes,
        @Schema(description = "The session's id; only of a session.") @Nullable String sessionId,
        @Schema(description = "When the session ends also when it is used.") @Nullable Instant expiresAt,
        @Schema(description = "To be sent in the header x-csrf-token; only of a session.") @Nullable String csrfToken) {}

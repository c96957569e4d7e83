// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.rest;

import io.hyperspot.security.SecurityContext;
import io.hyperspot.usage.UsageRecord;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A record to be taken, on the wire. */
@Schema(name = "UsageRecordRequest", description = "That something was used.")
public record RecordRequest(
        @Schema(description = "Unique within the tenant: what is sent again with the same id counts once.", required = true)
                @Nullable String id,
        @Schema(description = "The tenant that used it; absent: the caller's.") @Nullable String tenantId,
        @Schema(description = "Who used it, such as key:hs_1a2b3c4d.") @Nullable String subject,
        @Schema(description = "The GTS id of a usage type, as GET /usage/v1/types lists them.", required = true) @Nullable String type,
        @Schema(description = "What was used, such as openai/gpt-5.") @Nullable String resource,
        @Schema(description = "A decimal number in a string.", required = true) @Nullable String quantity,
        @Schema(description = "When it was used.", required = true) @Nullable Instant at,
        @Schema(description = "What else is known, at most 20.") @Nullable Map<String, String> dimensions) {
    UsageRecord record(SecurityContext ctx) {
        if (at == null) {
            // a time of our own would make it another record each time it is sent
            throw Texts.invalid("'at' is missing: say when it was used");
        }
        return new UsageRecord(
                Texts.required(id, "id"),
                Texts.tenant(ctx, tenantId),
                Objects.requireNonNullElse(subject, ""),
                Texts.required(type, "type"),
                Objects.requireNonNullElse(resource, ""),
                Texts.decimal(quantity, "quantity"),
                at,
                Objects.requireNonNullElse(dimensions, Map.of()));
    }
}

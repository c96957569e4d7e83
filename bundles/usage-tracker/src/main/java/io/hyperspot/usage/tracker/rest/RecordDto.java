// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.rest;

import io.hyperspot.usage.UsageRecord;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A record on the wire. */
@Schema(name = "UsageRecord", description = "That something was used.")
public record RecordDto(
        @Schema(description = "Unique within the tenant; given by whoever reported it.") String id,
        @Schema(description = "The tenant that used it.") String tenantId,
        @Schema(description = "Who used it; may be empty.") String subject,
        @Schema(description = "The GTS id of its usage type.") String type,
        @Schema(description = "What was used; may be empty.") String resource,
        @Schema(description = "A decimal number in a string, so that nobody rounds it.") String quantity,
        @Schema(description = "When it was used.") Instant at,
        @Schema(description = "What else is known.") Map<String, String> dimensions,
        @Schema(description = "The record that this one corrects; absent: none.") @Nullable String corrects) {
    static RecordDto of(UsageRecord record) {
        return new RecordDto(
                record.id(),
                record.tenant().toString(),
                record.subject(),
                record.type(),
                record.resource(),
                record.quantity().toPlainString(),
                record.at(),
                record.dimensions(),
                record.isCorrection() ? record.corrects() : null);
    }
}

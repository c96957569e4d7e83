// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.rest;

import io.hyperspot.audit.trail.Entry;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A record on the wire. */
@Schema(name = "AuditEvent", description = "An act that was recorded.")
public record EventDto(
        @Schema(description = "Its number in the tenant's trail, from 1.") long seq,
        @Schema(description = "UUID version 7.") String id,
        @Schema(description = "When it was done.") Instant at,
        @Schema(description = "Who did it; null: erased.") @Nullable String actor,
        @Schema(description = "What was done, <kind>.<verb>.") String action,
        @Schema(description = "The id of what it was done to, or empty.") String target,
        @Schema(description = "done, denied or failed.") String outcome,
        @Schema(description = "What else was recorded; null: erased.") @Nullable Map<String, String> details,
        @Schema(description = "SHA-256 of the record and, through it, of all before.") String hash) {
    static EventDto of(Entry entry) {
        return new EventDto(
                entry.link().seq(),
                entry.link().id(),
                Instant.ofEpochMilli(entry.link().at()),
                entry.actor(),
                entry.link().action(),
                entry.target(),
                entry.link().outcome().toLowerCase(java.util.Locale.ROOT),
                entry.details(),
                entry.hash());
    }
}

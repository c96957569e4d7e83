// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.rest;

import io.hyperspot.audit.trail.Trail.Hold;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A hold on the wire. */
@Schema(name = "AuditHold", description = "Why a trail is kept whole.")
public record HoldDto(
        @Schema(description = "UUID.") String id,
        @Schema(description = "Why.") String reason,
        @Schema(description = "Who said so.") String createdBy,
        @Schema(description = "Since when.") Instant createdAt) {
    static HoldDto of(Hold hold) {
        return new HoldDto(hold.id(), hold.reason(), hold.createdBy(), Instant.ofEpochMilli(hold.createdAt()));
    }
}

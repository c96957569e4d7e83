// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.rest;

import io.hyperspot.usage.Quota;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A quota on the wire. */
@Schema(name = "Quota", description = "A limit to what a tenant and those below it use together.")
public record QuotaDto(
        @Schema(description = "UUID.") String id,
        @Schema(description = "Whom it limits.") String tenantId,
        @Schema(description = "The tenant that set it; it and those above can change it.") String ownerTenantId,
        @Schema(description = "Whom of the tenant it limits; empty: all together.") String subject,
        @Schema(description = "The GTS id of a usage type that is a counter.") String type,
        @Schema(description = "hour, day, month (in UTC) or total.") String period,
        @Schema(description = "A decimal number in a string.") String limit,
        @Schema(description = "hard, soft or grace.") String enforcement,
        @Schema(description = "How much more passes with enforcement grace.") String grace,
        @Schema(description = "When it was made.") Instant createdAt) {
    static QuotaDto of(Quota quota) {
        return new QuotaDto(
                quota.id(),
                quota.tenant().toString(),
                quota.owner().toString(),
                quota.subject(),
                quota.type(),
                quota.period().text(),
                quota.limit().toPlainString(),
                quota.enforcement().text(),
                quota.grace().toPlainString(),
                quota.createdAt());
    }
}

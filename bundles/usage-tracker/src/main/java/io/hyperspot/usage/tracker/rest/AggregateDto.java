// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.rest;

import io.hyperspot.usage.Aggregate;
import java.math.BigDecimal;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A sum on the wire. */
@Schema(name = "UsageAggregate", description = "A sum of records.")
public record AggregateDto(
        @Schema(description = "The GTS id of the usage type.") String type,
        @Schema(description = "When the period began.") Instant start,
        @Schema(description = "When grouped by tenant.") @Nullable String tenantId,
        @Schema(description = "When grouped by subject.") @Nullable String subject,
        @Schema(description = "When grouped by resource.") @Nullable String resource,
        @Schema(description = "A decimal number in a string, corrections included.") String sum,
        @Schema(description = "How many records, corrections not included.") long count,
        @Schema(description = "Of a gauge, the latest measurement.") @Nullable String last,
        @Schema(description = "Of a gauge, when that was.") @Nullable Instant lastAt) {
    static AggregateDto of(Aggregate aggregate) {
        BigDecimal last = aggregate.last();
        return new AggregateDto(
                aggregate.type(),
                aggregate.start(),
                aggregate.tenant() == null ? null : aggregate.tenant().toString(),
                aggregate.subject(),
                aggregate.resource(),
                aggregate.sum().toPlainString(),
                aggregate.count(),
                last == null ? null : last.toPlainString(),
                aggregate.lastAt());
    }
}

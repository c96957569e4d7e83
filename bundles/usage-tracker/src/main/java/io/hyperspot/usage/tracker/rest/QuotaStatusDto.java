// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.rest;

import io.hyperspot.usage.Quota;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How a quota stands, on the wire. */
@Schema(name = "QuotaStatus", description = "How a quota stands now.")
public record QuotaStatusDto(
        @Schema(description = "The quota.") QuotaDto quota,
        @Schema(description = "What records say, a decimal number in a string.") String used,
        @Schema(description = "What is held by work that has not ended.") String reserved,
        @Schema(description = "What still passes.") String left,
        @Schema(description = "When the period began.") Instant start,
        @Schema(description = "When it ends; absent: never.") @Nullable Instant renewsAt) {
    static QuotaStatusDto of(Quota.Status status) {
        return new QuotaStatusDto(
                QuotaDto.of(status.quota()),
                status.used().toPlainString(),
                status.reserved().toPlainString(),
                status.left().toPlainString(),
                status.start(),
                status.renewsAt());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.rest;

import io.hyperspot.security.SecurityContext;
import io.hyperspot.usage.NewQuota;
import io.hyperspot.usage.Period;
import io.hyperspot.usage.Quota;
import java.math.BigDecimal;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A wanted quota on the wire. */
@Schema(name = "QuotaRequest", description = "A limit to be set.")
public record QuotaRequest(
        @Schema(description = "Whom it limits; absent: the caller's tenant.") @Nullable String tenantId,
        @Schema(description = "Whom of the tenant it limits; absent: all together.") @Nullable String subject,
        @Schema(description = "The GTS id of a usage type that is a counter.", required = true) @Nullable String type,
        @Schema(description = "hour, day, month (default) or total.") @Nullable String period,
        @Schema(description = "A decimal number in a string.", required = true) @Nullable String limit,
        @Schema(description = "hard (default): nothing passes at the limit; soft: everything, with a warning; grace: as much as 'grace' says.")
                @Nullable String enforcement,
        @Schema(description = "How much more passes with enforcement grace.") @Nullable String grace) {
    NewQuota quota(SecurityContext ctx) {
        return new NewQuota(
                Texts.tenant(ctx, tenantId),
                Objects.requireNonNullElse(subject, ""),
                Texts.required(type, "type"),
                Texts.period(period, Period.MONTH),
                Texts.decimal(limit, "limit"),
                enforcement == null ? Quota.Enforcement.HARD : Texts.word(Quota.Enforcement.class, enforcement, "enforcement"),
                grace == null ? BigDecimal.ZERO : Texts.decimal(grace, "grace"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage;

import io.hyperspot.security.TenantId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A limit to what a tenant and all those below it use together, barriers or not.
 *
 * @param owner the tenant that set it, which alone may change it, with those above
 * @param subject whom it limits; empty: all together
 * @param type id of a {@link UsageType} that is a counter
 * @param grace how much more than the limit passes, for {@link Enforcement#GRACE}; else zero
 * @param version grows with every change of it
 */
public record Quota(
        String id,
        TenantId tenant,
        TenantId owner,
        String subject,
        String type,
        Period period,
        BigDecimal limit,
        Enforcement enforcement,
        BigDecimal grace,
        Instant createdAt,
        long version) {
    /** What happens at the limit. */
    public enum Enforcement {
        /** Nothing passes. */
        HARD,
        /** Everything passes, with a warning. */
        SOFT,
        /** The grace passes, with a warning; then nothing. */
        GRACE;

        /** As on the wire. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * How it stands now.
     *
     * @param used what records say, those included that were reported without a reservation
     * @param reserved what is held by reservations that are not settled
     * @param left what still passes; never below zero
     * @param renewsAt when the period ends; null: never
     */
    public record Status(
            Quota quota,
            BigDecimal used,
            BigDecimal reserved,
            BigDecimal left,
            Instant start,
            @Nullable Instant renewsAt) {}
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage;

import io.hyperspot.security.TenantId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

/**
 * That something was used. Never changed: what is wrong is corrected by a further record.
 *
 * @param id given by whoever reports it, unique within the tenant: a record that is sent again has the same
 *     one and counts once
 * @param subject who used it, for example {@code key:hs_1}; may be empty
 * @param type id of a {@link UsageType}
 * @param resource what was used, for example {@code openai/gpt-5}; may be empty
 * @param quantity exact; of a correction the difference
 * @param at when it was used; of a correction when the original was
 * @param dimensions what else is known, by names in lower case; at most 20
 * @param corrects id of the record that this one corrects, or empty
 */
public record UsageRecord(
        String id,
        TenantId tenant,
        String subject,
        String type,
        String resource,
        BigDecimal quantity,
        Instant at,
        Map<String, String> dimensions,
        String corrects) {
    public UsageRecord {
        dimensions = Map.copyOf(dimensions);
    }

    /** A record that corrects nothing. */
    public UsageRecord(
            String id,
            TenantId tenant,
            String subject,
            String type,
            String resource,
            BigDecimal quantity,
            Instant at,
            Map<String, String> dimensions) {
        this(id, tenant, subject, type, resource, quantity, at, dimensions, "");
    }

    public boolean isCorrection() {
        return !corrects.isEmpty();
    }
}

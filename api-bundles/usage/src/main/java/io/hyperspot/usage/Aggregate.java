// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage;

import io.hyperspot.security.TenantId;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A sum. What it was not grouped by is null.
 *
 * @param start of the period
 * @param sum of all quantities, corrections included
 * @param count of records, corrections not included
 * @param last of a gauge, the latest measurement
 */
public record Aggregate(
        String type,
        Instant start,
        @Nullable TenantId tenant,
        @Nullable String subject,
        @Nullable String resource,
        BigDecimal sum,
        long count,
        @Nullable BigDecimal last,
        @Nullable Instant lastAt) {}

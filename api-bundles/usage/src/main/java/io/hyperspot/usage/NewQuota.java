// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage;

import io.hyperspot.security.TenantId;
import java.math.BigDecimal;

/** A quota as it shall be, by the words of {@link Quota}. */
public record NewQuota(
        TenantId tenant,
        String subject,
        String type,
        Period period,
        BigDecimal limit,
        Quota.Enforcement enforcement,
        BigDecimal grace) {}

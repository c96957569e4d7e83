// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage;

import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What was used, by whom. An OSGi service, thread-safe. A caller reports and reads the usage of its own tenant
 * and of those below it that no barrier hides; of every other it learns not even that it exists. Every method
 * throws {@link io.hyperspot.modkit.ProblemException} UNAVAILABLE when the database or the tenants cannot be
 * reached; what was reported can be reported again then.
 */
@ProviderType
public interface UsageTracker {
    /** As many records are taken at once. */
    int MOST_RECORDS = 1000;

    /**
     * Takes records. When this returns, the accepted ones survive a crash, and are in every sum and quota.
     *
     * @param records at most {@link #MOST_RECORDS}
     * @return one outcome for each, in the same order
     */
    List<Outcome> ingest(SecurityContext ctx, List<UsageRecord> records);

    /**
     * Corrects a record of a counter by a further one, which counts in the period of the original. Corrected
     * as a whole, a record never falls below zero.
     *
     * @param id of the correction, given by the caller as that of every record
     * @param difference what is to be added to the original; negative to take away
     * @param reason for whoever reads it later
     * @throws io.hyperspot.modkit.ProblemException NOT_FOUND when there is no such record
     */
    Outcome correct(
            SecurityContext ctx, TenantId tenant, String original, String id, BigDecimal difference, String reason);

    Optional<UsageRecord> find(SecurityContext ctx, TenantId tenant, String id);

    List<UsageRecord> list(SecurityContext ctx, RecordQuery query);

    /** Sums, ordered by type and start. They hold every accepted record. */
    List<Aggregate> aggregate(SecurityContext ctx, AggregateQuery query);

    /** What can be reported, ordered by id. */
    List<UsageType> types(SecurityContext ctx);
}

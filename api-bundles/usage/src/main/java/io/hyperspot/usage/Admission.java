// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the quotas let something pass. */
public sealed interface Admission {
    /**
     * It passes, and what was asked for is held until it is settled, released, or expires.
     *
     * @param warnings ids of the caller's own quotas that are exceeded and let it pass nevertheless
     */
    record Reservation(String id, Instant expiresAt, List<String> warnings) implements Admission {
        public Reservation {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * It does not pass, and nothing is held.
     *
     * @param quota the quota that stopped it; null: it is one of a tenant above, of which no more is told
     * @param type what there is too little of
     * @param left how much would have passed; zero for a quota of a tenant above
     * @param renewsAt when there will be more again; null: not by itself
     */
    record Refusal(@Nullable String quota, String type, BigDecimal left, @Nullable Instant renewsAt) implements Admission {}
}

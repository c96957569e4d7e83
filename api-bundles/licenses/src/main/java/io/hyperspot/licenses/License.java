// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.licenses;

import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPattern;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant may use. Immutable.
 *
 * @param features GTS ids of features, or patterns of them
 * @param expiresAt from when on it says nothing any more; null: never
 */
public record License(List<GtsPattern> features, @Nullable Instant expiresAt) {
    /** The GTS type of features, below which each has an id. */
    public static final String FEATURE = "gts.hyperspot.core.lic.feat.v1~";

    /** Nothing is licensed. */
    public static final License NONE = new License(List.of(), null);

    public License {
        features = List.copyOf(features);
    }

    public boolean covers(GtsId feature, Instant now) {
        return !isExpired(now) && features.stream().anyMatch(pattern -> pattern.matches(feature));
    }

    public boolean isExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }
}

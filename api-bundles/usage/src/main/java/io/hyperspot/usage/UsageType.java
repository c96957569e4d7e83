// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage;

import java.util.Locale;

/**
 * What is used: a GTS type below {@link #BASE}, whose traits say the rest.
 *
 * @param id its GTS id
 * @param unit in what it is counted
 * @param scale how many digits behind the point a quantity may have; it never changes, because quantities are
 *     kept as whole numbers of the last digit
 */
public record UsageType(String id, Kind kind, String unit, int scale) {
    public static final String BASE = "gts.hyperspot.core.usage.usage_type.v1~";

    /** Calls of the API. */
    public static final String REQUESTS = BASE + "hyperspot.core.usage.requests.v1~";

    /** What is stored. */
    public static final String STORED_BYTES = BASE + "hyperspot.core.usage.stored_bytes.v1~";

    public static final int MOST_SCALE = 12;

    /** How quantities add up. */
    public enum Kind {
        /** Each record is an amount that was used; their sum counts, and can be limited. */
        COUNTER,
        /** Each record is a measurement; the latest counts. */
        GAUGE;

        /** As on the wire. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

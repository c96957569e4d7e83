// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Spans of time in UTC, in which usage is summed and limited. */
public enum Period {
    HOUR,
    DAY,
    MONTH,
    /** All time. */
    TOTAL;

    /** When the span began that a moment is in. */
    public Instant start(Instant moment) {
        ZonedDateTime at = moment.atZone(ZoneOffset.UTC);
        return switch (this) {
            case HOUR -> at.truncatedTo(ChronoUnit.HOURS).toInstant();
            case DAY -> at.truncatedTo(ChronoUnit.DAYS).toInstant();
            case MONTH -> at.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1).toInstant();
            case TOTAL -> Instant.EPOCH;
        };
    }

    /** When the next span begins; null: never. */
    public @Nullable Instant next(Instant moment) {
        ZonedDateTime start = start(moment).atZone(ZoneOffset.UTC);
        return switch (this) {
            case HOUR -> start.plusHours(1).toInstant();
            case DAY -> start.plusDays(1).toInstant();
            case MONTH -> start.plusMonths(1).toInstant();
            case TOTAL -> null;
        };
    }

    /** As on the wire. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.trail;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which records are asked for; null members ask for nothing in particular.
 *
 * @param action exactly, or all that begin as said before a closing {@code *}
 * @param from inclusive
 * @param to exclusive
 */
public record TrailFilter(
        @Nullable String actor,
        @Nullable String action,
        @Nullable String target,
        @Nullable String outcome,
        @Nullable Instant from,
        @Nullable Instant to) {
    /** All records. */
    public static final TrailFilter ALL = new TrailFilter(null, null, null, null, null, null);
}

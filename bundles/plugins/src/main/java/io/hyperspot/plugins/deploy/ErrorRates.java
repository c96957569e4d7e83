// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import io.hyperspot.modkit.worker.Rollouts.Tally;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a new version fails more often than the old one. One failure proves nothing: there must be
 * a few, and clearly more than before.
 */
final class ErrorRates {
    private static final long ENOUGH = 3;
    private static final double FACTOR = 2;
    private static final double MARGIN = 0.05;

    private ErrorRates() {}

    /** In words, or null. */
    static @Nullable String trouble(Tally before, Tally next) {
        if (next.broken() != null) {
            return next.broken();
        }
        double tolerated = before.failureRate() * FACTOR + MARGIN;
        if (next.failures() < ENOUGH || next.failureRate() <= tolerated) {
            return null;
        }
        return String.format(
                Locale.ROOT,
                "%d of its %d calls failed (%.0f %%; before: %.0f %%)",
                next.failures(),
                next.calls(),
                100 * next.failureRate(),
                100 * before.failureRate());
    }
}

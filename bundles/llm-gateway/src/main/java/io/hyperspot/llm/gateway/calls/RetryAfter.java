// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.calls;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import org.jspecify.annotations.Nullable;

/** When a client may ask again. */
public final class RetryAfter {
    private RetryAfter() {}

    /** Seconds, as {@code Retry-After} has them; null: the problem does not pass by waiting. */
    public static @Nullable String of(ProblemException problem) {
        Object known = problem.context().get("retry_after_seconds");
        if (known != null) {
            return known.toString();
        }
        return problem.category() == ErrorCategory.UNAVAILABLE ? "1" : null;
    }
}

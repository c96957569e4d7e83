// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.calls;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import org.jspecify.annotations.Nullable;

/** Statuses of providers after which another may do better. */
final class Passing {
    private Passing() {}

    /** The problem of such a status; null: it is none. */
    static @Nullable ProblemException problem(int status) {
        ErrorCategory category = switch (status) {
            case 404 -> ErrorCategory.NOT_FOUND;
            case 408, 504 -> ErrorCategory.DEADLINE_EXCEEDED;
            case 429 -> ErrorCategory.RESOURCE_EXHAUSTED;
            case 503, 529 -> ErrorCategory.UNAVAILABLE;
            default -> status >= 500 ? ErrorCategory.BAD_UPSTREAM : null;
        };
        return category == null
                ? null
                : new ProblemException(category, "PROVIDER_STATUS", "the provider answered with status " + status);
    }
}

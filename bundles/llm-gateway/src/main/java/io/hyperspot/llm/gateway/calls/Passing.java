// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.calls;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;

/** Statuses of providers after which another may do better. */
final class Passing {
    private Passing() {}

    static boolean is(int status) {
        return status == 404 || status == 408 || status == 429 || status >= 500;
    }

    /** The problem of one of them. */
    static ProblemException problem(int status) {
        ErrorCategory category = switch (status) {
            case 404 -> ErrorCategory.NOT_FOUND;
            case 408, 504 -> ErrorCategory.DEADLINE_EXCEEDED;
            case 429 -> ErrorCategory.RESOURCE_EXHAUSTED;
            case 503, 529 -> ErrorCategory.UNAVAILABLE;
            default -> ErrorCategory.BAD_UPSTREAM;
        };
        return new ProblemException(category, "PROVIDER_STATUS", "the provider answered with status " + status);
    }
}

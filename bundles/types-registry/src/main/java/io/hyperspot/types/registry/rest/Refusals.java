// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.rest;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.types.registry.store.Registration.Reason;
import io.hyperspot.types.registry.store.Registration.Refused;
import java.util.List;
import java.util.Map;

/** Refused documents as problems. */
final class Refusals {
    private Refusals() {}

    static ProblemException problem(Refused refused) {
        List<Map<String, Object>> violations = refused.violations().stream()
                .map(violation -> Map.<String, Object>of("pointer", violation.pointer(), "message", violation.message()))
                .toList();
        return new ProblemException(
                category(refused.reason()), code(refused.reason()), refused.message() + ".", Map.of("violations", violations), null);
    }

    static String code(Reason reason) {
        return switch (reason) {
            case INVALID_ID -> "TYPES_REGISTRY_INVALID_GTS_ID";
            case INVALID -> "TYPES_REGISTRY_VALIDATION_FAILED";
            case CONFLICT -> "TYPES_REGISTRY_ALREADY_EXISTS";
            case FORBIDDEN -> "TYPES_REGISTRY_FOREIGN_NAMESPACE";
            case EXHAUSTED -> "TYPES_REGISTRY_TOO_MANY_ENTITIES";
            case ABANDONED -> "TYPES_REGISTRY_BATCH_REFUSED";
        };
    }

    private static ErrorCategory category(Reason reason) {
        return switch (reason) {
            case INVALID_ID -> ErrorCategory.INVALID_ARGUMENT;
            case INVALID, ABANDONED -> ErrorCategory.UNPROCESSABLE;
            case CONFLICT -> ErrorCategory.ALREADY_EXISTS;
            case FORBIDDEN -> ErrorCategory.PERMISSION_DENIED;
            case EXHAUSTED -> ErrorCategory.RESOURCE_EXHAUSTED;
        };
    }
}

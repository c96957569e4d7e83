// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.types.registry.store.Registration;
import io.hyperspot.types.registry.store.Store;
import java.util.List;
import java.util.Map;

/** Batches, as several operations take them. */
final class Registrations {
    private Registrations() {}

    static RegistrationDto register(
            Store store, SecurityContext ctx, List<JsonNode> documents, boolean atomic, boolean dryRun) {
        RegistrationDto result = RegistrationDto.of(store.register(
                ctx.tenant(), documents, new Registration.Mode(true, atomic, dryRun), ctx.subject()));
        if (atomic && result.summary().failed() > 0) {
            throw new ProblemException(
                    ErrorCategory.UNPROCESSABLE,
                    "TYPES_REGISTRY_BATCH_REFUSED",
                    "Nothing is registered, because not all of the documents can be; 'results' says what is wrong.",
                    Map.of("summary", result.summary(), "results", result.results()),
                    null);
        }
        return result;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.hyperspot.types.registry.engine.Violation;
import io.hyperspot.types.registry.store.Registration;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What came of a batch. */
@Schema(name = "TypesRegistryRegistrationResult", description = "What came of each document, in the order of the request.")
record RegistrationDto(
        @JsonProperty("summary") Summary summary, @JsonProperty("results") List<Item> results) {
    /** How many. */
    @Schema(name = "TypesRegistrySummary", description = "How many documents there were and what came of them.")
    record Summary(
            @JsonProperty("total") int total,
            @JsonProperty("succeeded") int succeeded,
            @JsonProperty("failed") int failed) {}

    /** One of them. */
    @Schema(name = "TypesRegistryItemResult", description = "What came of one document.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Item(
            @Schema(description = "ok or error.") @JsonProperty("status") String status,
            @Schema(description = "What is registered, or would be.") @JsonProperty("entity") @Nullable EntityDto entity,
            @Schema(description = "The id, as far as there is one.") @JsonProperty("gts_id") @Nullable String gtsId,
            @Schema(description = "What is wrong, in words.") @JsonProperty("error") @Nullable String error,
            @Schema(description = "What is wrong, for programs.") @JsonProperty("code") @Nullable String code,
            @Schema(description = "Everything that is wrong, with JSON pointers.") @JsonProperty("violations")
                    @Nullable List<Violation> violations) {
        static Item of(Registration registration) {
            return switch (registration) {
                case Registration.Done done -> new Item("ok", EntityDto.of(done.entity()), null, null, null, null);
                case Registration.Refused refused ->
                    new Item(
                            "error",
                            null,
                            refused.key().isEmpty() ? null : refused.key(),
                            refused.message(),
                            Refusals.code(refused.reason()),
                            refused.violations());
            };
        }
    }

    static RegistrationDto of(List<Registration> registrations) {
        int failed = (int) registrations.stream()
                .filter(Registration.Refused.class::isInstance)
                .count();
        return new RegistrationDto(
                new Summary(registrations.size(), registrations.size() - failed, failed),
                registrations.stream().map(Item::of).toList());
    }
}

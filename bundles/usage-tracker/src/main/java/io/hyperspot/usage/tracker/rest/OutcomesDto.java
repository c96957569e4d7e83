// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.rest;

import io.hyperspot.usage.Outcome;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What became of records, on the wire. */
@Schema(name = "UsageOutcomes", description = "What became of records, in the order in which they were sent.")
public record OutcomesDto(
        @Schema(description = "How many are new.") int accepted,
        @Schema(description = "How many were there already; they count once.") int duplicates,
        @Schema(description = "How many were refused.") int rejected,
        @Schema(description = "One for each.") List<OutcomeDto> outcomes) {
    /** What became of one. */
    @Schema(name = "UsageOutcome", description = "What became of a record.")
    public record OutcomeDto(
            @Schema(description = "The record's id.") String id,
            @Schema(description = "accepted, duplicate or rejected.") String status,
            @Schema(description = "Why it was refused, for programs.") @Nullable String code,
            @Schema(description = "Why it was refused, for people.") @Nullable String detail) {
        static OutcomeDto of(Outcome outcome) {
            return switch (outcome) {
                case Outcome.Accepted(String id) -> new OutcomeDto(id, "accepted", null, null);
                case Outcome.Duplicate(String id) -> new OutcomeDto(id, "duplicate", null, null);
                case Outcome.Rejected(String id, String code, String reason) -> new OutcomeDto(id, "rejected", code, reason);
            };
        }
    }

    static OutcomesDto of(List<Outcome> outcomes) {
        return new OutcomesDto(
                count(outcomes, Outcome.Accepted.class),
                count(outcomes, Outcome.Duplicate.class),
                count(outcomes, Outcome.Rejected.class),
                outcomes.stream().map(OutcomeDto::of).toList());
    }

    private static int count(List<Outcome> outcomes, Class<? extends Outcome> kind) {
        return (int) outcomes.stream().filter(kind::isInstance).count();
    }
}

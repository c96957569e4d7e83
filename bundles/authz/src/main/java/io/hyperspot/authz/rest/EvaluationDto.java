// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.hyperspot.authz.Constraint;
import io.hyperspot.authz.Decision;
import java.util.List;
import java.util.TreeSet;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An answer, or many, shaped as in AuthZEN 1.0. */
@Schema(name = "EvaluationResponse", description = "A decision, or one for each of many questions.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EvaluationDto(
        @Schema(description = "Whether it is allowed; absent when there were many questions.") @Nullable Boolean decision,
        @Schema(description = "Why, and to which resources.") @Nullable Reason context,
        @Schema(description = "The answers to many questions, in their order.") @Nullable List<EvaluationDto> evaluations) {
    /** Why. */
    @Schema(name = "EvaluationReason", description = "Why it was decided so.")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Reason(
            @Schema(description = "For programs: CREDENTIAL, ROLE, POLICY, NOT_GRANTED, OUT_OF_SCOPE, FORBIDDEN, POLICY_FAILED, ADDRESS or UNAVAILABLE.")
                    String code,
            @Schema(description = "The rule that decided, or what is missing; only when it was asked for.")
                    @Nullable String rule,
            @Schema(description = "Which resources it reaches: those that satisfy all predicates of any one constraint.")
                    List<List<PredicateDto>> constraints) {}

    /** A condition on a resource. */
    @Schema(name = "EvaluationPredicate", description = "A condition on a property of a resource.")
    public record PredicateDto(
            @Schema(description = "eq, in or in_tenant_subtree.") String op,
            @Schema(description = "The property.") String property,
            @Schema(description = "The values that it may have.") List<String> values) {
        static PredicateDto of(Constraint.Predicate predicate) {
            return switch (predicate) {
                case Constraint.Eq(String property, String value) -> new PredicateDto("eq", property, List.of(value));
                case Constraint.In in -> new PredicateDto("in", in.property(), List.copyOf(new TreeSet<>(in.values())));
                case Constraint.InTenantSubtree subtree ->
                    new PredicateDto("in_tenant_subtree", "tenant_id", List.of(subtree.root().toString()));
            };
        }
    }

    static EvaluationDto of(Decision decision, boolean explained) {
        List<List<PredicateDto>> constraints = decision.constraints().stream()
                .map(constraint -> constraint.predicates().stream().map(PredicateDto::of).toList())
                .toList();
        return new EvaluationDto(
                decision.allowed(),
                new Reason(decision.code().name(), explained ? decision.rule() : null, constraints),
                null);
    }
}

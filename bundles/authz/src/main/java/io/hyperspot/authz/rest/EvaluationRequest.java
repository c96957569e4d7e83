// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.rest;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A question, or many, shaped as in AuthZEN 1.0. */
@Schema(name = "EvaluationRequest", description = "May a subject do something to a resource? With evaluations: many questions, for which the other members are defaults.")
public record EvaluationRequest(
        @Schema(description = "Who; absent: the caller.") @Nullable Subject subject,
        @Schema(description = "What is to be done.") @Nullable Action action,
        @Schema(description = "To what.") @Nullable Resource resource,
        @Schema(description = "Under which circumstances.") @Nullable Circumstances context,
        @Schema(description = "At most 100 questions.") @Nullable List<Question> evaluations) {
    /** Who. */
    @Schema(name = "EvaluationSubject", description = "A subject of the caller's tenant.")
    public record Subject(
            @Schema(description = "user, key or service.") @Nullable String type,
            @Schema(description = "Its id.", required = true) @Nullable String id,
            @Schema(description = "Its groups.") @Nullable List<String> groups,
            @Schema(description = "What its credential carries itself, each <gts pattern>:<action>.")
                    @Nullable List<String> permissions,
            @Schema(description = "Further properties, for conditions.") @Nullable Map<String, Object> properties) {}

    /** What is to be done. */
    @Schema(name = "EvaluationAction", description = "An action, for example read.")
    public record Action(
            @Schema(description = "Its name.", required = true) @Nullable String name,
            @Schema(description = "Further properties.") @Nullable Map<String, Object> properties) {}

    /** To what. */
    @Schema(name = "EvaluationResource", description = "A resource of the caller's tenant.")
    public record Resource(
            @Schema(description = "GTS type or pattern.", required = true) @Nullable String type,
            @Schema(description = "Its id; absent: any.") @Nullable String id,
            @Schema(description = "Further properties, for conditions.") @Nullable Map<String, Object> properties) {}

    /** Under which circumstances. */
    @Schema(name = "EvaluationContext", description = "The circumstances of the access.")
    public record Circumstances(
            @Schema(description = "The address from which the subject comes.") @Nullable String address,
            @Schema(description = "When; absent: now.") @Nullable Instant time,
            @Schema(description = "What the credential is limited to; absent: nothing.") @Nullable List<String> scopes) {}

    /** One of many questions. */
    @Schema(name = "Evaluation", description = "One of many questions.")
    public record Question(
            @Schema(description = "Who.") @Nullable Subject subject,
            @Schema(description = "What is to be done.") @Nullable Action action,
            @Schema(description = "To what.") @Nullable Resource resource,
            @Schema(description = "Under which circumstances.") @Nullable Circumstances context) {}
}

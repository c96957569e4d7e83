// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.rest;

import io.hyperspot.modkit.worker.Selection;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A selection of workers as the API shows it. */
@Schema(name = "WorkerSelection", description = "Which workers answer the requests of a tenant.")
public record SelectionDto(
        UUID tenant,
        @Schema(description = "Those that answer, by type, in the order in which they are asked") List<AnswerDto> answers,
        @Schema(description = "The whole explanation, for people") String text) {

    /** A worker that answers as the API shows it. */
    @Schema(name = "WorkerAnswer", description = "A worker that answers.")
    public record AnswerDto(
            @Schema(description = "GTS type") String type,
            @Schema(description = "GTS instance id") String instance,
            @Schema(description = "Symbolic name and version of its bundle") String origin,
            @Schema(description = "Its share of the requests for this instance") int percent,
            @Schema(description = "Whether it also gets the requests that name no instance") boolean preferred) {}

    static SelectionDto of(Selection selection, UUID tenant) {
        return new SelectionDto(
                tenant,
                selection.answers().stream()
                        .map(answer -> new AnswerDto(
                                answer.type(), answer.instance(), answer.origin(), answer.percent(), answer.preferred()))
                        .toList(),
                selection.text());
    }
}

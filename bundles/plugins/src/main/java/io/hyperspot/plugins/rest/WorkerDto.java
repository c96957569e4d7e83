// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.hyperspot.modkit.worker.Admission;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A worker on the wire. */
@Schema(name = "Worker", description = "A worker service and what became of it.")
@JsonInclude(JsonInclude.Include.NON_NULL)
record WorkerDto(
        @Schema(description = "GTS type, as the worker declares it.") @JsonProperty("type") String type,
        @Schema(description = "GTS instance id, as the worker declares it.") @JsonProperty("instance") String instance,
        @Schema(description = "admitted, pending, rejected, conflict, standby, broken or draining.") @JsonProperty("state")
                String state,
        @Schema(description = "What is wrong and what would mend it.") @JsonProperty("reason") @Nullable String reason,
        @Schema(description = "The lowest is preferred.") @JsonProperty("priority") int priority,
        @Schema(description = "Symbolic name and version of its bundle.") @JsonProperty("bundle") String bundle,
        @Schema(description = "Percent of the requests for its instance id.") @JsonProperty("share") int share,
        @Schema(description = "Calls at work.") @JsonProperty("in_flight") int inFlight) {

    static WorkerDto of(Admission.Entry entry) {
        return new WorkerDto(
                entry.type(),
                entry.instance(),
                state(entry),
                entry.reason().isEmpty() ? null : entry.reason(),
                entry.priority(),
                entry.origin(),
                entry.share().percent(),
                entry.inFlight());
    }

    static String state(Admission.Entry entry) {
        return entry.state().name().toLowerCase(Locale.ROOT);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.hyperspot.plugins.Plugin;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A plugin as the API shows it. */
@Schema(name = "Plugin", description = "A plugin, or a file of the drop-in folder that is none.")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PluginDto(
        @Schema(description = "Symbolic name of the bundle; absent for a file that is no plugin") String id,
        @Schema(description = "Name in the drop-in folder") String file,
        String version,
        @Schema(description = "SHA-256 of the JAR, hexadecimal") String sha256,
        @Schema(description = "ARRIVING, ACTIVE, WAITING, DRAINING, REJECTED or QUARANTINED") String state,
        @Schema(description = "What is wrong and what would mend it; absent when all is well") String reason,
        @Schema(description = "When it entered this state") Instant since,
        @JsonProperty("in_flight") @JsonInclude(JsonInclude.Include.ALWAYS)
                @Schema(name = "in_flight", description = "Calls that its workers have now") int inFlight,
        @Schema(description = "Known versions, the newest first") List<VersionDto> versions,
        @Schema(description = "Steps of the last change") List<StepDto> steps) {

    /** A version of a plugin as the API shows it. */
    @Schema(name = "PluginVersion", description = "A version of a plugin.")
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record VersionDto(
            String version,
            @Schema(description = "SHA-256 of the JAR, hexadecimal") String sha256,
            @Schema(description = "ACTIVE, CANARY, STANDBY, DRAINING, KEPT, WAITING, REJECTED or QUARANTINED") String state,
            @Schema(description = "Why; absent when all is well") String reason,
            @Schema(description = "When it entered this state") Instant since,
            @Schema(description = "What became of its class loader after it was stopped") String release,
            @JsonProperty("in_flight") @JsonInclude(JsonInclude.Include.ALWAYS)
                    @Schema(name = "in_flight", description = "Calls that its workers have now") int inFlight) {
        static VersionDto of(Plugin.Version version) {
            return new VersionDto(
                    version.version(),
                    version.sha256(),
                    version.state().name(),
                    version.reason(),
                    version.since(),
                    version.release(),
                    version.inFlight());
        }
    }

    /** A step of a change as the API shows it. */
    @Schema(name = "PluginStep", description = "A step of a change.")
    public record StepDto(Instant at, String text) {
        static StepDto of(Plugin.Step step) {
            return new StepDto(step.at(), step.text());
        }
    }

    static PluginDto of(Plugin plugin) {
        return new PluginDto(
                plugin.id(),
                plugin.file(),
                plugin.version(),
                plugin.sha256(),
                plugin.state().name(),
                plugin.reason(),
                plugin.since(),
                plugin.inFlight(),
                plugin.versions().stream().map(VersionDto::of).toList(),
                plugin.steps().stream().map(StepDto::of).toList());
    }
}

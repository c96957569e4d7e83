// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.manager.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.hyperspot.process.manager.Module;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A module as the API shows it. */
@Schema(name = "Module", description = "A module, connector or plugin that is installed.")
public record ModuleDto(
        @Schema(description = "Symbolic name") String id,
        String version,
        @Schema(description = "ACTIVE, STARTING, STOPPING, RESOLVED or INSTALLED") String state,
        @Schema(description = "ESSENTIAL, MODULE or PLUGIN") String kind,
        @Schema(description = "Modules without which a part of it does not work") List<String> needs,
        @JsonProperty("needed_by") @Schema(name = "needed_by", description = "Modules that need it") List<String> neededBy,
        @Schema(description = "GTS instance ids of its workers") List<String> workers,
        List<PartDto> health) {

    /** A part's health as the API shows it. */
    @Schema(name = "ModuleHealth", description = "What a part of a module says of its health.")
    public record PartDto(String name, @Schema(description = "UP, DEGRADED or DOWN") String status, String reason) {}

    static ModuleDto of(Module module) {
        return new ModuleDto(
                module.id(),
                module.version(),
                module.state(),
                module.kind().name(),
                module.needs(),
                module.neededBy(),
                module.workers(),
                module.health().stream()
                        .map(part -> new PartDto(
                                part.name(), part.health().state().name(), part.health().reason()))
                        .toList());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.hyperspot.plugins.Plugin;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A plugin as the API shows it. */
@Schema(name = "Plugin", description = "A file of the drop-in folder and what became of it.")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PluginDto(
        @Schema(description = "Name in the drop-in folder") String file,
        @Schema(description = "Symbolic name of the bundle") String id,
        String version,
        @Schema(description = "SHA-256 of the file, hexadecimal") String sha256,
        @Schema(description = "ARRIVING, ACTIVE, WAITING, REJECTED or DRAINING") String state,
        @Schema(description = "What is wrong and what would mend it; absent when all is well") String reason,
        @Schema(description = "When it entered this state") Instant since) {
    static PluginDto of(Plugin plugin) {
        return new PluginDto(
                plugin.file(),
                plugin.id(),
                plugin.version(),
                plugin.sha256(),
                plugin.state().name(),
                plugin.reason(),
                plugin.since());
    }
}

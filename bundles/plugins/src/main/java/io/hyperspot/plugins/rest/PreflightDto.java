// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.hyperspot.plugins.Preflight;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A preflight report as the API shows it. */
@Schema(name = "PluginPreflight", description = "What would come of installing a JAR.")
public record PreflightDto(
        @Schema(description = "Whether it would be installed and started") boolean accepted,
        @Schema(description = "Symbolic name of the bundle; empty when it is no plugin") String id,
        String version,
        @Schema(description = "SHA-256 of the JAR, hexadecimal") String sha256,
        @Schema(description = "Of the JAR, in bytes") long size,
        @Schema(description = "The version that it would replace; empty when none") String replaces,
        @Schema(description = "Other modules that would be restarted") int restarts,
        @Schema(description = "GTS instance ids that it declares") List<String> workers,
        List<FindingDto> findings,
        @Schema(description = "The same for people") String text) {

    /** A finding as the API shows it. */
    @Schema(name = "PluginFinding", description = "One finding of a preflight.")
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record FindingDto(
            @Schema(description = "ERROR, WAITING, WARNING or INFO") String severity,
            @Schema(description = "Stable, for programs") String code,
            @Schema(description = "What the JAR needs, or is") String needs,
            @Schema(description = "What is there instead") String present,
            @Schema(description = "What mends it") String fix) {}

    static PreflightDto of(Preflight report) {
        return new PreflightDto(
                report.accepted(),
                report.id(),
                report.version(),
                report.sha256(),
                report.size(),
                report.replaces(),
                report.restarts(),
                report.workers(),
                report.findings().stream()
                        .map(f -> new FindingDto(f.severity().name(), f.code(), f.needs(), f.present(), f.fix()))
                        .toList(),
                report.text());
    }
}

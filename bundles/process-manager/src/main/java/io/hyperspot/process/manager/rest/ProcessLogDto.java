// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.manager.rest;

import io.hyperspot.process.LogLine;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What a process has written, as the API shows it. */
@Schema(name = "ProcessLog", description = "The last lines of a process, oldest first.")
public record ProcessLogDto(String name, List<LineDto> lines) {
    /** One line. */
    @Schema(name = "ProcessLogLine", description = "A line that a process has written.")
    public record LineDto(Instant time, @Schema(description = "OUTPUT or ERROR") String stream, String text) {}

    static ProcessLogDto of(String name, List<LogLine> lines) {
        return new ProcessLogDto(
                name,
                lines.stream()
                        .map(line -> new LineDto(line.time(), line.stream().name(), line.text()))
                        .toList());
    }
}

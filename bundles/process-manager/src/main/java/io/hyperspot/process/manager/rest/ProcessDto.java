// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.manager.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.hyperspot.process.SupervisedProcess;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A process as the API shows it: no arguments, and no values of its environment. */
@Schema(name = "Process", description = "A process that the server looks after.")
public record ProcessDto(
        String name,
        @Schema(description = "Symbolic name of the module or plugin that has defined it") String owner,
        @Schema(description = "COMMAND, or JSON_LINES: started by the calls that it serves") String kind,
        @Schema(description = "STOPPED, STARTING, READY, STOPPING, BACKOFF (started again later) or FAILED") String state,
        @Schema(description = "Since when it is in its state") Instant since,
        @Schema(description = "The operating system's id, while it runs") @Nullable Long pid,
        @Schema(description = "How often it was started again by itself") int restarts,
        @JsonProperty("last_failure") @Schema(name = "last_failure", description = "Empty when it works") String lastFailure,
        @Schema(description = "The program, without arguments; empty when it is found out at each start") String program,
        @Schema(description = "Names of the variables that are set for it") List<String> environment,
        LimitsDto limits) {

    /** What became of its limits. */
    @Schema(name = "ProcessLimits", description = "What became of a process's limits at its last start, in words.")
    public record LimitsDto(
            String enforced, @JsonProperty("not_enforced") @Schema(name = "not_enforced") String notEnforced) {}

    static ProcessDto of(SupervisedProcess process) {
        long pid = process.pid();
        return new ProcessDto(
                process.name(),
                process.owner(),
                process.kind().name(),
                process.state().name(),
                process.since(),
                pid < 0 ? null : pid,
                process.restarts(),
                process.lastFailure(),
                process.program(),
                process.environment(),
                new LimitsDto(process.limits().enforced(), process.limits().notEnforced()));
    }
}

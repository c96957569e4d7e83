// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.hyperspot.credstore.gateway.KeyRotation.Progress;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How far a rotation is, on the wire. */
@Schema(name = "KeyRotation", description = "How far a rotation of keys is.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RotationDto(
        @Schema(description = "key_encryption or data.") String kind,
        @Schema(description = "running, finished, or failed: at its end with values left that are not what was stored.") String state,
        @Schema(description = "Values that it is about.") long total,
        @Schema(description = "Those that are done.") long done,
        @Schema(description = "Those that are not done.") long left,
        @Schema(description = "When it was started.") Instant startedAt,
        @Schema(description = "When it ended; absent: it is running.") @Nullable Instant finishedAt) {
    static RotationDto of(Progress progress) {
        return new RotationDto(
                progress.kind().text(),
                progress.state(),
                progress.total(),
                progress.done(),
                progress.left(),
                progress.startedAt(),
                progress.finishedAt());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.rest;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A correction on the wire. */
@Schema(name = "UsageCorrectionRequest", description = "By how much a record is wrong.")
public record CorrectionRequest(
        @Schema(description = "The correction's own id: sent again with the same id it counts once.", required = true) @Nullable String id,
        @Schema(description = "What is to be added, a decimal number in a string; negative to take away.", required = true)
                @Nullable String difference,
        @Schema(description = "Why, for whoever reads it later.") @Nullable String reason) {}

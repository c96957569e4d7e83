// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.rest;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Records to be taken, on the wire. */
@Schema(name = "UsageRecordsRequest", description = "Records to be taken.")
public record RecordsRequest(
        @Schema(description = "1 to 1000.", required = true) @Nullable List<@Nullable RecordRequest> records) {}

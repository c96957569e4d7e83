// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Where to go back to. */
@Schema(name = "PluginRollback", description = "Where to go back to.")
public record RollbackRequest(
        @JsonProperty("version")
                @Schema(description = "A version, or the first characters of a SHA-256; absent: the version before")
                @Nullable String version) {}

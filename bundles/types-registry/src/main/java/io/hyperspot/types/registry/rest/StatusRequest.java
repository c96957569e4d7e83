// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The status an entity shall have. */
@Schema(name = "TypesRegistryStatus", description = "The status an entity shall have.")
record StatusRequest(
        @Schema(description = "active or deprecated.") @JsonProperty("status") @Nullable String status) {}

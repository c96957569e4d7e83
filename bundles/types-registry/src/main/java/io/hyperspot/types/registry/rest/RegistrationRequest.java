// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Documents to register. */
@Schema(name = "TypesRegistryRegistration", description = "Documents to register, in any order.")
record RegistrationRequest(
        @Schema(description = "GTS types and instances.", implementation = Object[].class) @JsonProperty("entities")
                @Nullable List<JsonNode> entities) {}

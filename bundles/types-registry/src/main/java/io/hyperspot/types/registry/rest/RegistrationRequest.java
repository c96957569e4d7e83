// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Documents to register; read by hand, described for the OpenAPI document. */
@Schema(name = "TypesRegistryRegistration", description = "Documents to register, in any order.")
record RegistrationRequest(
        @Schema(description = "GTS types and instances.") @JsonProperty("entities") List<Map<String, Object>> entities) {}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.manager.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** That the caller knows what else stops. */
@Schema(name = "ModuleAction", description = "Asks to stop or start a module.")
public record ActionRequest(
        @JsonProperty("confirm") @Schema(description = "That the caller knows what else stops") boolean confirm) {}

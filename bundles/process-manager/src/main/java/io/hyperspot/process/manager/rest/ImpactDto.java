// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.manager.rest;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What stopping a module means. */
@Schema(name = "ModuleImpact", description = "What stopping a module means.")
public record ImpactDto(
        @Schema(description = "Modules that stop working") List<String> affected,
        @Schema(description = "GTS instance ids of the workers that take no requests") List<String> workers,
        @Schema(description = "The same for people") String text) {}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.hyperspot.gts.registry.TypesRegistry.Problem;
import io.hyperspot.types.registry.store.Registry;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.Page;
import io.hyperspot.web.RequiresPermission;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jakartars.whiteboard.propertytypes.JakartarsResource;

/** Tells which bundles' documents are not registered, and why. Public, because Jersey calls it by reflection. */
@Component(service = RefusalsResource.class)
@JakartarsResource
@Path("/types-registry/v1/refusals")
@Produces(MediaType.APPLICATION_JSON)
@RequiresPermission("gts.hyperspot.core.types_registry.*:read")
@NoFeature
@Tag(name = "types-registry")
public final class RefusalsResource {
    private final Registry registry;

    /** A reason on the wire. */
    @Schema(name = "TypesRegistryRefusal", description = "Why the documents of a bundle are not registered.")
    record RefusalDto(
            @Schema(description = "Symbolic name and version of the bundle.") @JsonProperty("bundle") String bundle,
            @Schema(description = "The file in the bundle.") @JsonProperty("file") String file,
            @Schema(description = "JSON pointer to the culprit.") @JsonProperty("pointer") String pointer,
            @Schema(description = "What is wrong and what would mend it.") @JsonProperty("reason") String reason) {
        static RefusalDto of(Problem problem) {
            return new RefusalDto(problem.owner(), problem.file(), problem.pointer(), problem.reason());
        }
    }

    @Activate
    public RefusalsResource(@Reference Registry registry) {
        this.registry = registry;
    }

    /** Lists them. */
    @GET
    @Operation(
            operationId = "listTypesRegistryRefusals",
            summary = "List refused documents of bundles",
            description = "A bundle's documents are registered all together or not at all; this is what stops them.")
    @APIResponse(responseCode = "200", description = "The reasons; empty when all is well.")
    public Page<RefusalDto> list() {
        return Page.whole(registry.store().current().problems().stream().map(RefusalDto::of).toList());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.rest;

import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsSyntaxException;
import io.hyperspot.gts.registry.TypesRegistry;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.Page;
import io.hyperspot.web.RequiresPermission;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jakartars.whiteboard.propertytypes.JakartarsResource;

/** Reads the registry. Public, because Jersey calls it by reflection. */
@Component(service = EntitiesResource.class)
@JakartarsResource
@Path("/types-registry/v1/entities")
@Produces(MediaType.APPLICATION_JSON)
@RequiresPermission("gts.hyperspot.core.types_registry.*:read")
@NoFeature
@Tag(name = "types-registry", description = "Types and well-known instances of the Global Type System.")
public final class EntitiesResource {
    private final TypesRegistry registry;

    @Activate
    public EntitiesResource(@Reference TypesRegistry registry) {
        this.registry = registry;
    }

    /** Lists entities ordered by id. */
    @GET
    @Operation(
            operationId = "listTypesRegistryEntities",
            summary = "List types and instances",
            description = "Everything registered that passes all the given filters, ordered by GTS id.")
    @APIResponse(responseCode = "200", description = "The entities.")
    @APIResponse(responseCode = "400", description = "A filter is malformed.")
    public Page<EntityDto> list(
            @Parameter(description = "A GTS id, or a pattern such as gts.acme.shop.*") @QueryParam("pattern")
                    @Nullable String pattern,
            @Parameter(description = "true: types only; false: instances only") @QueryParam("is_schema")
                    @Nullable String isSchema,
            @Parameter(description = "Vendor of a segment") @QueryParam("vendor") @Nullable String vendor,
            @Parameter(description = "Package of a segment") @QueryParam("package") @Nullable String packageName,
            @Parameter(description = "Namespace of a segment") @QueryParam("namespace") @Nullable String namespace,
            @Parameter(description = "primary: the first segment only; any (default): one of them")
                    @QueryParam("segment_scope")
                    @Nullable String segmentScope) {
        EntityFilter filter =
                EntityFilter.parse(pattern, isSchema, vendor, packageName, namespace, segmentScope);
        List<EntityDto> found = registry.snapshot().list(filter.pattern()).stream()
                .filter(filter::accepts)
                .map(EntityDto::of)
                .toList();
        return Page.whole(found);
    }

    /** Gets one entity. */
    @GET
    @Path("{gts_id}")
    @Operation(
            operationId = "getTypesRegistryEntity",
            summary = "Get a type or instance",
            description = "The registered document of a GTS id.")
    @APIResponse(responseCode = "200", description = "The entity.")
    @APIResponse(responseCode = "400", description = "The id is malformed.")
    @APIResponse(responseCode = "404", description = "Nothing of this id is registered.")
    public EntityDto get(@Parameter(description = "The GTS id") @PathParam("gts_id") String gtsId) {
        GtsId id;
        try {
            id = GtsId.parse(gtsId);
        } catch (GtsSyntaxException e) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT, "TYPES_REGISTRY_INVALID_GTS_ID", "Not a GTS id: " + e.getMessage()
                            + ".");
        }
        return registry.snapshot()
                .find(id)
                .map(EntityDto::of)
                .orElseThrow(() -> new ProblemException(
                        ErrorCategory.NOT_FOUND,
                        "TYPES_REGISTRY_NOT_FOUND",
                        "No type or instance " + id + " is registered; GET /types-registry/v1/entities lists all."));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.rest;

import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsSyntaxException;
import io.hyperspot.gts.registry.TypesRegistry;
import io.hyperspot.gts.registry.TypesRegistry.Entity;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.Page;
import io.hyperspot.web.RequiresPermission;
import io.hyperspot.web.query.Cursors;
import io.hyperspot.web.query.ListEvaluator;
import io.hyperspot.web.query.ListQuery;
import io.hyperspot.web.query.QueryField;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
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
    private static final QueryField GTS_ID = new QueryField("gts_id", QueryField.Type.STRING);
    private static final List<QueryField> FIELDS = List.of(
            GTS_ID,
            new QueryField("is_schema", QueryField.Type.BOOLEAN),
            new QueryField("description", QueryField.Type.STRING));
    private static final List<ListQuery.Order> ORDER = List.of(new ListQuery.Order(GTS_ID, false));

    private final TypesRegistry registry;
    private final Cursors cursors;
    private final ListEvaluator<Entity> evaluator = new ListEvaluator<>(EntitiesResource::read);

    @Activate
    public EntitiesResource(@Reference TypesRegistry registry, @Reference Cursors cursors) {
        this.registry = registry;
        this.cursors = cursors;
    }

    private static @Nullable Object read(Entity entity, QueryField field) {
        return switch (field.name()) {
            case "is_schema" -> entity.isType();
            case "description" -> entity.description().isEmpty() ? null : entity.description();
            default -> entity.id().toString();
        };
    }

    /** Lists entities ordered by id. */
    @GET
    @Operation(
            operationId = "listTypesRegistryEntities",
            summary = "List types and instances",
            description = "Everything registered that passes all the given filters, ordered by GTS id."
                    + " Filter and order by gts_id, is_schema and description.")
    @APIResponse(responseCode = "200", description = "The entities.")
    @APIResponse(responseCode = "400", description = "A filter is malformed, or a query option is wrong.")
    @Parameter(
            name = "$filter",
            in = ParameterIn.QUERY,
            description = "For example startswith(gts_id, 'gts.acme.')",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "$orderby",
            in = ParameterIn.QUERY,
            description = "For example gts_id desc",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "$select",
            in = ParameterIn.QUERY,
            description = "Members of the items",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "$top",
            in = ParameterIn.QUERY,
            description = "Page size, 1 to 1000; 50 by default",
            schema = @Schema(type = SchemaType.INTEGER))
    @Parameter(
            name = "$skiptoken",
            in = ParameterIn.QUERY,
            description = "page_info.next_cursor of the page before",
            schema = @Schema(type = SchemaType.STRING))
    public Page<EntityDto> list(
            @Context UriInfo uri,
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
        ListQuery query = ListQuery.of(uri, FIELDS, ORDER, cursors);
        List<Entity> found = registry.snapshot().list(filter.pattern()).stream()
                .filter(filter::accepts)
                .toList();
        return evaluator.page(found, query, EntityDto::of, cursors);
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

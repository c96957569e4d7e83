// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.rest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsSyntaxException;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.types.registry.engine.Identification;
import io.hyperspot.types.registry.store.Json;
import io.hyperspot.types.registry.store.Registered;
import io.hyperspot.types.registry.store.Registration;
import io.hyperspot.types.registry.store.Registry;
import io.hyperspot.types.registry.store.Status;
import io.hyperspot.types.registry.store.Store;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.OperationLimits;
import io.hyperspot.web.Page;
import io.hyperspot.web.QueryOptions;
import io.hyperspot.web.RequiresIfMatch;
import io.hyperspot.web.RequiresPermission;
import io.hyperspot.web.query.Cursors;
import io.hyperspot.web.query.ListEvaluator;
import io.hyperspot.web.query.ListQuery;
import io.hyperspot.web.query.QueryField;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jakartars.whiteboard.propertytypes.JakartarsResource;

/** Types and instances: the platform's and the caller's tenant's. Public, because Jersey calls it by reflection. */
@Component(service = EntitiesResource.class)
@JakartarsResource
@Path("/types-registry/v1/entities")
@Produces(MediaType.APPLICATION_JSON)
@RequiresPermission("gts.hyperspot.core.types_registry.*:read")
@NoFeature
@Tag(name = "types-registry", description = "Types and instances of the Global Type System.")
public final class EntitiesResource {
    static final String WRITE = "gts.hyperspot.core.types_registry.*:write";
    static final int MOST_OF_A_BATCH = 1000;

    private static final QueryField GTS_ID = new QueryField("gts_id", QueryField.Type.STRING);
    private static final List<QueryField> FIELDS = List.of(
            GTS_ID,
            new QueryField("is_schema", QueryField.Type.BOOLEAN),
            new QueryField("status", QueryField.Type.STRING),
            new QueryField("scope", QueryField.Type.STRING),
            new QueryField("description", QueryField.Type.STRING));
    private static final List<ListQuery.Order> ORDER = List.of(new ListQuery.Order(GTS_ID, false));

    private final Registry registry;
    private final Cursors cursors;
    private final ListEvaluator<Registered> evaluator = new ListEvaluator<>(EntitiesResource::read);

    @Activate
    public EntitiesResource(@Reference Registry registry, @Reference Cursors cursors) {
        this.registry = registry;
        this.cursors = cursors;
    }

    private static @Nullable Object read(Registered entity, QueryField field) {
        return switch (field.name()) {
            case "is_schema" -> entity.document().isType();
            case "status" -> entity.status().text();
            case "scope" -> EntityDto.scope(entity);
            case "description" -> EntityDto.description(entity.document());
            default -> entity.document().key();
        };
    }

    /** Lists entities ordered by id. */
    @GET
    @QueryOptions(filter = "startswith(gts_id, 'gts.acme.')", orderBy = "gts_id desc")
    @Operation(
            operationId = "listTypesRegistryEntities",
            summary = "List types and instances",
            description = "Everything that the caller's tenant sees and that passes all the given filters, ordered by GTS id."
                    + " Filter and order by gts_id, is_schema, status, scope and description.")
    @APIResponse(responseCode = "200", description = "The entities.")
    @APIResponse(responseCode = "400", description = "A filter is malformed, or a query option is wrong.")
    public Page<EntityDto> list(
            @Context SecurityContext ctx,
            @Context UriInfo uri,
            @Parameter(description = "A GTS id, or a pattern such as gts.acme.shop.*") @QueryParam("pattern")
                    @Nullable String pattern,
            @Parameter(description = "true: types only; false: instances only") @QueryParam("is_schema")
                    @Nullable String isSchema,
            @Parameter(description = "Only those of this status; without it all but deleted ones") @QueryParam("status")
                    @Nullable String status,
            @Parameter(description = "Vendor of a segment") @QueryParam("vendor") @Nullable String vendor,
            @Parameter(description = "Package of a segment") @QueryParam("package") @Nullable String packageName,
            @Parameter(description = "Namespace of a segment") @QueryParam("namespace") @Nullable String namespace,
            @Parameter(description = "primary: the first segment only; any (default): one of them")
                    @QueryParam("segment_scope")
                    @Nullable String segmentScope) {
        EntityFilter filter = new EntityFilter(
                EntityFilter.pattern(pattern),
                EntityFilter.flag("is_schema", isSchema),
                EntityFilter.status(status),
                vendor,
                packageName,
                namespace,
                EntityFilter.primary(segmentScope));
        ListQuery query = ListQuery.of(uri, FIELDS, ORDER, cursors);
        List<Registered> found = registry.store().current().view(ctx.tenant()).all().stream()
                .filter(filter::accepts)
                .toList();
        return evaluator.page(found, query, EntityDto::of, cursors);
    }

    /** Registers several. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(WRITE)
    @OperationLimits(maxBodyBytes = 16 << 20)
    @Operation(
            operationId = "registerTypesRegistryEntities",
            summary = "Register types and instances",
            description = "Checks and registers up to 1000 documents of the caller's tenant, which may build on each other in"
                    + " any order. What is there with the same content is ok and changes nothing.")
    @RequestBody(content = @Content(schema = @Schema(implementation = RegistrationRequest.class)))
    @APIResponse(responseCode = "200", description = "What came of each.")
    @APIResponse(responseCode = "400", description = "The body or a query parameter is malformed.")
    @APIResponse(
            responseCode = "422",
            description = "With atomic=true: at least one was refused and nothing is registered; 'results' says why.")
    public RegistrationDto register(
            @Context SecurityContext ctx,
            @Parameter(description = "true: all or none") @QueryParam("atomic") @Nullable String atomic,
            @Parameter(description = "true: check only") @QueryParam("dry_run") @Nullable String dryRun,
            byte[] body) {
        JsonNode entities = document(body).path("entities");
        if (!entities.isArray() || entities.size() > MOST_OF_A_BATCH) {
            throw malformed("send {\"entities\": [<document>, ...]} with at most " + MOST_OF_A_BATCH + " documents");
        }
        List<JsonNode> documents = new ArrayList<>(entities.size());
        entities.forEach(documents::add);
        return Registrations.register(
                registry.store(),
                ctx,
                documents,
                Boolean.TRUE.equals(EntityFilter.flag("atomic", atomic)),
                Boolean.TRUE.equals(EntityFilter.flag("dry_run", dryRun)));
    }

    /** Gets one entity. */
    @GET
    @Path("{gts_id}")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_HTML})
    @Operation(
            operationId = "getTypesRegistryEntity",
            summary = "Get a type or instance",
            description = "The registered document of a GTS id, or of the id of an anonymous instance. For people:"
                    + " ?format=html shows its chain, properties, and who derives from it or implements it.")
    @APIResponse(
            responseCode = "200",
            description = "The entity, with its ETag.",
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = EntityDto.class)),
                @Content(mediaType = MediaType.TEXT_HTML, schema = @Schema(type = SchemaType.STRING))
            })
    @APIResponse(responseCode = "304", description = "It is as If-None-Match says.")
    @APIResponse(responseCode = "400", description = "The id is malformed.")
    @APIResponse(responseCode = "404", description = "Nothing of this id is registered, or nothing that the caller's tenant sees.")
    public Response get(
            @Context SecurityContext ctx,
            @Context Request request,
            @Parameter(description = "The GTS id") @PathParam("gts_id") String gtsId,
            @Parameter(description = "json (default) or html") @QueryParam("format") @Nullable String format) {
        Store store = registry.store();
        Registered entity = find(store, ctx, gtsId);
        return switch (format) {
            case null -> json(request, entity);
            case "json" -> json(request, entity);
            case "html" ->
                Response.ok(TypePage.of(entity, store.current().view(ctx.tenant()), store.engine()), "text/html;charset=utf-8")
                        .header("Content-Security-Policy", TypePage.POLICY)
                        .build();
            default -> throw EntityFilter.invalid("format", "json or html", format);
        };
    }

    private static Response json(Request request, Registered entity) {
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag(entity));
        return (unchanged == null ? Response.ok(EntityDto.of(entity), MediaType.APPLICATION_JSON_TYPE) : unchanged)
                .tag(tag(entity))
                .build();
    }

    /** Registers one. */
    @PUT
    @Path("{gts_id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(WRITE)
    @OperationLimits(maxBodyBytes = 1 << 20)
    @Operation(
            operationId = "registerTypesRegistryEntity",
            summary = "Register a type or instance",
            description = "Checks and registers the document, whose own id is that of the path. What is registered never"
                    + " changes: register a change as the next version.")
    @RequestBody(content = @Content(schema = @Schema(type = SchemaType.OBJECT)))
    @APIResponse(
            responseCode = "200",
            description = "It was registered already.",
            content = @Content(schema = @Schema(implementation = EntityDto.class)))
    @APIResponse(
            responseCode = "201",
            description = "It is registered now.",
            content = @Content(schema = @Schema(implementation = EntityDto.class)))
    @APIResponse(responseCode = "400", description = "The id is malformed, or not that of the document.")
    @APIResponse(responseCode = "403", description = "The id is in a name space of the platform or of another tenant.")
    @APIResponse(responseCode = "409", description = "Another document of this id is registered.")
    @APIResponse(responseCode = "422", description = "The document is not valid; 'violations' says what is wrong, and where.")
    public Response put(
            @Context SecurityContext ctx,
            @Parameter(description = "The GTS id") @PathParam("gts_id") String gtsId,
            byte[] body) {
        JsonNode document = document(body);
        String own = Identification.of(document).id();
        if (own != null && !own.equals(gtsId)) {
            throw malformed("the document's id is " + own + ", that of the path " + gtsId);
        }
        Registration result = registry.store()
                .register(ctx.tenant(), List.of(document), Registration.Mode.CHECKED, ctx.subject())
                .getFirst();
        return switch (result) {
            case Registration.Refused refused -> throw Refusals.problem(refused);
            case Registration.Done done ->
                Response.status(done.changed() ? 201 : 200)
                        .entity(EntityDto.of(done.entity()))
                        .tag(tag(done.entity()))
                        .build();
        };
    }

    /** Deprecates one, or takes that back. */
    @PUT
    @Path("{gts_id}/status")
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(WRITE)
    @RequiresIfMatch
    @Operation(
            operationId = "setTypesRegistryEntityStatus",
            summary = "Deprecate a type or instance, or take that back",
            description = "Send {\"status\": \"deprecated\"} or {\"status\": \"active\"} with the entity's ETag in If-Match.")
    @APIResponse(
            responseCode = "200",
            description = "The entity.",
            content = @Content(schema = @Schema(implementation = EntityDto.class)))
    @APIResponse(responseCode = "400", description = "There is no such status.")
    @APIResponse(responseCode = "403", description = "The entity is the platform's or another tenant's.")
    @APIResponse(responseCode = "404", description = "Nothing of this id is registered.")
    @APIResponse(responseCode = "412", description = "It has changed since.")
    public Response status(
            @Context SecurityContext ctx,
            @Context Request request,
            @Parameter(description = "The GTS id") @PathParam("gts_id") String gtsId,
            @Nullable StatusRequest body) {
        Status next = body == null ? null : EntityFilter.status(body.status());
        if (next != Status.ACTIVE && next != Status.DEPRECATED) {
            throw malformed("send {\"status\": \"deprecated\"} or {\"status\": \"active\"}");
        }
        return change(ctx, request, gtsId, next);
    }

    /** Deletes one. */
    @DELETE
    @Path("{gts_id}")
    @RequiresPermission(WRITE)
    @RequiresIfMatch
    @Operation(
            operationId = "deleteTypesRegistryEntity",
            summary = "Delete a type or instance",
            description = "It works for nobody any more; its id stays taken, so that it never means something else. A type that"
                    + " others build on is not deleted.")
    @APIResponse(responseCode = "204", description = "It is deleted.")
    @APIResponse(responseCode = "400", description = "Others build on it.")
    @APIResponse(responseCode = "403", description = "The entity is the platform's or another tenant's.")
    @APIResponse(responseCode = "404", description = "Nothing of this id is registered.")
    @APIResponse(responseCode = "412", description = "It has changed since.")
    public Response delete(
            @Context SecurityContext ctx,
            @Context Request request,
            @Parameter(description = "The GTS id") @PathParam("gts_id") String gtsId) {
        change(ctx, request, gtsId, Status.DELETED);
        return Response.noContent().build();
    }

    private Response change(SecurityContext ctx, Request request, String gtsId, Status next) {
        Store store = registry.store();
        Registered changed = store.change(ctx.tenant(), find(store, ctx, gtsId).document().key(), ctx.subject(), next, entity -> {
            Response.ResponseBuilder refused = request.evaluatePreconditions(tag(entity));
            if (refused != null) {
                throw new ProblemException(
                        ErrorCategory.PRECONDITION_FAILED,
                        "TYPES_REGISTRY_CHANGED",
                        "The entity has changed since: read it again, and send its new ETag in If-Match.");
            }
        });
        return Response.ok(EntityDto.of(changed)).tag(tag(changed)).build();
    }

    /** Read here, so that a document is taken as it is written, strictly and within bounds. */
    private static JsonNode document(byte[] body) {
        try {
            return Json.read(body);
        } catch (JacksonException e) {
            throw malformed("the body is " + Json.reason(e));
        }
    }

    private static Registered find(Store store, SecurityContext ctx, String gtsId) {
        Registered entity = store.current().view(ctx.tenant()).registered(gtsId);
        if (entity != null) {
            return entity;
        }
        if (gtsId.startsWith("gts.")) {
            try {
                GtsId.parse(gtsId);
            } catch (GtsSyntaxException e) {
                throw new ProblemException(
                        ErrorCategory.INVALID_ARGUMENT,
                        "TYPES_REGISTRY_INVALID_GTS_ID",
                        "Not a GTS id: " + e.getMessage() + ".");
            }
        }
        throw new ProblemException(
                ErrorCategory.NOT_FOUND,
                "TYPES_REGISTRY_NOT_FOUND",
                "No type or instance " + gtsId + " is registered; GET /types-registry/v1/entities lists all.");
    }

    /** What is registered never changes, so that the status is all that can. */
    private static EntityTag tag(Registered entity) {
        return new EntityTag(entity.status().text() + "-" + entity.changedAt().toEpochMilli());
    }

    private static ProblemException malformed(String detail) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, "TYPES_REGISTRY_INVALID_REQUEST", detail + ".");
    }
}

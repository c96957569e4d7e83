// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.resolver.rest;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.hyperspot.tenants.BarrierMode;
import io.hyperspot.tenants.NewTenant;
import io.hyperspot.tenants.Tenant;
import io.hyperspot.tenants.Tenant.Status;
import io.hyperspot.tenants.TenantTree;
import io.hyperspot.tenants.Tenants;
import io.hyperspot.web.NoFeature;
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
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
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
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
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

/** The caller's tenant and those below it. Public, because Jersey calls it by reflection. */
@Component(service = TenantsResource.class)
@JakartarsResource
@Path("/tenant-resolver/v1/tenants")
@Produces(MediaType.APPLICATION_JSON)
@RequiresPermission("gts.hyperspot.core.tenants.*:read")
@NoFeature
@Tag(name = "tenant-resolver", description = "Tenants.")
public final class TenantsResource {
    private static final String WRITE = "gts.hyperspot.core.tenants.*:write";
    private static final String FILTER = "status eq 'active'";
    private static final String ORDERED = "name desc";
    private static final QueryField ID = new QueryField("id", QueryField.Type.STRING);
    private static final List<QueryField> FIELDS = List.of(
            ID,
            new QueryField("parent_id", QueryField.Type.STRING),
            new QueryField("name", QueryField.Type.STRING),
            new QueryField("type", QueryField.Type.STRING),
            new QueryField("status", QueryField.Type.STRING),
            new QueryField("self_managed", QueryField.Type.BOOLEAN),
            new QueryField("created_at", QueryField.Type.INSTANT));
    private static final List<ListQuery.Order> ORDER = List.of(new ListQuery.Order(ID, false));

    private final Tenants tenants;
    private final Cursors cursors;
    // of representations, so that no filter finds what is not shown
    private final ListEvaluator<TenantDto> evaluator = new ListEvaluator<>(TenantsResource::read);

    @Activate
    public TenantsResource(@Reference Tenants tenants, @Reference Cursors cursors) {
        this.tenants = tenants;
        this.cursors = cursors;
    }

    private static @Nullable Object read(TenantDto tenant, QueryField field) {
        return switch (field.name()) {
            case "parent_id" -> tenant.parentId();
            case "name" -> tenant.name();
            case "type" -> tenant.type();
            case "status" -> tenant.status();
            case "self_managed" -> tenant.selfManaged();
            case "created_at" -> tenant.createdAt();
            default -> tenant.id();
        };
    }

    private Page<TenantDto> page(SecurityContext ctx, UriInfo uri, List<Tenant> found) {
        ListQuery query = ListQuery.of(uri, FIELDS, ORDER, cursors);
        List<TenantDto> shown = found.stream().map(tenant -> TenantDto.of(ctx, tenant)).toList();
        return evaluator.page(shown, query, tenant -> tenant, cursors);
    }

    /** Lists what the caller sees. */
    @GET
    @QueryOptions(filter = FILTER, orderBy = ORDERED)
    @Operation(
            operationId = "listTenants",
            summary = "List tenants",
            description = "The caller's own tenant and those below it, suspended and deleted ones included, ordered by id.")
    @APIResponse(responseCode = "200", description = "A page of tenants.")
    @APIResponse(responseCode = "400", description = "A query option is wrong.")
    public Page<TenantDto> list(
            @Context SecurityContext ctx,
            @Context UriInfo uri,
            @Parameter(description = Barriers.DESCRIPTION) @QueryParam("barrier_mode") @Nullable String barrierMode) {
        BarrierMode mode = Barriers.mode(barrierMode);
        List<Tenant> all = new ArrayList<>();
        all.add(tenants.get(ctx, ctx.tenant(), mode));
        all.addAll(below(ctx, ctx.tenant(), TenantTree.MAX_DEPTH, mode));
        return page(ctx, uri, all);
    }

    private List<Tenant> below(SecurityContext ctx, TenantId id, int levels, BarrierMode mode) {
        return tenants.descendants(ctx, id, levels, EnumSet.allOf(Status.class), mode);
    }

    /** Makes one. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(WRITE)
    @Operation(
            operationId = "createTenant",
            summary = "Create a tenant",
            description = "Makes a tenant below the caller's own or below one that the caller sees. One that manages itself is"
                    + " not seen any more by those above it.")
    @RequestBody(content = @Content(schema = @Schema(implementation = TenantRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "The tenant, with its ETag.",
            content = @Content(schema = @Schema(implementation = TenantDto.class)))
    @APIResponse(responseCode = "400", description = "A member is missing or malformed, or the parent does not work.")
    @APIResponse(responseCode = "404", description = "There is no such parent, or none that the caller sees.")
    @APIResponse(responseCode = "409", description = "The name is taken.")
    @APIResponse(responseCode = "501", description = "The tenants come from where they cannot be changed.")
    public Response create(@Context SecurityContext ctx, @Nullable TenantRequest request) {
        if (request == null || request.name() == null) {
            throw Barriers.invalid("send {\"name\": \"...\"}, and \"parent_id\" for another parent than your own tenant");
        }
        Tenant created = tenants.create(
                ctx,
                new NewTenant(
                        request.parentId() == null ? null : Barriers.id(request.parentId()),
                        request.name(),
                        Objects.requireNonNullElse(request.type(), ""),
                        Boolean.TRUE.equals(request.selfManaged())));
        return Response.created(URI.create("/tenant-resolver/v1/tenants/" + created.id()))
                .entity(TenantDto.of(ctx, created))
                .tag(tag(created))
                .build();
    }

    /** Shows one. */
    @GET
    @Path("{id}")
    @Operation(operationId = "getTenant", summary = "Get a tenant", description = "The caller's own tenant or one below it.")
    @APIResponse(
            responseCode = "200",
            description = "The tenant, with its ETag.",
            content = @Content(schema = @Schema(implementation = TenantDto.class)))
    @APIResponse(responseCode = "304", description = "It is as If-None-Match says.")
    @APIResponse(responseCode = "404", description = "There is no such tenant, or none that the caller sees.")
    public Response get(
            @Context SecurityContext ctx,
            @Context Request request,
            @Parameter(description = "Id of the tenant") @PathParam("id") String id,
            @Parameter(description = Barriers.DESCRIPTION) @QueryParam("barrier_mode") @Nullable String barrierMode) {
        Tenant tenant = tenants.get(ctx, Barriers.id(id), Barriers.mode(barrierMode));
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag(tenant));
        return (unchanged == null ? Response.ok(TenantDto.of(ctx, tenant)) : unchanged).tag(tag(tenant)).build();
    }

    /** Renames one. */
    @PATCH
    @Path("{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(WRITE)
    @RequiresIfMatch
    @Operation(
            operationId = "renameTenant",
            summary = "Rename a tenant",
            description = "Send {\"name\": \"...\"} with the tenant's ETag in If-Match.")
    @RequestBody(content = @Content(schema = @Schema(implementation = TenantChange.class)))
    @APIResponse(
            responseCode = "200",
            description = "The tenant.",
            content = @Content(schema = @Schema(implementation = TenantDto.class)))
    @APIResponse(responseCode = "400", description = "The name is missing or cannot be used.")
    @APIResponse(responseCode = "404", description = "There is no such tenant, or none that the caller sees.")
    @APIResponse(responseCode = "409", description = "The name is taken.")
    @APIResponse(responseCode = "412", description = "It has changed since.")
    public Response rename(
            @Context SecurityContext ctx,
            @Context Request request,
            @Parameter(description = "Id of the tenant") @PathParam("id") String id,
            @Parameter(description = Barriers.DESCRIPTION) @QueryParam("barrier_mode") @Nullable String barrierMode,
            @Nullable TenantChange change) {
        if (change == null || change.name() == null) {
            throw Barriers.invalid("send {\"name\": \"...\"}");
        }
        String name = change.name();
        return change(ctx, request, id, barrierMode, (tenant, version, mode) -> tenants.rename(ctx, tenant, name, version, mode));
    }

    /** Suspends one. */
    @POST
    @Path("{id}/suspend")
    @RequiresPermission(WRITE)
    @Operation(
            operationId = "suspendTenant",
            summary = "Suspend a tenant",
            description = "From the next request on, nobody of it and of the tenants below it is let in. Its data stays.")
    @APIResponse(
            responseCode = "200",
            description = "The tenant.",
            content = @Content(schema = @Schema(implementation = TenantDto.class)))
    @APIResponse(responseCode = "400", description = "It is the root, the caller's own, or deleted.")
    @APIResponse(responseCode = "404", description = "There is no such tenant, or none that the caller sees.")
    @APIResponse(responseCode = "412", description = "It is not as If-Match says.")
    public Response suspend(
            @Context SecurityContext ctx,
            @Context Request request,
            @Parameter(description = "Id of the tenant") @PathParam("id") String id,
            @Parameter(description = Barriers.DESCRIPTION) @QueryParam("barrier_mode") @Nullable String barrierMode) {
        return change(ctx, request, id, barrierMode, (tenant, version, mode) -> tenants.suspend(ctx, tenant, version, mode));
    }

    /** Resumes one. */
    @POST
    @Path("{id}/resume")
    @RequiresPermission(WRITE)
    @Operation(
            operationId = "resumeTenant",
            summary = "Resume a tenant",
            description = "Takes back a suspension, or a deletion.")
    @APIResponse(
            responseCode = "200",
            description = "The tenant.",
            content = @Content(schema = @Schema(implementation = TenantDto.class)))
    @APIResponse(responseCode = "404", description = "There is no such tenant, or none that the caller sees.")
    @APIResponse(responseCode = "409", description = "Its name is taken by now.")
    @APIResponse(responseCode = "412", description = "It is not as If-Match says.")
    public Response resume(
            @Context SecurityContext ctx,
            @Context Request request,
            @Parameter(description = "Id of the tenant") @PathParam("id") String id,
            @Parameter(description = Barriers.DESCRIPTION) @QueryParam("barrier_mode") @Nullable String barrierMode) {
        return change(ctx, request, id, barrierMode, (tenant, version, mode) -> tenants.resume(ctx, tenant, version, mode));
    }

    /** Deletes one. */
    @DELETE
    @Path("{id}")
    @RequiresPermission(WRITE)
    @Operation(
            operationId = "deleteTenant",
            summary = "Delete a tenant",
            description = "Nobody of it and of the tenants below it is let in any more; resuming it takes that back. With hard=true"
                    + " a deleted tenant with none below it is removed for good.")
    @APIResponse(responseCode = "204", description = "It is deleted.")
    @APIResponse(responseCode = "400", description = "It is the root or the caller's own; or, with hard=true, not deleted, or has tenants below it.")
    @APIResponse(responseCode = "404", description = "There is no such tenant, or none that the caller sees.")
    @APIResponse(responseCode = "412", description = "It is not as If-Match says.")
    public Response delete(
            @Context SecurityContext ctx,
            @Context Request request,
            @Parameter(description = "Id of the tenant") @PathParam("id") String id,
            @Parameter(description = "true: for good") @QueryParam("hard") @Nullable String hard,
            @Parameter(description = Barriers.DESCRIPTION) @QueryParam("barrier_mode") @Nullable String barrierMode) {
        if (hard != null && !hard.equals("true") && !hard.equals("false")) {
            throw Barriers.invalid("'hard' is true or false");
        }
        change(ctx, request, id, barrierMode, (tenant, version, mode) -> {
            if ("true".equals(hard)) {
                Tenant gone = tenants.get(ctx, tenant, mode);
                tenants.purge(ctx, tenant, version, mode);
                return gone;
            }
            return tenants.delete(ctx, tenant, version, mode);
        });
        return Response.noContent().build();
    }

    /** Lists those directly below one. */
    @GET
    @Path("{id}/children")
    @QueryOptions(filter = FILTER, orderBy = ORDERED)
    @Operation(
            operationId = "listChildTenants",
            summary = "List the tenants directly below one",
            description = "Those of them that the caller sees.")
    @APIResponse(responseCode = "200", description = "A page of tenants.")
    @APIResponse(responseCode = "404", description = "There is no such tenant, or none that the caller sees.")
    public Page<TenantDto> children(
            @Context SecurityContext ctx,
            @Context UriInfo uri,
            @Parameter(description = "Id of the tenant") @PathParam("id") String id,
            @Parameter(description = Barriers.DESCRIPTION) @QueryParam("barrier_mode") @Nullable String barrierMode) {
        return page(ctx, uri, below(ctx, Barriers.id(id), 1, Barriers.mode(barrierMode)));
    }

    /** Lists those above one. */
    @GET
    @Path("{id}/ancestors")
    @Operation(
            operationId = "listTenantAncestors",
            summary = "List the tenants above one",
            description = "The nearest first, up to the caller's own tenant or to a barrier.")
    @APIResponse(responseCode = "200", description = "The tenants.")
    @APIResponse(responseCode = "404", description = "There is no such tenant, or none that the caller sees.")
    public Page<TenantDto> ancestors(
            @Context SecurityContext ctx,
            @Parameter(description = "Id of the tenant") @PathParam("id") String id,
            @Parameter(description = Barriers.DESCRIPTION) @QueryParam("barrier_mode") @Nullable String barrierMode) {
        return Page.whole(tenants.ancestors(ctx, Barriers.id(id), Barriers.mode(barrierMode)).stream()
                .map(tenant -> TenantDto.of(ctx, tenant))
                .toList());
    }

    /** Lists those below one. */
    @GET
    @Path("{id}/descendants")
    @QueryOptions(filter = FILTER, orderBy = ORDERED)
    @Operation(
            operationId = "listTenantDescendants",
            summary = "List the tenants below one",
            description = "Those of them that the caller sees, ordered by id.")
    @APIResponse(responseCode = "200", description = "A page of tenants.")
    @APIResponse(responseCode = "400", description = "A query parameter is wrong.")
    @APIResponse(responseCode = "404", description = "There is no such tenant, or none that the caller sees.")
    public Page<TenantDto> descendants(
            @Context SecurityContext ctx,
            @Context UriInfo uri,
            @Parameter(description = "Id of the tenant") @PathParam("id") String id,
            @Parameter(description = "At most so many levels below, 1 to 32; absent: all") @QueryParam("max_depth")
                    @Nullable String maxDepth,
            @Parameter(description = Barriers.DESCRIPTION) @QueryParam("barrier_mode") @Nullable String barrierMode) {
        return page(ctx, uri, below(ctx, Barriers.id(id), levels(maxDepth), Barriers.mode(barrierMode)));
    }

    private static int levels(@Nullable String text) {
        if (text == null) {
            return TenantTree.MAX_DEPTH;
        }
        if (text.matches("[1-9][0-9]?") && Integer.parseInt(text) <= TenantTree.MAX_DEPTH) {
            return Integer.parseInt(text);
        }
        throw Barriers.invalid("'max_depth' is a whole number between 1 and " + TenantTree.MAX_DEPTH);
    }

    /** A change of a tenant that was of this version when it was compared with If-Match. */
    @FunctionalInterface
    private interface Change {
        Tenant of(TenantId id, long version, BarrierMode mode);
    }

    private Response change(SecurityContext ctx, Request request, String text, @Nullable String barrierMode, Change change) {
        TenantId id = Barriers.id(text);
        BarrierMode mode = Barriers.mode(barrierMode);
        Tenant before = tenants.get(ctx, id, mode);
        if (request.evaluatePreconditions(tag(before)) != null) {
            throw changed();
        }
        try {
            Tenant after = change.of(id, before.version(), mode);
            return Response.ok(TenantDto.of(ctx, after)).tag(tag(after)).build();
        } catch (ProblemException e) {
            throw e.category() == ErrorCategory.ABORTED ? changed() : e;
        }
    }

    private static ProblemException changed() {
        return new ProblemException(
                ErrorCategory.PRECONDITION_FAILED,
                "TENANT_CHANGED",
                "The tenant has changed since: read it again, and send its new ETag in If-Match.");
    }

    private static EntityTag tag(Tenant tenant) {
        return new EntityTag(Long.toString(tenant.version()));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.rest;

import io.hyperspot.authz.engine.BuiltInRoles;
import io.hyperspot.authz.engine.Role;
import io.hyperspot.authz.store.AuthzModule;
import io.hyperspot.authz.store.RuleBook;
import io.hyperspot.authz.store.RuleDraft;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.Page;
import io.hyperspot.web.QueryOptions;
import io.hyperspot.web.RequiresIfMatch;
import io.hyperspot.web.RequiresPermission;
import io.hyperspot.web.Tagged;
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
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
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

/** The roles of the caller's tenant. Public, because Jersey calls it by reflection. */
@Component(service = RolesResource.class)
@JakartarsResource
@Path("/authz/v1/roles")
@Produces(MediaType.APPLICATION_JSON)
@RequiresPermission("gts.hyperspot.core.authz.*:read")
@NoFeature
@Tag(name = "authz", description = "Roles, bindings, policies and decisions.")
public final class RolesResource {
    private static final String WRITE = "gts.hyperspot.core.authz.*:write";
    private static final QueryField ID = new QueryField("id", QueryField.Type.STRING);
    private static final List<QueryField> FIELDS = List.of(ID, new QueryField("name", QueryField.Type.STRING), new QueryField("built_in", QueryField.Type.BOOLEAN), new QueryField("created_at", QueryField.Type.INSTANT));
    private static final List<ListQuery.Order> ORDER = List.of(new ListQuery.Order(ID, false));

    private final RuleBook book;
    private final Cursors cursors;
    private final ListEvaluator<RoleDto> evaluator = new ListEvaluator<>(RolesResource::read);

    @Activate
    public RolesResource(@Reference AuthzModule module, @Reference Cursors cursors) {
        this.book = module.book();
        this.cursors = cursors;
    }

    private static @Nullable Object read(RoleDto role, QueryField field) {
        return switch (field.name()) {
            case "name" -> role.name();
            case "built_in" -> role.builtIn();
            case "created_at" -> role.createdAt();
            default -> role.id();
        };
    }

    /** Lists them. */
    @GET
    @QueryOptions(filter = "built_in eq false", orderBy = "name desc")
    @Operation(operationId = "listRoles", summary = "List roles", description = "The tenant's own roles and the built-in ones, ordered by id.")
    @APIResponse(responseCode = "200", description = "A page of roles.")
    @APIResponse(responseCode = "400", description = "A query option is wrong.")
    public Page<RoleDto> list(@Context SecurityContext ctx, @Context UriInfo uri) {
        List<Role> all = new ArrayList<>(book.rules(ctx).roles());
        all.addAll(BuiltInRoles.ALL);
        List<RoleDto> shown = all.stream().map(RoleDto::of).toList();
        return evaluator.page(shown, ListQuery.of(uri, FIELDS, ORDER, cursors), one -> one, cursors);
    }

    /** Makes one. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(WRITE)
    @Operation(operationId = "createRole", summary = "Create a role", description = "In force from the next request on. Nobody can grant more than they hold.")
    @RequestBody(content = @Content(schema = @Schema(implementation = RoleRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "The role, with its ETag.",
            content = @Content(schema = @Schema(implementation = RoleDto.class)))
    @APIResponse(responseCode = "400", description = "A member is missing, malformed or unknown.")
    @APIResponse(responseCode = "403", description = "It would grant more than the caller holds.")
    @APIResponse(responseCode = "409", description = "The name is taken.")
    @APIResponse(responseCode = "429", description = "The tenant has too many.")
    public Response create(@Context SecurityContext ctx, @Nullable RoleRequest request) {
        Role created = book.create(ctx, draft(request));
        return Tagged.made(URI.create("/authz/v1/roles/" + created.id()), created.version(), RoleDto.of(created));
    }

    private static RuleDraft.OfRole draft(@Nullable RoleRequest request) {
        RoleRequest wanted = request == null ? new RoleRequest(null, null, null, null) : request;
        return RuleDraft.role(wanted.name(), wanted.description(), wanted.permissions(), wanted.parents());
    }

    /** Shows one. */
    @GET
    @Path("{id}")
    @Operation(operationId = "getRole", summary = "Get a role", description = "With its ETag.")
    @APIResponse(
            responseCode = "200",
            description = "The role, with its ETag.",
            content = @Content(schema = @Schema(implementation = RoleDto.class)))
    @APIResponse(responseCode = "304", description = "It is as If-None-Match says.")
    @APIResponse(responseCode = "404", description = "The tenant has none with this id.")
    public Response get(
            @Context SecurityContext ctx,
            @Context Request request,
            @Parameter(description = "Its id") @PathParam("id") String id) {
        Role found = book.role(ctx, id);
        return Tagged.shown(request, found.version(), RoleDto.of(found));
    }

    /** Changes one. */
    @PUT
    @Path("{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(WRITE)
    @RequiresIfMatch
    @Operation(operationId = "updateRole", summary = "Change a role", description = "Send all of it, with its ETag in If-Match. In force from the next request on.")
    @RequestBody(content = @Content(schema = @Schema(implementation = RoleRequest.class)))
    @APIResponse(
            responseCode = "200",
            description = "The role, with its new ETag.",
            content = @Content(schema = @Schema(implementation = RoleDto.class)))
    @APIResponse(responseCode = "400", description = "A member is missing, malformed or unknown, or it is built in.")
    @APIResponse(responseCode = "403", description = "It would grant more than the caller holds.")
    @APIResponse(responseCode = "404", description = "The tenant has none with this id.")
    @APIResponse(responseCode = "409", description = "The name is taken.")
    @APIResponse(responseCode = "412", description = "It has changed since.")
    public Response update(
            @Context SecurityContext ctx,
            @Context Request request,
            @Parameter(description = "Its id") @PathParam("id") String id,
            @Nullable RoleRequest wanted) {
        Role found = book.role(ctx, id);
        Response refused = Tagged.refusal(request, found.version());
        if (refused != null) {
            return refused;
        }
        Role changed = book.update(ctx, id, found.version(), draft(wanted));
        return Tagged.changed(changed.version(), RoleDto.of(changed));
    }

    /** Removes one. */
    @DELETE
    @Path("{id}")
    @RequiresPermission(WRITE)
    @Operation(operationId = "deleteRole", summary = "Delete a role", description = "In force from the next request on.")
    @APIResponse(responseCode = "204", description = "It is gone.")
    @APIResponse(responseCode = "400", description = "It is built in or in use.")
    @APIResponse(responseCode = "404", description = "The tenant has none with this id.")
    @APIResponse(responseCode = "412", description = "It is not as If-Match says.")
    public Response delete(
            @Context SecurityContext ctx,
            @Context Request request,
            @Parameter(description = "Its id") @PathParam("id") String id) {
        Role found = book.role(ctx, id);
        Response refused = Tagged.refusal(request, found.version());
        if (refused != null) {
            return refused;
        }
        book.delete(ctx, found);
        return Response.noContent().build();
    }
}

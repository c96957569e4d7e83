// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.rest;

import io.hyperspot.authz.engine.Binding;
import io.hyperspot.authz.store.AuthzModule;
import io.hyperspot.authz.store.RuleBook;
import io.hyperspot.authz.store.RuleDraft;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.Page;
import io.hyperspot.web.QueryOptions;
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
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
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

/** The bindings of the caller's tenant. Public, because Jersey calls it by reflection. */
@Component(service = BindingsResource.class)
@JakartarsResource
@Path("/authz/v1/bindings")
@Produces(MediaType.APPLICATION_JSON)
@RequiresPermission("gts.hyperspot.core.authz.*:read")
@NoFeature
@Tag(name = "authz", description = "Roles, bindings, policies and decisions.")
public final class BindingsResource {
    private static final String WRITE = "gts.hyperspot.core.authz.*:write";
    private static final QueryField ID = new QueryField("id", QueryField.Type.STRING);
    private static final List<QueryField> FIELDS = List.of(ID, new QueryField("principal", QueryField.Type.STRING), new QueryField("role", QueryField.Type.STRING), new QueryField("resource_type", QueryField.Type.STRING), new QueryField("resource_id", QueryField.Type.STRING), new QueryField("created_at", QueryField.Type.INSTANT), new QueryField("expires_at", QueryField.Type.INSTANT));
    private static final List<ListQuery.Order> ORDER = List.of(new ListQuery.Order(ID, false));

    private final RuleBook book;
    private final Cursors cursors;
    private final ListEvaluator<BindingDto> evaluator = new ListEvaluator<>(BindingsResource::read);

    @Activate
    public BindingsResource(@Reference AuthzModule module, @Reference Cursors cursors) {
        this.book = module.book();
        this.cursors = cursors;
    }

    private static @Nullable Object read(BindingDto binding, QueryField field) {
        return switch (field.name()) {
            case "principal" -> binding.principal();
            case "role" -> binding.role();
            case "resource_type" -> binding.resourceType();
            case "resource_id" -> binding.resourceId();
            case "created_at" -> binding.createdAt();
            case "expires_at" -> binding.expiresAt();
            default -> binding.id();
        };
    }

    /** Lists them. */
    @GET
    @QueryOptions(filter = "principal eq 'user:ada'", orderBy = "created_at desc")
    @Operation(operationId = "listBindings", summary = "List bindings", description = "Who has which role in the tenant, ordered by id.")
    @APIResponse(responseCode = "200", description = "A page of bindings.")
    @APIResponse(responseCode = "400", description = "A query option is wrong.")
    public Page<BindingDto> list(@Context SecurityContext ctx, @Context UriInfo uri) {
        List<BindingDto> shown = book.rules(ctx).bindings().stream().map(BindingDto::of).toList();
        return evaluator.page(shown, ListQuery.of(uri, FIELDS, ORDER, cursors), one -> one, cursors);
    }

    /** Makes one. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(WRITE)
    @Operation(operationId = "createBinding", summary = "Create a binding", description = "In force from the next request on. Nobody can grant more than they hold.")
    @RequestBody(content = @Content(schema = @Schema(implementation = BindingRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "The binding, with its ETag.",
            content = @Content(schema = @Schema(implementation = BindingDto.class)))
    @APIResponse(responseCode = "400", description = "A member is missing, malformed or unknown.")
    @APIResponse(responseCode = "403", description = "It would grant more than the caller holds.")
    @APIResponse(responseCode = "409", description = "The name is taken.")
    @APIResponse(responseCode = "429", description = "The tenant has too many.")
    public Response create(@Context SecurityContext ctx, @Nullable BindingRequest request) {
        Binding created = book.create(ctx, draft(request));
        return Tagged.made(URI.create("/authz/v1/bindings/" + created.id()), created.version(), BindingDto.of(created));
    }

    private static RuleDraft.OfBinding draft(@Nullable BindingRequest request) {
        BindingRequest wanted = request == null ? new BindingRequest(null, null, null, null, null) : request;
        return RuleDraft.binding(wanted.principal(), wanted.role(), wanted.resourceType(), wanted.resourceId(), wanted.expiresAt());
    }

    /** Shows one. */
    @GET
    @Path("{id}")
    @Operation(operationId = "getBinding", summary = "Get a binding", description = "With its ETag.")
    @APIResponse(
            responseCode = "200",
            description = "The binding, with its ETag.",
            content = @Content(schema = @Schema(implementation = BindingDto.class)))
    @APIResponse(responseCode = "304", description = "It is as If-None-Match says.")
    @APIResponse(responseCode = "404", description = "The tenant has none with this id.")
    public Response get(
            @Context SecurityContext ctx,
            @Context Request request,
            @Parameter(description = "Its id") @PathParam("id") String id) {
        Binding found = book.binding(ctx, id);
        return Tagged.shown(request, found.version(), BindingDto.of(found));
    }

    /** Removes one. */
    @DELETE
    @Path("{id}")
    @RequiresPermission(WRITE)
    @Operation(operationId = "deleteBinding", summary = "Delete a binding", description = "In force from the next request on.")
    @APIResponse(responseCode = "204", description = "It is gone.")
    @APIResponse(responseCode = "400", description = "It is built in or in use.")
    @APIResponse(responseCode = "404", description = "The tenant has none with this id.")
    @APIResponse(responseCode = "412", description = "It is not as If-Match says.")
    public Response delete(
            @Context SecurityContext ctx,
            @Context Request request,
            @Parameter(description = "Its id") @PathParam("id") String id) {
        Binding found = book.binding(ctx, id);
        Response refused = Tagged.refusal(request, found.version());
        if (refused != null) {
            return refused;
        }
        book.delete(ctx, found);
        return Response.noContent().build();
    }
}

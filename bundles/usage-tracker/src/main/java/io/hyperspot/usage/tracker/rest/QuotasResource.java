// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.rest;

import io.hyperspot.security.SecurityContext;
import io.hyperspot.usage.Quota;
import io.hyperspot.usage.Quotas;
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
import jakarta.ws.rs.QueryParam;
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

/** Quotas, and how they stand. Public, because Jersey calls it by reflection. */
@Component(service = QuotasResource.class)
@JakartarsResource
@Path("/usage/v1")
@Produces(MediaType.APPLICATION_JSON)
@RequiresPermission("gts.hyperspot.core.usage.*:read")
@NoFeature
@Tag(name = "usage", description = "Usage records, sums and quotas.")
public final class QuotasResource {
    private static final String ADMIN = "gts.hyperspot.core.usage.*:admin";
    private static final QueryField ID = new QueryField("id", QueryField.Type.STRING);
    private static final List<QueryField> FIELDS = List.of(
            ID, new QueryField("type", QueryField.Type.STRING), new QueryField("subject", QueryField.Type.STRING), new QueryField("period", QueryField.Type.STRING));
    private static final List<ListQuery.Order> ORDER = List.of(new ListQuery.Order(ID, false));

    private final Quotas quotas;
    private final Cursors cursors;
    private final ListEvaluator<QuotaDto> evaluator = new ListEvaluator<>(QuotasResource::read);

    @Activate
    public QuotasResource(@Reference Quotas quotas, @Reference Cursors cursors) {
        this.quotas = quotas;
        this.cursors = cursors;
    }

    private static @Nullable Object read(QuotaDto quota, QueryField field) {
        return switch (field.name()) {
            case "type" -> quota.type();
            case "subject" -> quota.subject();
            case "period" -> quota.period();
            default -> quota.id();
        };
    }

    /** Lists them. */
    @GET
    @Path("quotas")
    @QueryOptions(filter = "period eq 'month'", orderBy = "type")
    @Operation(operationId = "listQuotas", summary = "List quotas", description = "A tenant's quotas, ordered by id.")
    @APIResponse(responseCode = "200", description = "A page of quotas.")
    @APIResponse(responseCode = "400", description = "A query option is wrong.")
    @APIResponse(responseCode = "404", description = "The caller sees no such tenant.")
    public Page<QuotaDto> list(
            @Context SecurityContext ctx,
            @Context UriInfo uri,
            @Parameter(description = "Whose; absent: the caller's tenant") @QueryParam("tenant_id") @Nullable String tenant) {
        List<QuotaDto> shown = quotas.list(ctx, Texts.tenant(ctx, tenant)).stream().map(QuotaDto::of).toList();
        return evaluator.page(shown, ListQuery.of(uri, FIELDS, ORDER, cursors), one -> one, cursors);
    }

    /** How they stand. */
    @GET
    @Path("quota-status")
    @Operation(operationId = "getQuotaStatus", summary = "Show how quotas stand", description = "What is used, held and left in the current period of each.")
    @APIResponse(responseCode = "200", description = "The quotas and how they stand, ordered by id.")
    @APIResponse(responseCode = "404", description = "The caller sees no such tenant.")
    public Page<QuotaStatusDto> status(
            @Context SecurityContext ctx,
            @Parameter(description = "Whose; absent: the caller's tenant") @QueryParam("tenant_id") @Nullable String tenant) {
        return Page.whole(quotas.status(ctx, Texts.tenant(ctx, tenant)).stream().map(QuotaStatusDto::of).toList());
    }

    /** Makes one. */
    @POST
    @Path("quotas")
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(ADMIN)
    @Operation(
            operationId = "createQuota",
            summary = "Set a quota",
            description = "In force at once, with what was used in the period so far. Of all that apply to a tenant, its own and those"
                    + " of the tenants above, each holds.")
    @RequestBody(content = @Content(schema = @Schema(implementation = QuotaRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "The quota, with its ETag.",
            content = @Content(schema = @Schema(implementation = QuotaDto.class)))
    @APIResponse(responseCode = "400", description = "A member is missing, malformed or unknown.")
    @APIResponse(responseCode = "404", description = "The caller sees no such tenant.")
    @APIResponse(responseCode = "409", description = "There is one for the same tenant, subject, type and period.")
    public Response create(@Context SecurityContext ctx, @Nullable QuotaRequest request) {
        Quota made = quotas.create(ctx, wanted(request).quota(ctx));
        return Tagged.made(URI.create("/usage/v1/quotas/" + made.id()), made.version(), QuotaDto.of(made));
    }

    private static QuotaRequest wanted(@Nullable QuotaRequest request) {
        if (request == null) {
            throw Texts.invalid("send {\"type\": \"gts...\", \"limit\": \"100\"}");
        }
        return request;
    }

    /** Shows one. */
    @GET
    @Path("quotas/{id}")
    @Operation(operationId = "getQuota", summary = "Get a quota", description = "With its ETag.")
    @APIResponse(
            responseCode = "200",
            description = "The quota, with its ETag.",
            content = @Content(schema = @Schema(implementation = QuotaDto.class)))
    @APIResponse(responseCode = "304", description = "It is as If-None-Match says.")
    @APIResponse(responseCode = "404", description = "There is none that the caller sees.")
    public Response get(
            @Context SecurityContext ctx, @Context Request request, @Parameter(description = "Its id") @PathParam("id") String id) {
        Quota found = quotas.get(ctx, id);
        return Tagged.shown(request, found.version(), QuotaDto.of(found));
    }

    /** Changes one. */
    @PUT
    @Path("quotas/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(ADMIN)
    @RequiresIfMatch
    @Operation(
            operationId = "updateQuota",
            summary = "Change a quota",
            description = "Limit, enforcement and grace. Send all of it, with its ETag in If-Match. In force from the next reservation on.")
    @RequestBody(content = @Content(schema = @Schema(implementation = QuotaRequest.class)))
    @APIResponse(
            responseCode = "200",
            description = "The quota, with its new ETag.",
            content = @Content(schema = @Schema(implementation = QuotaDto.class)))
    @APIResponse(responseCode = "400", description = "A member is missing, malformed or unknown, or would make it another quota.")
    @APIResponse(responseCode = "403", description = "It was set by a tenant above.")
    @APIResponse(responseCode = "404", description = "There is none that the caller sees.")
    @APIResponse(responseCode = "412", description = "It has changed since.")
    public Response update(
            @Context SecurityContext ctx,
            @Context Request request,
            @Parameter(description = "Its id") @PathParam("id") String id,
            @Nullable QuotaRequest body) {
        Quota found = quotas.get(ctx, id);
        Response refused = Tagged.refusal(request, found.version());
        if (refused != null) {
            return refused;
        }
        Quota changed = quotas.update(ctx, id, found.version(), wanted(body).quota(ctx));
        return Tagged.changed(changed.version(), QuotaDto.of(changed));
    }

    /** Removes one. */
    @DELETE
    @Path("quotas/{id}")
    @RequiresPermission(ADMIN)
    @Operation(operationId = "deleteQuota", summary = "Delete a quota", description = "In force from the next reservation on.")
    @APIResponse(responseCode = "204", description = "It is gone.")
    @APIResponse(responseCode = "403", description = "It was set by a tenant above.")
    @APIResponse(responseCode = "404", description = "There is none that the caller sees.")
    @APIResponse(responseCode = "412", description = "It is not as If-Match says.")
    public Response delete(
            @Context SecurityContext ctx, @Context Request request, @Parameter(description = "Its id") @PathParam("id") String id) {
        Quota found = quotas.get(ctx, id);
        Response refused = Tagged.refusal(request, found.version());
        if (refused != null) {
            return refused;
        }
        quotas.delete(ctx, id, found.version());
        return Response.noContent().build();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.rest;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.audit.trail.AuditModule;
import io.hyperspot.audit.trail.Entry;
import io.hyperspot.audit.trail.Trail;
import io.hyperspot.audit.trail.TrailFilter;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.Page;
import io.hyperspot.web.QueryOptions;
import io.hyperspot.web.RequiresPermission;
import io.hyperspot.web.query.Cursors;
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
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jakartars.whiteboard.propertytypes.JakartarsResource;

/** Shows what was recorded, and records that it was shown. Public, because Jersey calls it by reflection. */
@Component(service = EventsResource.class)
@JakartarsResource
@Path("/audit/v1/events")
@Produces(MediaType.APPLICATION_JSON)
@RequiresPermission("gts.hyperspot.core.audit.*:read")
@NoFeature
@Tag(name = "audit", description = "The trail of security-relevant acts.")
public final class EventsResource {
    private static final List<ListQuery.Order> ORDER =
            List.of(new ListQuery.Order(new QueryField("seq", QueryField.Type.NUMBER), true));

    private final AuditModule audit;
    private final Cursors cursors;

    @Activate
    public EventsResource(@Reference AuditModule audit, @Reference Cursors cursors) {
        this.audit = audit;
        this.cursors = cursors;
    }

    /** Lists them. */
    @GET
    @QueryOptions
    @Operation(
            operationId = "listAuditEvents",
            summary = "List audit events",
            description = "The tenant's trail, newest first. That it was read is recorded too.")
    @APIResponse(responseCode = "200", description = "A page of events.")
    @APIResponse(responseCode = "400", description = "A filter or a query option is wrong.")
    public Page<EventDto> list(
            @Context SecurityContext ctx,
            @Context UriInfo uri,
            @Parameter(description = "Who acted, such as user:desktop") @QueryParam("actor") @Nullable String actor,
            @Parameter(description = "What was done, such as api_key.create, or api_key.*") @QueryParam("action")
                    @Nullable String action,
            @Parameter(description = "The id of what it was done to") @QueryParam("target") @Nullable String target,
            @Parameter(description = "done, denied or failed") @QueryParam("outcome") @Nullable String outcome,
            @Parameter(description = "Not before this time") @QueryParam("from") @Nullable String from,
            @Parameter(description = "Before this time") @QueryParam("to") @Nullable String to) {
        Trail trail = audit.trail();
        TrailFilter filter = Filters.of(uri);
        ListQuery query = ListQuery.of(uri, List.of(), ORDER, cursors);
        List<String> after = query.after();
        Long seq = after == null ? null : Long.valueOf(after.getFirst());
        int most = query.top() + 1;
        List<Entry> found = seq != null && query.backward()
                ? trail.after(ctx, filter, seq, most)
                : trail.before(ctx, filter, seq, most);
        audit.record(AuditEvent.done(ctx, "audit.read", "").with("filter", Filters.text(filter)));
        return query.page(found, entry -> List.of("" + entry.link().seq()), EventDto::of, cursors);
    }

    /** Shows one. */
    @GET
    @Path("{id}")
    @Operation(operationId = "getAuditEvent", summary = "Get an audit event", description = "That it was read is recorded too.")
    @APIResponse(responseCode = "200", description = "The event.")
    @APIResponse(responseCode = "404", description = "The tenant's trail has no such event.")
    public EventDto get(
            @Context SecurityContext ctx, @Parameter(description = "The event's id") @PathParam("id") String id) {
        Entry found = id.length() > 64 ? null : audit.trail().find(ctx, id);
        if (found == null) {
            throw new ProblemException(
                    ErrorCategory.NOT_FOUND,
                    "AUDIT_EVENT_NOT_FOUND",
                    "the tenant's trail has no such event; GET /audit/v1/events lists all");
        }
        audit.record(AuditEvent.done(ctx, "audit.read", id));
        return EventDto.of(found);
    }
}

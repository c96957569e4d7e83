// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.rest;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.usage.Outcome;
import io.hyperspot.usage.RecordQuery;
import io.hyperspot.usage.UsageRecord;
import io.hyperspot.usage.UsageTracker;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.Page;
import io.hyperspot.web.QueryOptions;
import io.hyperspot.web.RequiresPermission;
import io.hyperspot.web.query.Cursors;
import io.hyperspot.web.query.ListQuery;
import io.hyperspot.web.query.QueryField;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.ArrayList;
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

/** Takes, shows and corrects records. Public, because Jersey calls it by reflection. */
@Component(service = RecordsResource.class)
@JakartarsResource
@Path("/usage/v1/records")
@Produces(MediaType.APPLICATION_JSON)
@RequiresPermission("gts.hyperspot.core.usage.*:read")
@NoFeature
@Tag(name = "usage", description = "Usage records, sums and quotas.")
public final class RecordsResource {
    private static final String WRITE = "gts.hyperspot.core.usage.*:write";
    private static final List<ListQuery.Order> ORDER = List.of(
            new ListQuery.Order(new QueryField("at", QueryField.Type.INSTANT), true),
            new ListQuery.Order(new QueryField("id", QueryField.Type.STRING), true));

    private final UsageTracker usage;
    private final Cursors cursors;

    @Activate
    public RecordsResource(@Reference UsageTracker usage, @Reference Cursors cursors) {
        this.usage = usage;
        this.cursors = cursors;
    }

    /** Takes some. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(WRITE)
    @Operation(
            operationId = "reportUsage",
            summary = "Report usage",
            description = "Takes up to 1000 records. What is answered as accepted is durable, and in every sum and quota.")
    @RequestBody(content = @Content(schema = @Schema(implementation = RecordsRequest.class)))
    @APIResponse(
            responseCode = "202",
            description = "All are counted.",
            content = @Content(schema = @Schema(implementation = OutcomesDto.class)))
    @APIResponse(
            responseCode = "207",
            description = "Some were refused: the outcome of each says why.",
            content = @Content(schema = @Schema(implementation = OutcomesDto.class)))
    @APIResponse(responseCode = "400", description = "There are none, or too many.")
    public Response report(@Context SecurityContext ctx, @Nullable RecordsRequest request) {
        List<@Nullable RecordRequest> wanted = request == null ? null : request.records();
        if (wanted == null || wanted.isEmpty()) {
            throw Texts.invalid("send {\"records\": [...]} with 1 to " + UsageTracker.MOST_RECORDS);
        }
        List<Outcome> outcomes = new ArrayList<>();
        List<UsageRecord> readable = new ArrayList<>();
        for (RecordRequest each : wanted) {
            try {
                if (each == null) {
                    throw Texts.invalid("a record is an object");
                }
                readable.add(each.record(ctx));
                outcomes.add(new Outcome.Accepted(""));
            } catch (ProblemException e) {
                String id = each == null ? "" : Objects.requireNonNullElse(each.id(), "");
                outcomes.add(new Outcome.Rejected(id, e.code(), e.detail()));
            }
        }
        List<Outcome> taken = new ArrayList<>(usage.ingest(ctx, readable));
        outcomes.replaceAll(each -> each instanceof Outcome.Accepted ? taken.removeFirst() : each);
        OutcomesDto answer = OutcomesDto.of(outcomes);
        return Response.status(answer.rejected() == 0 ? 202 : 207).entity(answer).build();
    }

    /** Lists them. */
    @GET
    @QueryOptions
    @Operation(operationId = "listUsageRecords", summary = "List usage records", description = "The latest first.")
    @APIResponse(responseCode = "200", description = "A page of records.")
    @APIResponse(responseCode = "400", description = "A filter or a query option is wrong.")
    @APIResponse(responseCode = "404", description = "The caller sees no such tenant.")
    public Page<RecordDto> list(
            @Context SecurityContext ctx,
            @Context UriInfo uri,
            @Parameter(description = "Whose; absent: the caller's tenant") @QueryParam("tenant_id") @Nullable String tenant,
            @Parameter(description = "The GTS id of a usage type") @QueryParam("type") @Nullable String type,
            @Parameter(description = "Who used it") @QueryParam("subject") @Nullable String subject,
            @Parameter(description = "What was used") @QueryParam("resource") @Nullable String resource,
            @Parameter(description = "Not before this time") @QueryParam("from") @Nullable String from,
            @Parameter(description = "Before this time") @QueryParam("to") @Nullable String to) {
        ListQuery query = ListQuery.of(uri, List.of(), ORDER, cursors);
        List<String> after = query.after();
        RecordQuery.Position position =
                after == null ? null : new RecordQuery.Position(Instant.parse(after.getFirst()), after.getLast());
        List<UsageRecord> found = usage.list(
                ctx,
                new RecordQuery(
                        Texts.tenant(ctx, tenant),
                        type,
                        subject,
                        resource,
                        Texts.instant(from, "from"),
                        Texts.instant(to, "to"),
                        position,
                        query.backward(),
                        query.top() + 1));
        return query.page(found, one -> List.of(one.at().toString(), one.id()), RecordDto::of, cursors);
    }

    /** Shows one. */
    @GET
    @Path("{id}")
    @Operation(operationId = "getUsageRecord", summary = "Get a usage record", description = "By the id under which it was reported.")
    @APIResponse(responseCode = "200", description = "The record.")
    @APIResponse(responseCode = "404", description = "There is none that the caller sees.")
    public RecordDto get(
            @Context SecurityContext ctx,
            @Parameter(description = "The record's id") @PathParam("id") String id,
            @Parameter(description = "Whose; absent: the caller's tenant") @QueryParam("tenant_id") @Nullable String tenant) {
        return usage.find(ctx, Texts.tenant(ctx, tenant), id)
                .map(RecordDto::of)
                .orElseThrow(() -> new ProblemException(ErrorCategory.NOT_FOUND, "RECORD_NOT_FOUND", "there is no such record"));
    }

    /** Corrects one. */
    @POST
    @Path("{id}/corrections")
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(WRITE)
    @Operation(
            operationId = "correctUsage",
            summary = "Correct a usage record",
            description = "Records are never changed: a further one says by how much one was wrong, and counts in the same period.")
    @RequestBody(content = @Content(schema = @Schema(implementation = CorrectionRequest.class)))
    @APIResponse(responseCode = "202", description = "It is counted.")
    @APIResponse(responseCode = "400", description = "It is malformed, or would take away more than was recorded.")
    @APIResponse(responseCode = "404", description = "There is no such record that the caller sees.")
    public Response correct(
            @Context SecurityContext ctx,
            @Parameter(description = "The id of the record that is wrong") @PathParam("id") String id,
            @Parameter(description = "Whose; absent: the caller's tenant") @QueryParam("tenant_id") @Nullable String tenant,
            @Nullable CorrectionRequest request) {
        if (request == null) {
            throw Texts.invalid("send {\"id\": \"...\", \"difference\": \"-1\"}");
        }
        Outcome outcome = usage.correct(
                ctx,
                Texts.tenant(ctx, tenant),
                id,
                Texts.required(request.id(), "id"),
                Texts.decimal(request.difference(), "difference"),
                Objects.requireNonNullElse(request.reason(), ""));
        if (outcome instanceof Outcome.Rejected(String _, String code, String reason)) {
            throw new ProblemException(ErrorCategory.INVALID_ARGUMENT, code, reason);
        }
        return Response.status(202).entity(OutcomesDto.OutcomeDto.of(outcome)).build();
    }
}

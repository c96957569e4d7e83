// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.rest;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.audit.chain.SignedPoint;
import io.hyperspot.audit.chain.TrailFile;
import io.hyperspot.audit.chain.TrailKey;
import io.hyperspot.audit.trail.AuditModule;
import io.hyperspot.audit.trail.Entry;
import io.hyperspot.audit.trail.Trail;
import io.hyperspot.audit.trail.TrailFilter;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.RequiresPermission;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

/** The trail as a whole: taken out, checked, held and erased. Public, because Jersey calls it by reflection. */
@Component(service = TrailResource.class)
@JakartarsResource
@Path("/audit/v1")
@Produces(MediaType.APPLICATION_JSON)
@RequiresPermission("gts.hyperspot.core.audit.*:read")
@NoFeature
@Tag(name = "audit", description = "The trail of security-relevant acts.")
public final class TrailResource {
    private static final String ADMIN = "gts.hyperspot.core.audit.*:admin";
    private static final String JSON_LINES = "application/jsonl";
    private static final String CSV = "text/csv";
    private static final int STEP = 500;
    private static final int LONGEST_REASON = 200;

    private final AuditModule audit;

    @Activate
    public TrailResource(@Reference AuditModule audit) {
        this.audit = audit;
    }

    /** Exports it. */
    @GET
    @Path("export")
    @Produces({JSON_LINES, CSV})
    @Operation(
            operationId = "exportAuditTrail",
            summary = "Export the audit trail",
            description = "As JSON Lines the whole trail, which 'hyperspot audit verify' checks without the server; as CSV the"
                    + " records that pass the filters of the list, for people. That it was exported is recorded.")
    @APIResponse(
            responseCode = "200",
            description = "The records, oldest first.",
            content = {
                @Content(mediaType = JSON_LINES, schema = @Schema(type = SchemaType.STRING)),
                @Content(mediaType = CSV, schema = @Schema(type = SchemaType.STRING))
            })
    @APIResponse(responseCode = "400", description = "The format or a filter is wrong.")
    public Response export(
            @Context SecurityContext ctx,
            @Context UriInfo uri,
            @Parameter(description = "jsonl (default) or csv") @QueryParam("format") @Nullable String format) {
        Trail trail = audit.trail();
        TrailFilter filter = Filters.of(uri);
        boolean csv = "csv".equals(format);
        if (format != null && !csv && !format.equals("jsonl")) {
            throw Filters.invalid("'format' is jsonl or csv");
        }
        if (!csv && !filter.equals(TrailFilter.ALL)) {
            throw Filters.invalid("a trail in JSON Lines is whole, so that it can be checked; filters are for format=csv");
        }
        audit.record(AuditEvent.done(ctx, "audit.export", "").with("format", csv ? "csv" : "jsonl").with("filter", Filters.text(filter)));
        StreamingOutput body = out -> {
            try (Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8)) {
                if (csv) {
                    writeCsv(writer, trail, ctx, filter);
                } else {
                    writeLines(writer, trail, ctx);
                }
            }
        };
        return Response.ok(body, csv ? CSV : JSON_LINES)
                .header("Content-Disposition", "attachment; filename=\"audit." + (csv ? "csv" : "jsonl") + "\"")
                .build();
    }

    private static void writeLines(Writer out, Trail trail, SecurityContext ctx) throws IOException {
        SignedPoint start = trail.start(ctx);
        SignedPoint head = trail.head(ctx);
        out.write(TrailFile.first(ctx.tenant().toString(), TrailKey.parse(trail.signingKey()), start));
        out.write('\n');
        long seq = start == null ? 0 : start.point().seq();
        long end = head == null ? 0 : head.point().seq();
        while (seq < end) {
            List<Entry> some = trail.after(ctx, TrailFilter.ALL, seq, (int) Math.min(STEP, end - seq));
            for (Entry entry : some) {
                out.write(TrailFile.record(
                        entry.link(),
                        entry.hash(),
                        entry.signature(),
                        entry.actor(),
                        entry.actorKey(),
                        entry.details(),
                        entry.detailsKey()));
                out.write('\n');
                seq = entry.link().seq();
            }
            if (some.isEmpty()) {
                break;
            }
        }
        if (head != null) {
            out.write(TrailFile.last(head));
            out.write('\n');
        }
    }

    private static void writeCsv(Writer out, Trail trail, SecurityContext ctx, TrailFilter filter) throws IOException {
        out.write("seq,id,at,actor,action,target,outcome,details\r\n");
        List<Entry> some = trail.after(ctx, filter, 0, STEP);
        while (!some.isEmpty()) {
            for (Entry entry : some) {
                out.write(Csv.line(
                        "" + entry.link().seq(),
                        entry.link().id(),
                        Instant.ofEpochMilli(entry.link().at()).toString(),
                        entry.actor() == null ? "(erased)" : entry.actor(),
                        entry.link().action(),
                        entry.target(),
                        entry.link().outcome(),
                        text(entry.details())));
            }
            some = trail.after(ctx, filter, some.getLast().link().seq(), STEP);
        }
    }

    private static String text(@Nullable Map<String, String> details) {
        StringBuilder text = new StringBuilder();
        if (details != null) {
            new TreeMap<>(details).forEach((name, value) -> text.append(text.isEmpty() ? "" : "; ").append(name).append('=').append(value));
        }
        return details == null ? "(erased)" : text.toString();
    }

    /** Checks it. */
    @GET
    @Path("verification")
    @Operation(
            operationId = "verifyAuditTrail",
            summary = "Verify the audit trail",
            description = "Checks every record of the tenant's trail, and its end against the signed head that is kept outside of"
                    + " the database; names what was edited, deleted, inserted or cut off.")
    @APIResponse(responseCode = "200", description = "What was found.")
    public VerificationDto verify(@Context SecurityContext ctx) {
        Trail trail = audit.trail();
        return VerificationDto.of(trail.verify(ctx), trail.fingerprint());
    }

    /** Shows the key. */
    @GET
    @Path("signing-key")
    @Operation(
            operationId = "getAuditSigningKey",
            summary = "Get the key of the audit trail",
            description = "The public key. Keep it where nobody changes it, to check exports with.")
    @APIResponse(responseCode = "200", description = "The key.")
    public SigningKeyDto key(@Context SecurityContext ctx) {
        Trail trail = audit.trail();
        return new SigningKeyDto("Ed25519", trail.signingKey(), trail.fingerprint());
    }

    /** Lists holds. */
    @GET
    @Path("holds")
    @Operation(operationId = "listAuditHolds", summary = "List holds", description = "Why the tenant's trail is kept whole.")
    @APIResponse(responseCode = "200", description = "The holds, oldest first, at most 100.")
    public List<HoldDto> holds(@Context SecurityContext ctx) {
        return audit.trail().holds(ctx).stream().map(HoldDto::of).toList();
    }

    /** Makes a hold. */
    @POST
    @Path("holds")
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(ADMIN)
    @Operation(
            operationId = "createAuditHold",
            summary = "Hold the audit trail",
            description = "Nothing of the tenant's trail is removed or erased until the hold is ended.")
    @RequestBody(content = @Content(schema = @Schema(implementation = HoldRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "The hold.",
            content = @Content(schema = @Schema(implementation = HoldDto.class)))
    @APIResponse(responseCode = "400", description = "The reason is missing or too long.")
    @APIResponse(responseCode = "429", description = "The tenant has too many.")
    public Response hold(@Context SecurityContext ctx, @Nullable HoldRequest request) {
        String reason = request == null || request.reason() == null ? "" : request.reason().strip();
        if (reason.isEmpty() || reason.length() > LONGEST_REASON || reason.chars().anyMatch(Character::isISOControl)) {
            throw Filters.invalid("send {\"reason\": \"...\"} with 1 to " + LONGEST_REASON + " characters");
        }
        HoldDto made = HoldDto.of(audit.trail().hold(ctx, reason));
        return Response.created(URI.create("/audit/v1/holds/" + made.id())).entity(made).build();
    }

    /** Ends a hold. */
    @DELETE
    @Path("holds/{id}")
    @RequiresPermission(ADMIN)
    @Operation(operationId = "deleteAuditHold", summary = "End a hold", description = "Old records are removed again after that.")
    @APIResponse(responseCode = "204", description = "It is ended.")
    @APIResponse(responseCode = "404", description = "The tenant has no such hold.")
    public void release(@Context SecurityContext ctx, @Parameter(description = "The hold's id") @PathParam("id") String id) {
        if (id.length() > 64 || !audit.trail().release(ctx, id)) {
            throw new ProblemException(
                    ErrorCategory.NOT_FOUND, "AUDIT_HOLD_NOT_FOUND", "the tenant has no such hold; GET /audit/v1/holds lists all");
        }
    }

    /** Erases what concerns a person. */
    @POST
    @Path("erasures")
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(ADMIN)
    @Operation(
            operationId = "eraseFromAuditTrail",
            summary = "Erase a person from the audit trail",
            description = "Destroys the keys of what the trail says about the person: their acts stay, without name and details, and"
                    + " the trail stays whole. Cannot be undone.")
    @RequestBody(content = @Content(schema = @Schema(implementation = ErasureRequest.class)))
    @APIResponse(responseCode = "200", description = "What was erased.")
    @APIResponse(responseCode = "400", description = "The subject is missing, or the trail is held.")
    public ErasureDto erase(@Context SecurityContext ctx, @Nullable ErasureRequest request) {
        String subject = request == null ? null : request.subject();
        if (subject == null || subject.isBlank() || subject.length() > 1000) {
            throw Filters.invalid("send {\"subject\": \"user:...\"}, as 'actor' or 'target' name the person");
        }
        return new ErasureDto(audit.trail().erase(ctx, subject));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.usage.tracker.rest;

import io.hyperspot.security.SecurityContext;
import io.hyperspot.usage.AggregateQuery;
import io.hyperspot.usage.Period;
import io.hyperspot.usage.UsageTracker;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.Page;
import io.hyperspot.web.RequiresPermission;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jakartars.whiteboard.propertytypes.JakartarsResource;

/** Sums of usage, and what can be summed. Public, because Jersey calls it by reflection. */
@Component(service = SumsResource.class)
@JakartarsResource
@Path("/usage/v1")
@Produces(MediaType.APPLICATION_JSON)
@RequiresPermission("gts.hyperspot.core.usage.*:read")
@NoFeature
@Tag(name = "usage", description = "Usage records, sums and quotas.")
public final class SumsResource {
    private static final Duration USUAL = Duration.ofDays(30);
    private static final int MOST = 10_000;

    private final UsageTracker usage;

    @Activate
    public SumsResource(@Reference UsageTracker usage) {
        this.usage = usage;
    }

    /** Lists usage types. */
    @GET
    @Path("types")
    @Operation(operationId = "listUsageTypes", summary = "List usage types", description = "What can be reported and limited, ordered by id.")
    @APIResponse(responseCode = "200", description = "The types.")
    public Page<UsageTypeDto> types(@Context SecurityContext ctx) {
        return Page.whole(usage.types(ctx).stream().map(UsageTypeDto::of).toList());
    }

    /** Sums. */
    @GET
    @Path("aggregates")
    @Operation(
            operationId = "aggregateUsage",
            summary = "Sum usage",
            description = "Sums by type and period, ordered by type and time. They hold every accepted record.")
    @APIResponse(responseCode = "200", description = "The sums.")
    @APIResponse(responseCode = "400", description = "A parameter is wrong, or there are too many sums: ask for less time or fewer groups.")
    @APIResponse(responseCode = "404", description = "The caller sees no such tenant.")
    public Page<AggregateDto> aggregate(
            @Context SecurityContext ctx,
            @Parameter(description = "Whose; absent: the caller's tenant") @QueryParam("tenant_id") @Nullable String tenant,
            @Parameter(description = "Whether the tenants below count too") @QueryParam("below") @DefaultValue("false") boolean below,
            @Parameter(description = "The GTS id of a usage type") @QueryParam("type") @Nullable String type,
            @Parameter(description = "Who used it") @QueryParam("subject") @Nullable String subject,
            @Parameter(description = "What was used") @QueryParam("resource") @Nullable String resource,
            @Parameter(description = "The first moment; absent: 30 days before 'to'") @QueryParam("from") @Nullable String from,
            @Parameter(description = "The first moment that is not meant any more; absent: now") @QueryParam("to") @Nullable String to,
            @Parameter(description = "hour, day (default), month or total") @QueryParam("period") @Nullable String period,
            @Parameter(description = "tenant, subject, resource; may be repeated") @QueryParam("group_by") @Nullable List<String> groups) {
        Instant until = Texts.instant(to, "to", Instant.now());
        Instant since = Texts.instant(from, "from", until.minus(USUAL));
        if (!since.isBefore(until)) {
            throw Texts.invalid("'from' is before 'to'");
        }
        Set<AggregateQuery.Group> by = EnumSet.noneOf(AggregateQuery.Group.class);
        if (groups != null) {
            groups.forEach(each -> by.add(Texts.word(AggregateQuery.Group.class, each, "group_by")));
        }
        List<AggregateDto> sums = usage.aggregate(
                        ctx,
                        new AggregateQuery(
                                Texts.tenant(ctx, tenant), below, type, subject, resource, since, until, Texts.period(period, Period.DAY), by))
                .stream()
                .map(AggregateDto::of)
                .toList();
        if (sums.size() > MOST) {
            throw Texts.invalid("these are " + sums.size() + " sums; ask for less time, a longer period or fewer groups");
        }
        return Page.whole(sums);
    }
}

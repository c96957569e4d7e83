// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.rest;

import io.hyperspot.modkit.worker.Admission;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.Page;
import io.hyperspot.web.QueryOptions;
import io.hyperspot.web.RequiresPermission;
import io.hyperspot.web.query.Cursors;
import io.hyperspot.web.query.ListEvaluator;
import io.hyperspot.web.query.ListQuery;
import io.hyperspot.web.query.QueryField;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jakartars.whiteboard.propertytypes.JakartarsResource;

/** Shows every worker, admitted or not, and why. Platform data. Public, because Jersey calls it by reflection. */
@Component(service = WorkersResource.class)
@JakartarsResource
@Path("/plugins/v1/workers")
@Produces(MediaType.APPLICATION_JSON)
@RequiresPermission("gts.hyperspot.core.plugins.*:read")
@NoFeature
@Tag(name = "plugins")
public final class WorkersResource {
    private static final QueryField TYPE = new QueryField("type", QueryField.Type.STRING);
    private static final QueryField INSTANCE = new QueryField("instance", QueryField.Type.STRING);
    private static final QueryField BUNDLE = new QueryField("bundle", QueryField.Type.STRING);
    private static final List<QueryField> FIELDS =
            List.of(TYPE, INSTANCE, BUNDLE, new QueryField("state", QueryField.Type.STRING));
    private static final List<ListQuery.Order> ORDER = List.of(
            new ListQuery.Order(TYPE, false), new ListQuery.Order(INSTANCE, false), new ListQuery.Order(BUNDLE, false));

    private final Admission admission;
    private final Cursors cursors;
    private final ListEvaluator<Admission.Entry> evaluator = new ListEvaluator<>(WorkersResource::read);

    @Activate
    public WorkersResource(@Reference Admission admission, @Reference Cursors cursors) {
        this.admission = admission;
        this.cursors = cursors;
    }

    private static Object read(Admission.Entry entry, QueryField field) {
        return switch (field.name()) {
            case "type" -> entry.type();
            case "bundle" -> entry.origin();
            case "state" -> WorkerDto.state(entry);
            default -> entry.instance();
        };
    }

    /** Lists the workers. */
    @GET
    @QueryOptions(filter = "state eq 'pending'", orderBy = "state desc")
    @Operation(
            operationId = "listWorkers",
            summary = "List workers",
            description = "Every worker service and what became of it: offered to its gateway, waiting for its type, rejected or in"
                    + " conflict with another one, with the reason. Filter and order by type, instance, bundle and state.")
    @APIResponse(responseCode = "200", description = "The workers.")
    @APIResponse(responseCode = "400", description = "A query option is wrong.")
    public Page<WorkerDto> list(@Context UriInfo uri) {
        return evaluator.page(admission.entries(), ListQuery.of(uri, FIELDS, ORDER, cursors), WorkerDto::of, cursors);
    }
}

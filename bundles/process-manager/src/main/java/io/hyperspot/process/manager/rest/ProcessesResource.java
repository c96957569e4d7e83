// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.manager.rest;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.process.SupervisedProcess;
import io.hyperspot.process.manager.ProcessControl;
import io.hyperspot.process.manager.ProcessControl.Action;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.OperationLimits;
import io.hyperspot.web.Page;
import io.hyperspot.web.QueryOptions;
import io.hyperspot.web.RequiresPermission;
import io.hyperspot.web.query.Cursors;
import io.hyperspot.web.query.ListEvaluator;
import io.hyperspot.web.query.ListQuery;
import io.hyperspot.web.query.QueryField;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.math.BigDecimal;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jakartars.whiteboard.propertytypes.JakartarsResource;

/**
 * Shows, starts and stops the processes that modules have defined. Platform data: no tenant owns a
 * process. Public, because Jersey calls it by reflection.
 */
@Component(service = ProcessesResource.class)
@JakartarsResource
@Path("/process-manager/v1/processes")
@Produces(MediaType.APPLICATION_JSON)
@RequiresPermission("gts.hyperspot.core.process_manager.*:read")
@NoFeature
@Tag(name = "process-manager")
public final class ProcessesResource {
    private static final String WRITE = "gts.hyperspot.core.process_manager.*:write";
    private static final int MAX_TAIL = 1_000;
    private static final QueryField NAME = new QueryField("name", QueryField.Type.STRING);
    private static final List<QueryField> FIELDS = List.of(
            NAME,
            new QueryField("owner", QueryField.Type.STRING),
            new QueryField("kind", QueryField.Type.STRING),
            new QueryField("state", QueryField.Type.STRING),
            new QueryField("since", QueryField.Type.INSTANT),
            new QueryField("restarts", QueryField.Type.NUMBER));
    private static final List<ListQuery.Order> ORDER = List.of(new ListQuery.Order(NAME, false));

    private final ProcessControl control;
    private final Cursors cursors;
    private final ListEvaluator<ProcessDto> evaluator = new ListEvaluator<>(ProcessesResource::read);

    @Activate
    public ProcessesResource(@Reference ProcessControl control, @Reference Cursors cursors) {
        this.control = control;
        this.cursors = cursors;
    }

    private static Object read(ProcessDto process, QueryField field) {
        return switch (field.name()) {
            case "owner" -> process.owner();
            case "kind" -> process.kind();
            case "state" -> process.state();
            case "since" -> process.since();
            case "restarts" -> BigDecimal.valueOf(process.restarts());
            default -> process.name();
        };
    }

    /** Lists processes ordered by name. */
    @GET
    @QueryOptions(filter = "state eq 'BACKOFF'", orderBy = "restarts desc")
    @Operation(
            operationId = "listProcesses",
            summary = "List processes",
            description = "Every process that a module has defined. Filter and order by name, owner, kind, state, since and restarts.")
    @APIResponse(responseCode = "200", description = "The processes.")
    @APIResponse(responseCode = "400", description = "A query option is wrong.")
    public Page<ProcessDto> list(@Context UriInfo uri) {
        ListQuery query = ListQuery.of(uri, FIELDS, ORDER, cursors);
        // read once: a process goes on while the page is made
        List<ProcessDto> now = control.list().stream().map(ProcessDto::of).toList();
        return evaluator.page(now, query, process -> process, cursors);
    }

    /** Gets one process. */
    @GET
    @Path("{name}")
    @Operation(operationId = "getProcess", summary = "Get a process", description = "State, restarts, last failure and limits of a process.")
    @APIResponse(responseCode = "200", description = "The process.")
    @APIResponse(responseCode = "404", description = "There is no such process.")
    public ProcessDto get(@PathParam("name") String name) {
        return ProcessDto.of(control.find(name));
    }

    /** Gets what a process has written. */
    @GET
    @Path("{name}/logs")
    @Operation(
            operationId = "getProcessLogs",
            summary = "Get what a process has written",
            description = "The last lines of its outputs, over all its runs. More is in the file logs/processes/<name>.log of the server.")
    @APIResponse(responseCode = "200", description = "The lines, oldest first.")
    @APIResponse(responseCode = "400", description = "The number of lines is wrong.")
    @APIResponse(responseCode = "404", description = "There is no such process.")
    public ProcessLogDto logs(
            @PathParam("name") String name,
            @Parameter(description = "How many lines, 1 to 1000") @QueryParam("tail") @DefaultValue("100") int tail) {
        SupervisedProcess process = control.find(name);
        if (tail < 1 || tail > MAX_TAIL) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT, "INVALID_TAIL", "tail must be between 1 and " + MAX_TAIL + "; got " + tail);
        }
        return ProcessLogDto.of(name, process.log(tail));
    }

    /** Starts a process. */
    @POST
    @Path("{name}/start")
    @RequiresPermission(WRITE)
    @Operation(
            operationId = "startProcess",
            summary = "Start a process",
            description = "Starts what was stopped or has failed; a backoff is cut short. Answers before it is ready.")
    @APIResponse(responseCode = "200", description = "The process.")
    @APIResponse(responseCode = "400", description = "It runs.")
    @APIResponse(responseCode = "404", description = "There is no such process.")
    public ProcessDto start(@Context SecurityContext ctx, @PathParam("name") String name) {
        return ProcessDto.of(control.act(name, Action.START, ctx.subject()));
    }

    /** Stops a process. */
    @POST
    @Path("{name}/stop")
    @RequiresPermission(WRITE)
    @OperationLimits(timeoutSeconds = 120)
    @Operation(
            operationId = "stopProcess",
            summary = "Stop a process",
            description = "Asks it to end and kills it after its grace; answers when it has ended. It stays stopped, and calls that"
                    + " need it fail, until it or its module is started.")
    @APIResponse(responseCode = "200", description = "The process.")
    @APIResponse(responseCode = "400", description = "It does not run.")
    @APIResponse(responseCode = "404", description = "There is no such process.")
    public ProcessDto stop(@Context SecurityContext ctx, @PathParam("name") String name) {
        return ProcessDto.of(control.act(name, Action.STOP, ctx.subject()));
    }

    /** Stops and starts a process. */
    @POST
    @Path("{name}/restart")
    @RequiresPermission(WRITE)
    @OperationLimits(timeoutSeconds = 120)
    @Operation(
            operationId = "restartProcess",
            summary = "Restart a process",
            description = "Ends it as a stop does, then starts it. Answers before it is ready.")
    @APIResponse(responseCode = "200", description = "The process.")
    @APIResponse(responseCode = "404", description = "There is no such process.")
    public ProcessDto restart(@Context SecurityContext ctx, @PathParam("name") String name) {
        return ProcessDto.of(control.act(name, Action.RESTART, ctx.subject()));
    }
}

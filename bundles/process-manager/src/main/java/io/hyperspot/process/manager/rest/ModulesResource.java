// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.manager.rest;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.process.manager.Module;
import io.hyperspot.process.manager.ModuleControl;
import io.hyperspot.process.manager.ModuleControl.Action;
import io.hyperspot.process.manager.ModuleDirectory;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.OperationLimits;
import io.hyperspot.web.Page;
import io.hyperspot.web.RequiresPermission;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
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

/** Shows, starts and stops modules. Platform data: no tenant owns a module. */
@Component(service = ModulesResource.class)
@JakartarsResource
@Path("/process-manager/v1/modules")
@Produces(MediaType.APPLICATION_JSON)
@RequiresPermission("gts.hyperspot.core.process_manager.*:read")
@NoFeature
@Tag(name = "process-manager", description = "The modules and processes that run, and the machine.")
public final class ModulesResource {
    private static final String WRITE = "gts.hyperspot.core.process_manager.*:write";

    private final ModuleDirectory directory;
    private final ModuleControl control;

    @Activate
    public ModulesResource(@Reference ModuleDirectory directory, @Reference ModuleControl control) {
        this.directory = directory;
        this.control = control;
    }

    /** Lists modules. */
    @GET
    @Operation(operationId = "listModules", summary = "List modules", description = "Every module, connector and plugin, ordered by id.")
    @APIResponse(responseCode = "200", description = "The modules.")
    public Page<ModuleDto> list() {
        return Page.whole(directory.list().stream().map(ModuleDto::of).toList());
    }

    /** Gets one module. */
    @GET
    @Path("{id}")
    @Operation(operationId = "getModule", summary = "Get a module", description = "State, needs, workers and health of a module.")
    @APIResponse(responseCode = "200", description = "The module.")
    @APIResponse(responseCode = "404", description = "There is no such module.")
    public ModuleDto get(@Parameter(description = "Symbolic name") @PathParam("id") String id) {
        return ModuleDto.of(find(id));
    }

    /** Tells what stopping a module means. */
    @GET
    @Path("{id}/impact")
    @Operation(
            operationId = "getModuleImpact",
            summary = "Tell what stopping a module means",
            description = "The modules that stop working with it and the workers that take no requests; changes nothing.")
    @APIResponse(responseCode = "200", description = "The impact.")
    @APIResponse(responseCode = "404", description = "There is no such module.")
    public ImpactDto impact(@Parameter(description = "Symbolic name") @PathParam("id") String id) {
        Module module = find(id);
        List<String> affected = directory.affectedBy(id);
        return new ImpactDto(affected, module.workers(), ModuleControl.impact(module, Action.STOP, affected));
    }

    /** Starts a module. */
    @POST
    @Path("{id}/start")
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(WRITE)
    @OperationLimits(timeoutSeconds = 120)
    @Operation(operationId = "startModule", summary = "Start a module", description = "Answers when it has started.")
    @APIResponse(responseCode = "200", description = "The module.")
    @APIResponse(responseCode = "404", description = "There is no such module.")
    public ModuleDto start(
            @Context SecurityContext ctx,
            @Parameter(description = "Symbolic name") @PathParam("id") String id,
            @Nullable ActionRequest request) {
        return act(ctx, id, Action.START, request);
    }

    /** Stops a module. */
    @POST
    @Path("{id}/stop")
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(WRITE)
    @OperationLimits(timeoutSeconds = 120)
    @Operation(
            operationId = "stopModule",
            summary = "Stop a module",
            description = "Its workers finish their calls first. It is started again by a restart of the server.")
    @APIResponse(responseCode = "200", description = "The module.")
    @APIResponse(responseCode = "400", description = "It must not be stopped, or the impact is not confirmed.")
    @APIResponse(responseCode = "404", description = "There is no such module.")
    public ModuleDto stop(
            @Context SecurityContext ctx,
            @Parameter(description = "Symbolic name") @PathParam("id") String id,
            @Nullable ActionRequest request) {
        return act(ctx, id, Action.STOP, request);
    }

    /** Stops and starts a module. */
    @POST
    @Path("{id}/restart")
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(WRITE)
    @OperationLimits(timeoutSeconds = 120)
    @Operation(operationId = "restartModule", summary = "Restart a module", description = "Its workers finish their calls first.")
    @APIResponse(responseCode = "200", description = "The module.")
    @APIResponse(responseCode = "400", description = "It must not be stopped, or the impact is not confirmed.")
    @APIResponse(responseCode = "404", description = "There is no such module.")
    public ModuleDto restart(
            @Context SecurityContext ctx,
            @Parameter(description = "Symbolic name") @PathParam("id") String id,
            @Nullable ActionRequest request) {
        return act(ctx, id, Action.RESTART, request);
    }

    private ModuleDto act(SecurityContext ctx, String id, Action action, @Nullable ActionRequest request) {
        return ModuleDto.of(control.act(id, action, request != null && request.confirm(), ctx.subject()));
    }

    private Module find(String id) {
        return directory.find(id)
                .orElseThrow(() -> new ProblemException(
                        ErrorCategory.NOT_FOUND,
                        "MODULE_NOT_FOUND",
                        "no module '" + id + "'; GET /process-manager/v1/modules lists all"));
    }
}

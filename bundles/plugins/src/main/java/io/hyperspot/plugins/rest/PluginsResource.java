// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.rest;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.plugins.Plugin;
import io.hyperspot.plugins.Plugins;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.Page;
import io.hyperspot.web.QueryOptions;
import io.hyperspot.web.RequiresPermission;
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

/** Shows and changes the plugins. Platform data: no tenant owns a plugin. Public, because Jersey calls it by reflection. */
@Component(service = PluginsResource.class)
@JakartarsResource
@Path("/plugins/v1/plugins")
@Produces(MediaType.APPLICATION_JSON)
@RequiresPermission("gts.hyperspot.core.plugins.*:read")
@NoFeature
@Tag(name = "plugins", description = "Plugins: what there is, install, upgrade, try, roll back.")
public final class PluginsResource {
    private static final String WRITE = "gts.hyperspot.core.plugins.*:write";
    private static final QueryField FILE = new QueryField("file", QueryField.Type.STRING);
    private static final List<QueryField> FIELDS = List.of(
            FILE,
            new QueryField("id", QueryField.Type.STRING),
            new QueryField("state", QueryField.Type.STRING),
            new QueryField("since", QueryField.Type.INSTANT));
    private static final List<ListQuery.Order> ORDER = List.of(new ListQuery.Order(FILE, false));

    private final Plugins plugins;
    private final Cursors cursors;
    private final ListEvaluator<Plugin> evaluator = new ListEvaluator<>(PluginsResource::read);

    @Activate
    public PluginsResource(@Reference Plugins plugins, @Reference Cursors cursors) {
        this.plugins = plugins;
        this.cursors = cursors;
    }

    private static Object read(Plugin plugin, QueryField field) {
        return switch (field.name()) {
            case "id" -> plugin.id();
            case "state" -> plugin.state().name();
            case "since" -> plugin.since();
            default -> plugin.file();
        };
    }

    /** Lists plugins ordered by file name. */
    @GET
    @QueryOptions(filter = "state eq 'REJECTED'", orderBy = "since desc")
    @Operation(
            operationId = "listPlugins",
            summary = "List plugins",
            description = "Every file of the drop-in folder with its state. Filter and order by file, id, state and since.")
    @APIResponse(responseCode = "200", description = "The plugins.")
    @APIResponse(responseCode = "400", description = "A query option is wrong.")
    public Page<PluginDto> list(@Context UriInfo uri) {
        ListQuery query = ListQuery.of(uri, FIELDS, ORDER, cursors);
        return evaluator.page(plugins.list(), query, PluginDto::of, cursors);
    }

    /** Gets one plugin. */
    @GET
    @Path("{id}")
    @Operation(
            operationId = "getPlugin",
            summary = "Get a plugin",
            description = "A plugin by its id, or a file of the drop-in folder by its name.")
    @APIResponse(responseCode = "200", description = "The plugin.")
    @APIResponse(responseCode = "404", description = "There is no such plugin or file.")
    public PluginDto get(@Parameter(description = "Plugin id or file name") @PathParam("id") String id) {
        return PluginDto.of(find(id));
    }

    /** Removes a plugin. */
    @DELETE
    @Path("{id}")
    @RequiresPermission(WRITE)
    @Operation(
            operationId = "removePlugin",
            summary = "Remove a plugin",
            description = "Deletes its file; its calls end first. Answers when that has begun.")
    @APIResponse(responseCode = "204", description = "It goes.")
    @APIResponse(responseCode = "404", description = "There is no such plugin.")
    public void remove(@Context SecurityContext ctx, @Parameter(description = "Plugin id") @PathParam("id") String id) {
        plugins.remove(id, ctx.subject());
    }

    /** Lists the versions of a plugin. */
    @GET
    @Path("{id}/versions")
    @Operation(
            operationId = "listPluginVersions",
            summary = "List the versions of a plugin",
            description = "What serves, what stands by, what is kept for a rollback, and what was refused; the newest first.")
    @APIResponse(responseCode = "200", description = "The versions.")
    @APIResponse(responseCode = "404", description = "There is no such plugin.")
    public Page<PluginDto.VersionDto> versions(@Parameter(description = "Plugin id") @PathParam("id") String id) {
        return Page.whole(PluginDto.of(find(id)).versions());
    }

    /** Explains the state of a plugin. */
    @GET
    @Path("{id}/diagnosis")
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(
            operationId = "diagnosePlugin",
            summary = "Explain the state of a plugin",
            description = "What is wrong and what would mend it, its versions and the steps of its last change, for people.")
    @APIResponse(responseCode = "200", description = "The explanation.")
    @APIResponse(responseCode = "404", description = "There is no such plugin.")
    public String diagnosis(@Parameter(description = "Plugin id or file name") @PathParam("id") String id) {
        return plugins.diagnosis(id) + "\n";
    }

    /** Goes back to another version. */
    @POST
    @Path("{id}/rollback")
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(WRITE)
    @Operation(
            operationId = "rollBackPlugin",
            summary = "Go back to another version",
            description = "The one before, or the one named; side by side, like an upgrade. Answers when it serves.")
    @APIResponse(responseCode = "200", description = "The plugin.")
    @APIResponse(responseCode = "400", description = "The version does not start or is not healthy; nothing has changed.")
    @APIResponse(responseCode = "404", description = "There is no such plugin or version.")
    public PluginDto rollback(
            @Context SecurityContext ctx,
            @Parameter(description = "Plugin id") @PathParam("id") String id,
            @Nullable RollbackRequest request) {
        return PluginDto.of(plugins.rollback(id, request == null ? null : request.version(), ctx.subject()));
    }

    /** Changes the share of a version that is being tried. */
    @POST
    @Path("{id}/canary")
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(WRITE)
    @Operation(
            operationId = "shareRequestsWithCanary",
            summary = "Change the share of a version that is being tried",
            description = "100 percent makes it the active version; to end the trial roll back.")
    @APIResponse(responseCode = "200", description = "The plugin.")
    @APIResponse(responseCode = "400", description = "Nothing is being tried, or the share is malformed.")
    @APIResponse(responseCode = "404", description = "There is no such plugin.")
    public PluginDto canary(
            @Context SecurityContext ctx,
            @Parameter(description = "Plugin id") @PathParam("id") String id,
            @Nullable ShareRequest request) {
        if (request == null) {
            throw ShareRequest.malformed("send {\"percent\": 10}");
        }
        return PluginDto.of(plugins.share(id, request.share(), ctx.subject()));
    }

    private Plugin find(String id) {
        return plugins.find(id)
                .orElseThrow(() -> new ProblemException(
                        ErrorCategory.NOT_FOUND,
                        "PLUGIN_NOT_FOUND",
                        "no plugin '" + id + "'; GET /plugins/v1/plugins lists all"));
    }
}

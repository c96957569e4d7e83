// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.rest;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.plugins.Plugin;
import io.hyperspot.plugins.Plugins;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.Page;
import io.hyperspot.web.RequiresPermission;
import io.hyperspot.web.query.Cursors;
import io.hyperspot.web.query.ListEvaluator;
import io.hyperspot.web.query.ListQuery;
import io.hyperspot.web.query.QueryField;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jakartars.whiteboard.propertytypes.JakartarsResource;

/** Shows the plugins. Platform data: no tenant owns a plugin. Public, because Jersey calls it by reflection. */
@Component(service = PluginsResource.class)
@JakartarsResource
@Path("/plugins/v1/plugins")
@Produces(MediaType.APPLICATION_JSON)
@RequiresPermission("gts.hyperspot.core.plugins.*:read")
@NoFeature
@Tag(name = "plugins", description = "Plugins that were dropped in.")
public final class PluginsResource {
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
    @Operation(
            operationId = "listPlugins",
            summary = "List plugins",
            description = "Every file of the drop-in folder with its state. Filter and order by file, id, state and since.")
    @APIResponse(responseCode = "200", description = "The plugins.")
    @APIResponse(responseCode = "400", description = "A query option is wrong.")
    @Parameter(name = "$filter", in = ParameterIn.QUERY, description = "For example state eq 'REJECTED'", schema = @Schema(type = SchemaType.STRING))
    @Parameter(name = "$orderby", in = ParameterIn.QUERY, description = "For example since desc", schema = @Schema(type = SchemaType.STRING))
    @Parameter(name = "$select", in = ParameterIn.QUERY, description = "Members of the items", schema = @Schema(type = SchemaType.STRING))
    @Parameter(name = "$top", in = ParameterIn.QUERY, description = "Page size, 1 to 1000; 50 by default", schema = @Schema(type = SchemaType.INTEGER))
    @Parameter(name = "$skiptoken", in = ParameterIn.QUERY, description = "page_info.next_cursor or prev_cursor of another page", schema = @Schema(type = SchemaType.STRING))
    public Page<PluginDto> list(@Context UriInfo uri) {
        ListQuery query = ListQuery.of(uri, FIELDS, ORDER, cursors);
        return evaluator.page(plugins.list(), query, PluginDto::of, cursors);
    }

    /** Gets one plugin. */
    @GET
    @Path("{file}")
    @Operation(
            operationId = "getPlugin",
            summary = "Get a plugin",
            description = "One file of the drop-in folder, by its name or by the plugin's id.")
    @APIResponse(responseCode = "200", description = "The plugin.")
    @APIResponse(responseCode = "404", description = "There is no such file or plugin.")
    public PluginDto get(@Parameter(description = "File name or plugin id") @PathParam("file") String file) {
        return plugins.find(file)
                .map(PluginDto::of)
                .orElseThrow(() -> new ProblemException(
                        ErrorCategory.NOT_FOUND,
                        "PLUGIN_NOT_FOUND",
                        "no plugin '" + file + "'; GET /plugins/v1/plugins lists all"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.rest;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.plugins.PluginsModule;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.Page;
import io.hyperspot.web.RequiresPermission;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
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
    private final PluginsModule plugins;

    @Activate
    public PluginsResource(@Reference PluginsModule plugins) {
        this.plugins = plugins;
    }

    /** Lists plugins ordered by file name. */
    @GET
    @Operation(
            operationId = "listPlugins",
            summary = "List plugins",
            description = "Every file of the drop-in folder with its state, ordered by name.")
    @APIResponse(responseCode = "200", description = "The plugins.")
    public Page<PluginDto> list() {
        return Page.whole(plugins.plugins().stream().map(PluginDto::of).toList());
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
        return plugins.plugins().stream()
                .filter(plugin -> plugin.file().equals(file) || plugin.id().equals(file))
                .map(PluginDto::of)
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        ErrorCategory.NOT_FOUND,
                        "PLUGIN_NOT_FOUND",
                        "no plugin '" + file + "'; GET /plugins/v1/plugins lists all"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.manager.rest;

import io.hyperspot.process.manager.NodeInventory;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.RequiresPermission;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jakartars.whiteboard.propertytypes.JakartarsResource;

/** Shows the machine. */
@Component(service = NodeResource.class)
@JakartarsResource
@Path("/process-manager/v1/node")
@Produces(MediaType.APPLICATION_JSON)
@RequiresPermission("gts.hyperspot.core.process_manager.*:read")
@NoFeature
@Tag(name = "process-manager")
public final class NodeResource {
    private final NodeInventory inventory;

    @Activate
    public NodeResource(@Reference NodeInventory inventory) {
        this.inventory = inventory;
    }

    /** Gets the inventory of this machine. */
    @GET
    @Operation(
            operationId = "getNode",
            summary = "Get the inventory of this machine",
            description = "System, processors, memory, disk and GPUs, as far as the process may use them, now.")
    @APIResponse(responseCode = "200", description = "The machine.")
    public NodeDto get() {
        return NodeDto.of(inventory.now());
    }
}

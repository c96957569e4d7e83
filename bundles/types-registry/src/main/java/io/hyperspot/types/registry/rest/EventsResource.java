// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.rest;

import io.hyperspot.modkit.Cancellation;
import io.hyperspot.types.registry.store.Registry;
import io.hyperspot.types.registry.store.Store;
import io.hyperspot.web.EventStream;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.OperationLimits;
import io.hyperspot.web.RequiresPermission;
import io.hyperspot.web.spi.Exchange;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jakartars.whiteboard.propertytypes.JakartarsResource;

/** Tells of new generations as they happen. Public, because Jersey calls it by reflection. */
@Component(service = EventsResource.class)
@JakartarsResource
@Path("/types-registry/v1/events")
@RequiresPermission("gts.hyperspot.core.types_registry.*:read")
@NoFeature
@OperationLimits(maxInFlight = 100, timeoutSeconds = 3600)
@Tag(name = "types-registry")
public final class EventsResource {
    static final String TYPE = "gts.hyperspot.core.events.type.v1~hyperspot.core.types_registry.changed.v1~";

    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Registry registry;

    @Activate
    public EventsResource(@Reference Registry registry) {
        this.registry = registry;
    }

    /** Streams generations. */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(
            operationId = "streamTypesRegistryEvents",
            summary = "Follow changes of the types registry",
            description = "Server-sent events: the generation now, then each newer one; several changes in quick succession may"
                    + " be told as one. The id of an event is its generation.")
    @APIResponse(responseCode = "200", description = "Events named 'changed' with {\"type\", \"generation\"} as data.")
    public void events(@Context Exchange exchange) throws Exception {
        Store store = registry.store();
        EventStream events = exchange.events(HEARTBEAT, Duration.ZERO);
        Cancellation cancellation = exchange.cancellation();
        long told = -1;
        events.open();
        while (!cancellation.isCancelled()) {
            long now = store.await(told + 1, LOOK).number();
            if (now > told) {
                told = now;
                events.send(
                        "changed",
                        Long.toString(now),
                        "{\"type\":\"" + TYPE + "\",\"generation\":" + now + "}");
            }
        }
    }
}

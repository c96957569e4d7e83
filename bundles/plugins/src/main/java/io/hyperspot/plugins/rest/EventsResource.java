// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.plugins.Plugin;
import io.hyperspot.plugins.Plugins;
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
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jakartars.whiteboard.propertytypes.JakartarsResource;

/** Tells of changes as they happen. */
@Component(service = EventsResource.class)
@JakartarsResource
@Path("/plugins/v1/events")
@RequiresPermission("gts.hyperspot.core.plugins.*:read")
@NoFeature
@OperationLimits(maxInFlight = 100, timeoutSeconds = 3600)
@Tag(name = "plugins")
public final class EventsResource {
    private static final int WAITING = 256;
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final Plugins plugins;
    private final ObjectMapper json = new ObjectMapper()
            .registerModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);

    @Activate
    public EventsResource(@Reference Plugins plugins) {
        this.plugins = plugins;
    }

    /** Streams changes. */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(
            operationId = "streamPluginEvents",
            summary = "Follow changes of plugins",
            description = "Server-sent events: first every plugin as it is now, then each again whenever it changes. A reader"
                    + " that is too slow is disconnected and comes back for the whole.")
    @APIResponse(responseCode = "200", description = "Events named 'plugin' with a Plugin as data.")
    public void events(@Context Exchange exchange) throws Exception {
        // nothing may happen for hours
        EventStream events = exchange.events(HEARTBEAT, Duration.ZERO);
        Cancellation cancellation = exchange.cancellation();
        BlockingQueue<Plugin> changes = new ArrayBlockingQueue<>(WAITING);
        boolean[] lost = new boolean[1];
        AutoCloseable listening = plugins.listen(plugin -> lost[0] |= !changes.offer(plugin));
        try {
            events.open();
            for (Plugin plugin : plugins.list()) {
                send(events, plugin);
            }
            while (!cancellation.isCancelled() && !lost[0]) {
                Plugin plugin = changes.poll(1, TimeUnit.SECONDS);
                if (plugin != null) {
                    send(events, plugin);
                }
            }
        } finally {
            listening.close();
        }
    }

    private void send(EventStream events, Plugin plugin) throws Exception {
        events.send("plugin", null, json.writeValueAsString(PluginDto.of(plugin)));
    }
}

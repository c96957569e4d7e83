// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.observability.rest;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.observability.Logging;
import io.hyperspot.observability.Logging.LoggerLevel;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.Page;
import io.hyperspot.web.RequiresPermission;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jakartars.whiteboard.propertytypes.JakartarsResource;

/** Shows and sets log levels. Public, because Jersey calls it by reflection. */
@Component(service = LoggersResource.class)
@JakartarsResource
@Path("/observability/v1/loggers")
@Produces(MediaType.APPLICATION_JSON)
@NoFeature
@Tag(name = "observability", description = "Health and metrics for operators.")
public final class LoggersResource {
    private static final int MOST_MINUTES = 24 * 60;
    private static final int DEFAULT_MINUTES = 15;

    /** A wanted level. */
    @Schema(name = "LogLevelChange", description = "A level for a while.")
    public record Change(
            @Schema(description = "ERROR, WARN, INFO, DEBUG, TRACE or OFF", required = true) @Nullable String level,
            @Schema(description = "Minutes until it goes back, 1 to 1440; 15 when absent") @Nullable Integer minutes) {}

    private final Logging logging;

    @Activate
    public LoggersResource(@Reference Logging logging) {
        this.logging = logging;
    }

    /** Lists loggers whose level is set. */
    @GET
    @RequiresPermission("gts.hyperspot.core.observability.*:read")
    @Operation(
            operationId = "listLoggers",
            summary = "List log levels",
            description = "The loggers whose level is set, ordered by name; others inherit from the nearest above.")
    @APIResponse(responseCode = "200", description = "The loggers.")
    public Page<LoggerLevel> list() {
        return Page.whole(logging.levels());
    }

    /** Sets a level for a while. */
    @PUT
    @Path("{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission("gts.hyperspot.core.observability.*:write")
    @Operation(
            operationId = "setLogger",
            summary = "Set a log level for a while",
            description = "Takes effect at once and goes back by itself after the given minutes.")
    @APIResponse(responseCode = "200", description = "The logger's level now.")
    @APIResponse(responseCode = "400", description = "The level does not exist, or the time is out of range.")
    public LoggerLevel set(
            @Parameter(description = "A logger, for example io.hyperspot.web") @PathParam("name") String name,
            @Nullable Change change) {
        if (change == null || change.level() == null) {
            throw invalid("send {\"level\": \"DEBUG\", \"minutes\": 15}");
        }
        int minutes = change.minutes() == null ? DEFAULT_MINUTES : change.minutes();
        if (minutes < 1 || minutes > MOST_MINUTES) {
            throw invalid("'minutes' must be between 1 and " + MOST_MINUTES);
        }
        try {
            logging.set(name, change.level(), Duration.ofMinutes(minutes));
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
        return new LoggerLevel(name, change.level(), true);
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, "INVALID_BODY", detail);
    }
}

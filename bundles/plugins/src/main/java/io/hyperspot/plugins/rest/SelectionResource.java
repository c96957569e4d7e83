// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.rest;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.Admission;
import io.hyperspot.modkit.worker.Selection;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.RequiresPermission;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jakartars.whiteboard.propertytypes.JakartarsResource;

/** Explains which worker answers. A tenant asks for itself; who may see the plugins asks for any. */
@Component(service = SelectionResource.class)
@JakartarsResource
@Path("/plugins/v1/selection")
@Produces(MediaType.APPLICATION_JSON)
@RequiresPermission("gts.hyperspot.core.workers.*:read")
@NoFeature
@Tag(name = "plugins")
public final class SelectionResource {
    private static final Permission PLATFORM = Permission.parse("gts.hyperspot.core.plugins.*:read");

    private final Admission admission;

    @Activate
    public SelectionResource(@Reference Admission admission) {
        this.admission = admission;
    }

    /** Explains the selection of a worker. */
    @GET
    @Operation(
            operationId = "explainSelection",
            summary = "Explain which worker answers",
            description = "For a GTS type or instance, and for the caller's tenant; for another tenant only to callers with the"
                    + " permission gts.hyperspot.core.plugins.*:read.")
    @APIResponse(responseCode = "200", description = "The workers that answer, and why.")
    @APIResponse(responseCode = "400", description = "The GTS id or the tenant is malformed.")
    @APIResponse(responseCode = "403", description = "The caller may not ask for another tenant.")
    @APIResponse(responseCode = "404", description = "No worker has that id or is of that type.")
    public SelectionDto explain(
            @Context SecurityContext ctx,
            @Parameter(description = "GTS type or instance id; all types when absent") @QueryParam("id") @Nullable String id,
            @Parameter(description = "Tenant; the caller's when absent") @QueryParam("tenant") @Nullable String tenant) {
        UUID asked = tenant == null || tenant.isBlank() ? ctx.tenant().value() : parsed(tenant.strip());
        if (!asked.equals(ctx.tenant().value()) && !ctx.allows(PLATFORM)) {
            throw new ProblemException(
                    ErrorCategory.PERMISSION_DENIED,
                    "FOREIGN_TENANT",
                    "asking for another tenant needs the permission " + PLATFORM);
        }
        return SelectionDto.of(Selection.of(admission.entries(), id == null ? "" : id.strip(), asked), asked);
    }

    private static UUID parsed(String tenant) {
        try {
            return UUID.fromString(tenant);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT,
                    "INVALID_TENANT",
                    "'" + tenant + "' is no tenant's id; write it as a UUID",
                    Map.of(),
                    e);
        }
    }
}

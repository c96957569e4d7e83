// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.licenses.enforcer.rest;

import io.hyperspot.gts.GtsId;
import io.hyperspot.licenses.License;
import io.hyperspot.licenses.Licenses;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.RequiresPermission;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jakartars.whiteboard.propertytypes.JakartarsResource;

/** What the caller's tenant is licensed for. Public, because Jersey calls it by reflection. */
@Component(service = LicenseResource.class)
@JakartarsResource
@Path("/licenses/v1")
@Produces(MediaType.APPLICATION_JSON)
@RequiresPermission("gts.hyperspot.core.licenses.*:read")
@NoFeature
@Tag(name = "licenses", description = "What tenants are licensed for.")
public final class LicenseResource {
    private final Licenses licenses;

    @Activate
    public LicenseResource(@Reference Licenses licenses) {
        this.licenses = licenses;
    }

    /** Shows the license. */
    @GET
    @Path("license")
    @Operation(operationId = "getLicense", summary = "Get the license", description = "What the caller's tenant may use, and until when.")
    @APIResponse(responseCode = "200", description = "The license; without features when there is none.")
    @APIResponse(responseCode = "503", description = "It cannot be read now.")
    public LicenseDto license(@Context SecurityContext ctx) {
        return LicenseDto.of(licenses.license(ctx.tenant()), Instant.now());
    }

    /** Asks for a feature. */
    @GET
    @Path("features/{feature}")
    @Operation(operationId = "isLicensed", summary = "Ask for a feature", description = "Whether the caller's tenant may use it now.")
    @APIResponse(responseCode = "200", description = "The answer.")
    @APIResponse(responseCode = "400", description = "That is no id of a feature.")
    @APIResponse(responseCode = "503", description = "The license cannot be read now.")
    public FeatureDto feature(
            @Context SecurityContext ctx, @Parameter(description = "The feature's GTS id") @PathParam("feature") String feature) {
        return new FeatureDto(feature, licenses.isLicensed(ctx.tenant(), id(feature)));
    }

    private static GtsId id(String text) {
        try {
            if (text.startsWith(License.FEATURE)) {
                return GtsId.parse(text);
            }
        } catch (IllegalArgumentException e) {
            // answered below
        }
        throw new ProblemException(
                ErrorCategory.INVALID_ARGUMENT, "INVALID_FEATURE", "a feature's id is a GTS id that begins with " + License.FEATURE);
    }
}

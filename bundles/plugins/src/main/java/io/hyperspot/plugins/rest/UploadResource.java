// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.rest;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.Rollouts.Share;
import io.hyperspot.plugins.Plugins;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.OperationLimits;
import io.hyperspot.web.RequiresPermission;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityPart;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
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

/** Takes JARs, as the body itself or as the part {@code file} of a form. */
@Component(service = UploadResource.class)
@JakartarsResource
@Path("/plugins/v1")
@Produces(MediaType.APPLICATION_JSON)
@RequiresPermission("gts.hyperspot.core.plugins.*:write")
@NoFeature
@OperationLimits(maxBodyBytes = UploadResource.LARGEST, maxInFlight = 4, timeoutSeconds = 300)
@Tag(name = "plugins")
public final class UploadResource {
    static final int LARGEST = 1 << 30;
    private static final String JAR = "application/java-archive";

    private final Plugins plugins;

    @Activate
    public UploadResource(@Reference Plugins plugins) {
        this.plugins = plugins;
    }

    /** Checks a JAR without installing it. */
    @POST
    @Path("preflight")
    @Consumes({JAR, MediaType.APPLICATION_OCTET_STREAM})
    @Operation(
            operationId = "preflightPlugin",
            summary = "Check a plugin",
            description = "Says what would come of installing the JAR in the body; touches nothing that runs.")
    @APIResponse(responseCode = "200", description = "The report, also when the JAR would be refused.")
    @APIResponse(responseCode = "413", description = "The body is too large.")
    public PreflightDto preflight(InputStream body) throws IOException {
        return spooled(body, jar -> PreflightDto.of(plugins.preflight(jar)));
    }

    /** Checks the JAR of a form. */
    @POST
    @Path("preflight")
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @Operation(hidden = true)
    public PreflightDto preflight(List<EntityPart> parts) throws IOException {
        return preflight(file(parts));
    }

    /** Installs or upgrades a plugin. */
    @POST
    @Path("upload")
    @Consumes({JAR, MediaType.APPLICATION_OCTET_STREAM})
    @Operation(
            operationId = "installPlugin",
            summary = "Install or upgrade a plugin",
            description = "Deploys the JAR in the body beside the version that serves. Answers when the new version serves, or"
                    + " has its share; when it does not start or is not healthy, the old version serves on.")
    @APIResponse(responseCode = "200", description = "The plugin.")
    @APIResponse(responseCode = "400", description = "It is refused, does not start or is not healthy; nothing has changed.")
    @APIResponse(responseCode = "413", description = "The body is too large.")
    public PluginDto upload(
            @Context SecurityContext ctx,
            @Parameter(description = "Share of the requests to try it with, 1 to 100; 100 when absent") @QueryParam("percent")
                    @Nullable Integer percent,
            @Parameter(description = "Tenants whose requests it gets in any case") @QueryParam("tenant") List<String> tenants,
            InputStream body)
            throws IOException {
        Share share = share(percent, tenants);
        return spooled(body, jar -> PluginDto.of(plugins.install(jar, share, ctx.subject())));
    }

    /** Installs the JAR of a form. */
    @POST
    @Path("upload")
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @Operation(hidden = true)
    public PluginDto upload(
            @Context SecurityContext ctx,
            @QueryParam("percent") @Nullable Integer percent,
            @QueryParam("tenant") List<String> tenants,
            List<EntityPart> parts)
            throws IOException {
        return upload(ctx, percent, tenants, file(parts));
    }

    private static Share share(@Nullable Integer percent, List<String> tenants) {
        Share share = new ShareRequest(percent == null && tenants.isEmpty() ? Integer.valueOf(100) : percent, tenants).share();
        if (share.isNone()) {
            throw ShareRequest.malformed("a version that gets no requests proves nothing; give it at least 1 percent or a tenant");
        }
        return share;
    }

    private static InputStream file(List<EntityPart> parts) {
        return parts.stream()
                .filter(part -> part.getName().equals("file"))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        ErrorCategory.INVALID_ARGUMENT, "NO_FILE", "the form has no part 'file'; send the JAR as that"))
                .getContent();
    }

    @FunctionalInterface
    private interface Use<T> {
        T of(java.nio.file.Path jar) throws IOException;
    }

    /** Never under a name that the caller gave. */
    private static <T> T spooled(InputStream body, Use<T> use) throws IOException {
        java.nio.file.Path jar = Files.createTempFile("hyperspot-upload", ".jar");
        try {
            Files.copy(body, jar, StandardCopyOption.REPLACE_EXISTING);
            return use.of(jar);
        } finally {
            Files.deleteIfExists(jar);
        }
    }
}

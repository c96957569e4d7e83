// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.rest;

import io.hyperspot.credstore.gateway.KeyRotation;
import io.hyperspot.credstore.gateway.KeyRotation.Kind;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.RequiresPermission;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jakartars.whiteboard.propertytypes.JakartarsResource;

/** Rotates the keys of all tenants. Public, because Jersey calls it by reflection. */
@Component(service = KeysResource.class)
@JakartarsResource
@Path("/credstore/v1/keys/rotate")
@Produces(MediaType.APPLICATION_JSON)
@NoFeature
@RequiresPermission("gts.hyperspot.core.credstore.*:rotate")
@Tag(name = "credstore", description = "Secrets.")
public final class KeysResource {
    private final KeyRotation rotation;

    @Activate
    public KeysResource(@Reference KeyRotation rotation) {
        this.rotation = rotation;
    }

    /** Starts a rotation. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "rotateCredstoreKeys",
            summary = "Rotate the keys of the credentials store",
            description = "Makes a new key-encryption key and encrypts all data keys again under it, or encrypts all values"
                    + " again under new data keys; secrets are read and written meanwhile. One that runs goes on.")
    @APIResponse(
            responseCode = "202",
            description = "It runs.",
            content = @Content(schema = @Schema(implementation = RotationDto.class)))
    @APIResponse(responseCode = "400", description = "There is no such kind.")
    @APIResponse(responseCode = "403", description = "The caller is not of the root tenant.")
    @APIResponse(responseCode = "503", description = "The key-encryption keys cannot be reached.")
    public Response rotate(@Context SecurityContext ctx, @Nullable RotationRequest request) {
        Kind kind = kind(request == null ? null : request.kind());
        return Response.accepted(RotationDto.of(rotation.start(ctx, kind))).build();
    }

    /** Shows how far one is. */
    @GET
    @Operation(
            operationId = "getCredstoreKeyRotation",
            summary = "Get the latest rotation of keys",
            description = "How far the latest rotation of a kind is.")
    @APIResponse(responseCode = "200", description = "The latest rotation of the kind.")
    @APIResponse(responseCode = "400", description = "There is no such kind.")
    @APIResponse(responseCode = "403", description = "The caller is not of the root tenant.")
    @APIResponse(responseCode = "404", description = "There was none.")
    public RotationDto progress(
            @Context SecurityContext ctx,
            @Parameter(description = "key_encryption (default) or data") @QueryParam("kind") @Nullable String kind) {
        return rotation.progress(ctx, kind(kind))
                .map(RotationDto::of)
                .orElseThrow(() -> new ProblemException(
                        ErrorCategory.NOT_FOUND, "KEY_ROTATION_NOT_FOUND", "these keys have not been rotated yet"));
    }

    private static Kind kind(@Nullable String text) {
        return switch (text) {
            case null -> Kind.KEY_ENCRYPTION;
            case "key_encryption" -> Kind.KEY_ENCRYPTION;
            case "data" -> Kind.DATA;
            default ->
                throw new ProblemException(
                        ErrorCategory.INVALID_ARGUMENT, "INVALID_SECRET_REQUEST", "the kind is key_encryption or data");
        };
    }
}

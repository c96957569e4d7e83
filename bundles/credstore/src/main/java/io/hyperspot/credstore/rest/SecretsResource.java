// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.rest;

import io.hyperspot.audit.AuditEvent;
import io.hyperspot.audit.AuditTrail;
import io.hyperspot.credstore.Credentials;
import io.hyperspot.credstore.NewSecret;
import io.hyperspot.credstore.Secret;
import io.hyperspot.credstore.SecretMetadata;
import io.hyperspot.credstore.Sharing;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.Page;
import io.hyperspot.web.QueryOptions;
import io.hyperspot.web.RequiresPermission;
import io.hyperspot.web.query.Cursors;
import io.hyperspot.web.query.ListQuery;
import io.hyperspot.web.query.QueryField;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.List;
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

/** Makes, changes and shows secrets. Public, because Jersey calls it by reflection. */
@Component(service = SecretsResource.class)
@JakartarsResource
@Path("/credstore/v1/secrets")
@Produces(MediaType.APPLICATION_JSON)
@NoFeature
@Tag(name = "credstore", description = "Secrets.")
public final class SecretsResource {
    private static final String READ = "gts.hyperspot.core.credstore.*:read";
    private static final String READ_VALUE = "gts.hyperspot.core.credstore.*:read_value";
    private static final String WRITE = "gts.hyperspot.core.credstore.*:write";
    private static final String NO_STORE = "no-store";
    private static final List<ListQuery.Order> ORDER =
            List.of(new ListQuery.Order(new QueryField("reference", QueryField.Type.STRING), false));

    private final Credentials credentials;
    private final Cursors cursors;
    private final AuditTrail audit;

    @Activate
    public SecretsResource(@Reference Credentials credentials, @Reference Cursors cursors, @Reference AuditTrail audit) {
        this.credentials = credentials;
        this.cursors = cursors;
        this.audit = audit;
    }

    /** Lists secrets. */
    @GET
    @QueryOptions
    @RequiresPermission(READ)
    @Operation(
            operationId = "listSecrets",
            summary = "List secrets",
            description = "What the caller may use, by reference: its own private secrets, its tenant's, and the shared ones of"
                    + " the tenants above. Never a value.")
    @APIResponse(responseCode = "200", description = "A page of secrets.")
    @APIResponse(responseCode = "400", description = "A query option is wrong.")
    public Page<SecretDto> list(@Context SecurityContext ctx, @Context UriInfo uri) {
        ListQuery query = ListQuery.of(uri, List.of(), ORDER, cursors);
        List<String> after = query.after();
        List<SecretMetadata> found =
                credentials.list(ctx, after == null ? null : after.getFirst(), query.backward(), query.top() + 1);
        return query.page(found, secret -> List.of(secret.reference()), SecretDto::of, cursors);
    }

    /** Makes a secret. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(WRITE)
    @Operation(
            operationId = "createSecret",
            summary = "Create a secret",
            description = "Makes a secret of the caller's tenant. The value is not in the answer.")
    @APIResponse(
            responseCode = "201",
            description = "The secret, with its ETag.",
            content = @Content(schema = @Schema(implementation = SecretDto.class)))
    @APIResponse(responseCode = "400", description = "A member is missing or malformed.")
    @APIResponse(responseCode = "409", description = "There is a secret of this reference.")
    @APIResponse(responseCode = "503", description = "The key-encryption keys or the store cannot be reached.")
    public Response create(@Context SecurityContext ctx, @Nullable SecretRequest request) {
        if (request == null || request.reference() == null) {
            throw invalid("send {\"reference\": \"...\", \"value\": \"...\"}");
        }
        try (Secret value = request.value() == null ? null : Secret.of(request.value())) {
            SecretMetadata created = credentials.create(
                    ctx,
                    new NewSecret(
                            request.reference(),
                            value,
                            sharing(request.sharing()),
                            request.type(),
                            request.store(),
                            request.expiresAt()));
            return answer(Response.created(URI.create("/credstore/v1/secrets/" + created.reference())), created);
        }
    }

    private static Sharing sharing(@Nullable String text) {
        return switch (text) {
            case null -> Sharing.TENANT;
            case "tenant" -> Sharing.TENANT;
            case "private" -> Sharing.PRIVATE;
            case "shared" -> Sharing.SHARED;
            default -> throw invalid("sharing is private, tenant or shared");
        };
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, "INVALID_SECRET_REQUEST", detail);
    }

    private static Response answer(Response.ResponseBuilder builder, SecretMetadata secret) {
        return builder.tag(new EntityTag(secret.tag()))
                .header("Cache-Control", NO_STORE)
                .entity(SecretDto.of(secret))
                .build();
    }

    /** Shows a secret. */
    @GET
    @Path("{reference}")
    @RequiresPermission(READ)
    @Operation(
            operationId = "getSecret",
            summary = "Get a secret's metadata",
            description = "The secret that the caller uses by this reference, without its value.")
    @APIResponse(
            responseCode = "200",
            description = "The secret, with its ETag.",
            content = @Content(schema = @Schema(implementation = SecretDto.class)))
    @APIResponse(responseCode = "400", description = "The reference is malformed.")
    @APIResponse(responseCode = "404", description = "There is none that the caller may use.")
    public Response get(
            @Context SecurityContext ctx,
            @Parameter(description = "The secret's reference") @PathParam("reference") String reference) {
        return answer(Response.ok(), credentials.get(ctx, reference));
    }

    /** Shows a value. */
    @GET
    @Path("{reference}/value")
    @RequiresPermission(READ_VALUE)
    @Operation(
            operationId = "getSecretValue",
            summary = "Get a secret's value",
            description = "The current value, or that of a version that is still valid. Needs the permission read_value,"
                    + " which nobody needs who only uses secrets.")
    @APIResponse(
            responseCode = "200",
            description = "The value.",
            content = @Content(schema = @Schema(implementation = ValueDto.class)))
    @APIResponse(responseCode = "400", description = "The reference or the version is malformed.")
    @APIResponse(responseCode = "404", description = "There is none that the caller may use, or it is not valid any more.")
    @APIResponse(responseCode = "503", description = "The key-encryption keys or the store cannot be reached.")
    public Response value(
            @Context SecurityContext ctx,
            @Parameter(description = "The secret's reference") @PathParam("reference") String reference,
            @Parameter(description = "A version; absent: the current one") @QueryParam("version") @Nullable Long version) {
        SecretMetadata secret = credentials.get(ctx, reference);
        try (Secret value = version == null
                ? credentials.resolve(ctx, reference)
                : credentials.resolve(ctx, reference, version)) {
            audit.record(AuditEvent.done(ctx, "secret.reveal", secret.id()).with("reference", reference));
            return Response.ok(new ValueDto(value.text(), SecretDto.of(secret)))
                    .tag(new EntityTag(secret.tag()))
                    .header("Cache-Control", NO_STORE)
                    .build();
        }
    }

    /** Lists versions. */
    @GET
    @Path("{reference}/versions")
    @RequiresPermission(READ)
    @Operation(
            operationId = "listSecretVersions",
            summary = "List a secret's versions",
            description = "The latest 100 versions, newest first, without values.")
    @APIResponse(responseCode = "200", description = "The versions.")
    @APIResponse(responseCode = "400", description = "The reference is malformed.")
    @APIResponse(responseCode = "404", description = "There is none that the caller may use.")
    public Page<VersionDto> versions(
            @Context SecurityContext ctx,
            @Parameter(description = "The secret's reference") @PathParam("reference") String reference) {
        return Page.whole(credentials.versions(ctx, reference).stream().map(VersionDto::of).toList());
    }

    /** Gives a secret a new value. */
    @PUT
    @Path("{reference}")
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(WRITE)
    @Operation(
            operationId = "putSecretValue",
            summary = "Give a secret a new value",
            description = "Makes the next version. The one before stays valid until previous_valid_until, or ends at once. Send"
                    + " the secret's ETag in If-Match.")
    @APIResponse(
            responseCode = "200",
            description = "The secret, with its ETag.",
            content = @Content(schema = @Schema(implementation = SecretDto.class)))
    @APIResponse(responseCode = "400", description = "If-Match or a member is missing or malformed.")
    @APIResponse(responseCode = "404", description = "The caller's tenant has no such secret.")
    @APIResponse(responseCode = "409", description = "The secret has changed since it was read.")
    @APIResponse(responseCode = "503", description = "The key-encryption keys or the store cannot be reached.")
    public Response put(
            @Context SecurityContext ctx,
            @Parameter(description = "The secret's reference") @PathParam("reference") String reference,
            @Parameter(description = "The secret's ETag") @HeaderParam("If-Match") @Nullable String ifMatch,
            @Nullable ValueRequest request) {
        String tag = tag(ifMatch);
        if (request == null || request.value() == null) {
            throw invalid("send {\"value\": \"...\"}");
        }
        try (Secret value = Secret.of(request.value())) {
            return answer(
                    Response.ok(),
                    credentials.put(ctx, reference, tag, value, request.previousValidUntil(), request.expiresAt()));
        }
    }

    /** Deletes a secret. */
    @DELETE
    @Path("{reference}")
    @RequiresPermission(WRITE)
    @Operation(
            operationId = "deleteSecret",
            summary = "Delete a secret",
            description = "Deletes it with all its versions, at once. Send its ETag in If-Match.")
    @APIResponse(responseCode = "204", description = "It is gone.")
    @APIResponse(responseCode = "400", description = "If-Match is missing, or the reference malformed.")
    @APIResponse(responseCode = "404", description = "The caller's tenant has no such secret.")
    @APIResponse(responseCode = "409", description = "The secret has changed since it was read.")
    public void delete(
            @Context SecurityContext ctx,
            @Parameter(description = "The secret's reference") @PathParam("reference") String reference,
            @Parameter(description = "The secret's ETag") @HeaderParam("If-Match") @Nullable String ifMatch) {
        credentials.delete(ctx, reference, tag(ifMatch));
    }

    private static String tag(@Nullable String ifMatch) {
        if (ifMatch == null || ifMatch.isBlank()) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT,
                    "IF_MATCH_REQUIRED",
                    "send If-Match with the ETag that the secret had when you read it");
        }
        String tag = ifMatch.strip();
        return tag.length() > 2 && tag.startsWith("\"") && tag.endsWith("\"") ? tag.substring(1, tag.length() - 1) : tag;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.rest;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.ApiKeys;
import io.hyperspot.security.ApiKeys.ApiKey;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
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
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.List;
import java.util.UUID;
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

/** Makes, shows and revokes keys of the caller's tenant. Public, because Jersey calls it by reflection. */
@Component(service = ApiKeysResource.class)
@JakartarsResource
@Path("/security/v1/api-keys")
@Produces(MediaType.APPLICATION_JSON)
@NoFeature
@Tag(name = "security", description = "API keys.")
public final class ApiKeysResource {
    private static final String READ = "gts.hyperspot.core.security.*:read";
    private static final String WRITE = "gts.hyperspot.core.security.*:write";
    private static final List<ListQuery.Order> ORDER =
            List.of(new ListQuery.Order(new QueryField("id", QueryField.Type.STRING), true));

    private final ApiKeys keys;
    private final Cursors cursors;

    @Activate
    public ApiKeysResource(@Reference ApiKeys keys, @Reference Cursors cursors) {
        this.keys = keys;
        this.cursors = cursors;
    }

    /** Lists the tenant's keys. */
    @GET
    @QueryOptions
    @RequiresPermission(READ)
    @Operation(
            operationId = "listApiKeys",
            summary = "List API keys",
            description = "The tenant's keys, newest first, revoked ones included.")
    @APIResponse(responseCode = "200", description = "A page of keys.")
    @APIResponse(responseCode = "400", description = "A query option is wrong.")
    public Page<ApiKeyDto> list(@Context SecurityContext ctx, @Context UriInfo uri) {
        // newest first is the only order, and the keys of a tenant are too few to be filtered
        ListQuery query = ListQuery.of(uri, List.of(), ORDER, cursors);
        List<String> after = query.after();
        String from = after == null ? null : after.getFirst();
        int most = query.top() + 1;
        List<ApiKey> found =
                from != null && query.backward() ? keys.listBefore(ctx, from, most) : keys.list(ctx, from, most);
        return query.page(found, key -> List.of(key.id()), ApiKeyDto::of, cursors);
    }

    /** Makes a key. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(WRITE)
    @Operation(
            operationId = "createApiKey",
            summary = "Create an API key",
            description = "Makes a key of the caller's tenant, or of one below it. The answer is the only place where the key"
                    + " appears.")
    @APIResponse(
            responseCode = "201",
            description = "The key, with its secret.",
            content = @Content(schema = @Schema(implementation = ApiKeyDto.class)))
    @APIResponse(responseCode = "400", description = "A member is missing or malformed.")
    @APIResponse(responseCode = "403", description = "A scope is more than the caller may do.")
    @APIResponse(responseCode = "404", description = "There is no such tenant, or none that the caller sees.")
    @APIResponse(responseCode = "429", description = "The tenant has too many keys.")
    public Response create(
            @Context SecurityContext ctx,
            @Parameter(
                            description = "respect (default), or ignore: also for a tenant that a barrier hides, for callers of the"
                                    + " root tenant with gts.hyperspot.core.tenants.*:cross_barriers")
                    @QueryParam("barrier_mode")
                    @Nullable String barrierMode,
            @Nullable ApiKeyRequest request) {
        if (request == null || request.name() == null || request.scopes() == null) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT,
                    "INVALID_API_KEY_REQUEST",
                    "send {\"name\": \"...\", \"scopes\": [\"gts.hyperspot.llm.*:invoke\"]}");
        }
        TenantId tenant = request.tenantId() == null ? ctx.tenant() : tenant(request.tenantId());
        ApiKeyDto created = ApiKeyDto.of(keys.createFor(
                ctx, tenant, crosses(barrierMode), request.name(), request.scopes(), request.expiresAt()));
        return Response.created(URI.create("/security/v1/api-keys/" + created.id()))
                .header("Cache-Control", "no-store")
                .entity(created)
                .build();
    }

    private static boolean crosses(@Nullable String barrierMode) {
        if (barrierMode != null && !barrierMode.equals("respect") && !barrierMode.equals("ignore")) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT, "INVALID_API_KEY_REQUEST", "'barrier_mode' is respect or ignore");
        }
        return "ignore".equals(barrierMode);
    }

    /** What is no id is no tenant's either. */
    private static TenantId tenant(String text) {
        try {
            TenantId id = TenantId.of(text);
            if (id.toString().equalsIgnoreCase(text)) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new ProblemException(
                ErrorCategory.NOT_FOUND,
                "TENANT_NOT_FOUND",
                "There is no tenant of this id, which should be a UUID; GET /tenant-resolver/v1/tenants lists all.");
    }

    /** Shows a key. */
    @GET
    @Path("{id}")
    @RequiresPermission(READ)
    @Operation(operationId = "getApiKey", summary = "Get an API key", description = "A key of the caller's tenant.")
    @APIResponse(responseCode = "200", description = "The key, without its secret.")
    @APIResponse(responseCode = "400", description = "The id is malformed.")
    @APIResponse(responseCode = "404", description = "The tenant has no such key.")
    public ApiKeyDto get(
            @Context SecurityContext ctx, @Parameter(description = "The key's id") @PathParam("id") String id) {
        return keys.find(ctx, id(id))
                .map(ApiKeyDto::of)
                .orElseThrow(() -> new ProblemException(
                        ErrorCategory.NOT_FOUND,
                        "API_KEY_NOT_FOUND",
                        "the tenant has no such API key; GET /security/v1/api-keys lists all"));
    }

    /** Revokes a key. */
    @DELETE
    @Path("{id}")
    @RequiresPermission(WRITE)
    @Operation(
            operationId = "revokeApiKey",
            summary = "Revoke an API key",
            description = "Takes effect at once and cannot be undone. Revoking a revoked key changes nothing.")
    @APIResponse(responseCode = "204", description = "The key is revoked.")
    @APIResponse(responseCode = "400", description = "The id is malformed.")
    @APIResponse(responseCode = "404", description = "The tenant has no such key.")
    public void revoke(
            @Context SecurityContext ctx, @Parameter(description = "The key's id") @PathParam("id") String id) {
        keys.revoke(ctx, id(id));
    }

    private static String id(String text) {
        try {
            UUID id = UUID.fromString(text);
            if (id.toString().equals(text)) {
                return text;
            }
        } catch (IllegalArgumentException e) {
            // answered like an id in another spelling
        }
        throw new ProblemException(
                ErrorCategory.INVALID_ARGUMENT, "INVALID_ID", "the id is not one that this operation gave");
    }
}

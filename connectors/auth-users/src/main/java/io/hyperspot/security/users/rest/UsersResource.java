// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.rest;

import io.hyperspot.authz.Authorization;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.users.store.User;
import io.hyperspot.security.users.store.UserAdmin;
import io.hyperspot.security.users.store.UsersModule;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.Page;
import io.hyperspot.web.QueryOptions;
import io.hyperspot.web.RequiresIfMatch;
import io.hyperspot.web.RequiresPermission;
import io.hyperspot.web.query.Cursors;
import io.hyperspot.web.query.ListQuery;
import io.hyperspot.web.query.QueryField;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.Arrays;
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

/**
 * The users of the caller's tenant. What could make the caller more than it is, other groups and other
 * people's passwords, needs the action admin. Public, because Jersey calls it by reflection.
 */
@Component(service = UsersResource.class)
@JakartarsResource
@Path("/auth/v1/users")
@Produces(MediaType.APPLICATION_JSON)
@NoFeature
@Tag(name = "users", description = "People with a password kept here.")
public final class UsersResource {
    private static final String READ = "gts.hyperspot.core.security.*:read";
    private static final String WRITE = "gts.hyperspot.core.security.*:write";
    private static final String ADMIN = "gts.hyperspot.core.security.*:admin";
    private static final Permission TO_ADMINISTER = Permission.parse(ADMIN);
    private static final List<ListQuery.Order> ORDER =
            List.of(new ListQuery.Order(new QueryField("id", QueryField.Type.STRING), true));

    private final UserAdmin users;
    private final Authorization authorization;
    private final Cursors cursors;

    @Activate
    public UsersResource(@Reference UsersModule module, @Reference Authorization authorization, @Reference Cursors cursors) {
        this.users = module.admin();
        this.authorization = authorization;
        this.cursors = cursors;
    }

    private static EntityTag tag(User user) {
        return new EntityTag(Long.toString(user.version()));
    }

    private void administers(SecurityContext ctx) {
        if (!ctx.allows(TO_ADMINISTER)
                || authorization.scope(ctx, TO_ADMINISTER.resource(), TO_ADMINISTER.action(), null).isNothing()) {
            throw new ProblemException(
                    ErrorCategory.PERMISSION_DENIED, "GROUPS_NEED_ADMIN", "to put users into groups needs the permission " + ADMIN);
        }
    }

    /** Lists them. */
    @GET
    @QueryOptions
    @RequiresPermission(READ)
    @Operation(operationId = "listUsers", summary = "List users", description = "The tenant's users, newest first.")
    @APIResponse(responseCode = "200", description = "A page of users.")
    @APIResponse(responseCode = "400", description = "A query option is wrong.")
    public Page<UserDto> list(@Context SecurityContext ctx, @Context UriInfo uri) {
        ListQuery query = ListQuery.of(uri, List.of(), ORDER, cursors);
        List<String> after = query.after();
        String from = after == null ? null : after.getFirst();
        int most = query.top() + 1;
        List<User> found =
                from != null && query.backward() ? users.listBefore(ctx, from, most) : users.list(ctx, from, most);
        return query.page(found, user -> List.of(user.id()), UserDto::of, cursors);
    }

    /** Makes one. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(WRITE)
    @Operation(
            operationId = "createUser",
            summary = "Create a user",
            description = "Invites somebody into the caller's tenant: they choose a password with the setup token, unless the request has one.")
    @APIResponse(
            responseCode = "201",
            description = "The user, with the ETag and the setup token.",
            content = @Content(schema = @Schema(implementation = UserDto.class)))
    @APIResponse(responseCode = "400", description = "A member is missing, malformed or unknown, or the password is not taken.")
    @APIResponse(responseCode = "403", description = "Groups need the permission gts.hyperspot.core.security.*:admin.")
    @APIResponse(responseCode = "409", description = "Somebody on this server logs in with this name.")
    @APIResponse(responseCode = "429", description = "The tenant has too many users.")
    public Response create(@Context SecurityContext ctx, @Nullable UserRequest request) {
        UserRequest wanted = request == null ? new UserRequest(null, null, null, null) : request;
        char[] password = wanted.password();
        try {
            List<String> groups = wanted.groups() == null ? List.of() : wanted.groups();
            if (!groups.isEmpty()) {
                administers(ctx);
            }
            UserAdmin.Made made = users.create(ctx, wanted.name(), wanted.displayName(), groups, password);
            return Response.created(URI.create("/auth/v1/users/" + made.user().id()))
                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                    .tag(tag(made.user()))
                    .entity(UserDto.of(made))
                    .build();
        } finally {
            forget(password);
        }
    }

    static void forget(char @Nullable [] password) {
        if (password != null) {
            Arrays.fill(password, '\0');
        }
    }

    /** Shows one. */
    @GET
    @Path("{id}")
    @RequiresPermission(READ)
    @Operation(operationId = "getUser", summary = "Get a user", description = "With the ETag.")
    @APIResponse(
            responseCode = "200",
            description = "The user, with the ETag.",
            content = @Content(schema = @Schema(implementation = UserDto.class)))
    @APIResponse(responseCode = "304", description = "It is as If-None-Match says.")
    @APIResponse(responseCode = "404", description = "The tenant has no such user.")
    public Response get(
            @Context SecurityContext ctx,
            @Context Request request,
            @Parameter(description = "The user's id") @PathParam("id") String id) {
        User found = users.find(ctx, id);
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag(found));
        return (unchanged == null ? Response.ok(UserDto.of(found)) : unchanged).tag(tag(found)).build();
    }

    /** Changes one. */
    @PATCH
    @Path("{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(WRITE)
    @RequiresIfMatch
    @Operation(
            operationId = "updateUser",
            summary = "Change a user",
            description = "Send what changes, with the ETag in If-Match. Whoever is disabled, or has other groups now, is logged out.")
    @APIResponse(
            responseCode = "200",
            description = "The user, with the new ETag.",
            content = @Content(schema = @Schema(implementation = UserDto.class)))
    @APIResponse(responseCode = "400", description = "A member is malformed or unknown, or it is the caller's own user.")
    @APIResponse(responseCode = "403", description = "Groups need the permission gts.hyperspot.core.security.*:admin.")
    @APIResponse(responseCode = "404", description = "The tenant has no such user.")
    @APIResponse(responseCode = "412", description = "It has changed since.")
    public Response update(
            @Context SecurityContext ctx,
            @Context Request request,
            @Parameter(description = "The user's id") @PathParam("id") String id,
            @Nullable UserChange wanted) {
        User found = users.find(ctx, id);
        Response.ResponseBuilder refused = request.evaluatePreconditions(tag(found));
        if (refused != null) {
            return refused.build();
        }
        UserChange change = wanted == null ? new UserChange(null, null, null) : wanted;
        if (change.groups() != null) {
            administers(ctx);
        }
        User changed = users.update(ctx, id, found.version(), change.displayName(), change.groups(), change.disabled());
        return Response.ok(UserDto.of(changed)).tag(tag(changed)).build();
    }

    /** Deletes one. */
    @DELETE
    @Path("{id}")
    @RequiresPermission(WRITE)
    @Operation(operationId = "deleteUser", summary = "Delete a user", description = "Logs them out, at once here and within seconds on other servers.")
    @APIResponse(responseCode = "204", description = "They are gone.")
    @APIResponse(responseCode = "400", description = "It is the caller's own user.")
    @APIResponse(responseCode = "404", description = "The tenant has no such user.")
    @APIResponse(responseCode = "412", description = "It is not as If-Match says.")
    public Response delete(
            @Context SecurityContext ctx,
            @Context Request request,
            @Parameter(description = "The user's id") @PathParam("id") String id) {
        Response.ResponseBuilder refused = request.evaluatePreconditions(tag(users.find(ctx, id)));
        if (refused != null) {
            return refused.build();
        }
        users.delete(ctx, id);
        return Response.noContent().build();
    }

    /** Takes the password away. */
    @POST
    @Path("{id}/reset-password")
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresPermission(ADMIN)
    @Operation(
            operationId = "resetPassword",
            summary = "Reset a user's password",
            description = "Logs them out. They choose another with the setup token, unless the request has one in 'password'. The authenticator"
                    + " app stays.")
    @APIResponse(
            responseCode = "200",
            description = "The user, with the setup token.",
            content = @Content(schema = @Schema(implementation = UserDto.class)))
    @APIResponse(responseCode = "400", description = "A member is unknown, or the password is not taken.")
    @APIResponse(responseCode = "404", description = "The tenant has no such user.")
    @APIResponse(responseCode = "412", description = "It was changed at the same time.")
    public Response resetPassword(
            @Context SecurityContext ctx,
            @Parameter(description = "The user's id") @PathParam("id") String id,
            @Nullable PasswordRequest request) {
        char[] password = request == null ? null : request.password();
        try {
            UserAdmin.Made made = users.reset(ctx, id, password);
            return Response.ok(UserDto.of(made))
                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                    .tag(tag(made.user()))
                    .build();
        } finally {
            forget(password);
        }
    }

    /** Takes the authenticator app away. */
    @DELETE
    @Path("{id}/totp")
    @RequiresPermission(ADMIN)
    @Operation(
            operationId = "removeTotp",
            summary = "Remove a user's authenticator app",
            description = "For somebody who has lost it and the recovery codes.")
    @APIResponse(responseCode = "204", description = "No code is asked for any more.")
    @APIResponse(responseCode = "404", description = "The tenant has no such user.")
    @APIResponse(responseCode = "412", description = "It was changed at the same time.")
    public void removeTotp(
            @Context SecurityContext ctx, @Parameter(description = "The user's id") @PathParam("id") String id) {
        users.removeTotp(ctx, id);
    }
}

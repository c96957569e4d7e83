// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.rest;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.users.store.Accounts;
import io.hyperspot.security.users.store.UsersModule;
import io.hyperspot.web.Client;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.PublicOperation;
import io.hyperspot.web.RateLimited;
import io.hyperspot.web.RequiresPermission;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jakartars.whiteboard.propertytypes.JakartarsResource;

/** The caller's own account. Public, because Jersey calls it by reflection. */
@Component(service = AccountResource.class)
@JakartarsResource
@Path("/auth/v1/account")
@Produces(MediaType.APPLICATION_JSON)
@RequiresPermission("gts.hyperspot.core.security.self.*:write")
@NoFeature
@Tag(name = "users", description = "People with a password kept here.")
public final class AccountResource {
    private static final String INVALID = "a member of the body is missing; the operation says which it takes";

    private final Accounts accounts;

    @Activate
    public AccountResource(@Reference UsersModule module) {
        this.accounts = module.accounts();
    }

    private static <T> T needed(@Nullable T member) {
        if (member == null) {
            throw new ProblemException(ErrorCategory.INVALID_ARGUMENT, "INVALID_ACCOUNT_REQUEST", INVALID);
        }
        return member;
    }

    private static <T> T withPassword(@Nullable PasswordRequest request, Function<char[], T> work) {
        PasswordRequest sent = needed(request);
        try {
            return work.apply(needed(sent.password()));
        } finally {
            UsersResource.forget(sent.password());
            UsersResource.forget(sent.current());
        }
    }

    private static Response shownOnce(Object entity) {
        return Response.ok(entity).header(HttpHeaders.CACHE_CONTROL, "no-store").build();
    }

    /** Shows the account. */
    @GET
    @RequiresPermission("gts.hyperspot.core.security.self.*:read")
    @Operation(operationId = "getAccount", summary = "Get the own account", description = "The caller's own user.")
    @APIResponse(responseCode = "200", description = "The user.")
    @APIResponse(responseCode = "400", description = "The caller has no account here.")
    public UserDto get(@Context SecurityContext ctx) {
        return UserDto.of(accounts.own(ctx));
    }

    /** Chooses the first password. */
    @POST
    @Path("setup")
    @Consumes(MediaType.APPLICATION_JSON)
    @PublicOperation
    @RateLimited(perMinute = 20)
    @Operation(
            operationId = "setUpAccount",
            summary = "Choose the first password",
            description = "Send 'setup_token' and 'password'. Log in afterwards.")
    @APIResponse(responseCode = "200", description = "The user.")
    @APIResponse(responseCode = "400", description = "A member is missing or unknown, or the password is not taken.")
    @APIResponse(responseCode = "401", description = "The setup token is unknown, used or too old.")
    @APIResponse(responseCode = "412", description = "It was used at the same time.")
    @APIResponse(responseCode = "429", description = "Too many attempts.")
    public UserDto setUp(@Context Client client, @Nullable PasswordRequest request) {
        client.beforeCredential();
        String token = needed(needed(request).setupToken());
        try {
            return withPassword(request, password -> UserDto.of(accounts.setUp(token, password)));
        } catch (ProblemException e) {
            if (e.category() == ErrorCategory.UNAUTHENTICATED) {
                client.wrongCredential();
            }
            throw e;
        }
    }

    /** Changes the password. */
    @PUT
    @Path("password")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "changePassword",
            summary = "Change the own password",
            description = "Send 'current' and 'password'. Ends all sessions of the caller, this one too.")
    @APIResponse(responseCode = "204", description = "Changed; log in again.")
    @APIResponse(responseCode = "400", description = "A member is missing or unknown, the password is not taken, or the caller has no account here.")
    @APIResponse(responseCode = "403", description = "The current password is wrong.")
    @APIResponse(responseCode = "412", description = "It was changed at the same time.")
    @APIResponse(responseCode = "429", description = "Too many wrong attempts.")
    public Response changePassword(@Context SecurityContext ctx, @Nullable PasswordRequest request) {
        char[] current = needed(needed(request).current());
        return withPassword(request, password -> {
            accounts.changePassword(ctx, current, password);
            return Response.noContent().build();
        });
    }

    /** Begins to use an authenticator app. */
    @POST
    @Path("totp")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "beginTotp",
            summary = "Begin to use an authenticator app",
            description = "Send 'password'. No code is asked for until one is confirmed.")
    @APIResponse(
            responseCode = "200",
            description = "What the app needs, shown once.",
            content = @Content(schema = @Schema(implementation = EnrolmentDto.class)))
    @APIResponse(responseCode = "400", description = "A member is missing or unknown, or an app is in use.")
    @APIResponse(responseCode = "403", description = "The password is wrong.")
    @APIResponse(responseCode = "412", description = "It was changed at the same time.")
    @APIResponse(responseCode = "429", description = "Too many wrong attempts.")
    public Response beginTotp(@Context SecurityContext ctx, @Nullable PasswordRequest request) {
        return withPassword(request, password -> {
            Accounts.Enrolment enrolment = accounts.enrol(ctx, password);
            return shownOnce(new EnrolmentDto(enrolment.secret(), enrolment.url()));
        });
    }

    /** Confirms the app. */
    @POST
    @Path("totp/confirm")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "confirmTotp",
            summary = "Confirm the authenticator app",
            description = "From now on a login needs a code. The recovery codes are for when the app is lost.")
    @APIResponse(
            responseCode = "200",
            description = "Recovery codes, shown once.",
            content = @Content(schema = @Schema(implementation = CodesDto.class)))
    @APIResponse(responseCode = "400", description = "The code is wrong, or no app waits to be confirmed.")
    @APIResponse(responseCode = "412", description = "It was changed at the same time.")
    @APIResponse(responseCode = "429", description = "Too many wrong attempts.")
    public Response confirmTotp(@Context SecurityContext ctx, @Nullable CodeRequest request) {
        return shownOnce(new CodesDto(accounts.confirm(ctx, needed(needed(request).code()))));
    }

    /** Stops to use the app. */
    @POST
    @Path("totp/remove")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "removeOwnTotp", summary = "Stop to use the authenticator app", description = "Send 'password'.")
    @APIResponse(responseCode = "204", description = "No code is asked for any more.")
    @APIResponse(responseCode = "400", description = "A member is missing or unknown.")
    @APIResponse(responseCode = "403", description = "The password is wrong.")
    @APIResponse(responseCode = "412", description = "It was changed at the same time.")
    @APIResponse(responseCode = "429", description = "Too many wrong attempts.")
    public Response removeTotp(@Context SecurityContext ctx, @Nullable PasswordRequest request) {
        return withPassword(request, password -> {
            accounts.removeTotp(ctx, password);
            return Response.noContent().build();
        });
    }

    /** Makes other recovery codes. */
    @POST
    @Path("recovery-codes")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "renewRecoveryCodes",
            summary = "Make other recovery codes",
            description = "Send 'password'. Those before are worth nothing any more.")
    @APIResponse(
            responseCode = "200",
            description = "Recovery codes, shown once.",
            content = @Content(schema = @Schema(implementation = CodesDto.class)))
    @APIResponse(responseCode = "400", description = "A member is missing or unknown, or no app is in use.")
    @APIResponse(responseCode = "403", description = "The password is wrong.")
    @APIResponse(responseCode = "412", description = "It was changed at the same time.")
    @APIResponse(responseCode = "429", description = "Too many wrong attempts.")
    public Response renewRecoveryCodes(@Context SecurityContext ctx, @Nullable PasswordRequest request) {
        return withPassword(request, password -> shownOnce(new CodesDto(accounts.newRecoveryCodes(ctx, password))));
    }
}

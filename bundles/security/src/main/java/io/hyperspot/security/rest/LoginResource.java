// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.rest;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SessionCookie;
import io.hyperspot.security.gateway.Logins;
import io.hyperspot.security.gateway.Logins.Browser;
import io.hyperspot.security.sessions.SessionModule.Opened;
import io.hyperspot.web.Client;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.OperationLimits;
import io.hyperspot.web.Page;
import io.hyperspot.web.PublicOperation;
import io.hyperspot.web.RateLimited;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.InetAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

/** How people come in. Public, because Jersey calls it by reflection. */
@Component(service = LoginResource.class)
@JakartarsResource
@Path("/auth/v1")
@Produces(MediaType.APPLICATION_JSON)
@PublicOperation
@NoFeature
@Tag(name = "auth", description = "Logins and sessions of people.")
public final class LoginResource {
    private static final int PER_MINUTE = 20;

    private final Logins logins;
    private final Clock clock = Clock.systemUTC();

    @Activate
    public LoginResource(@Reference Logins logins) {
        this.logins = logins;
    }

    /** Lists the ways to log in. */
    @GET
    @Path("providers")
    @Operation(operationId = "listLoginProviders", summary = "List the ways to log in", description = "In the order in which a login page should show them.")
    @APIResponse(responseCode = "200", description = "All on one page.")
    public Page<ProviderDto> providers() {
        return Page.whole(logins.providers().stream().map(ProviderDto::of).toList());
    }

    /** Logs in by a password. */
    @POST
    @Path("login")
    @Consumes(MediaType.APPLICATION_JSON)
    @RateLimited(perMinute = PER_MINUTE)
    @OperationLimits(maxBodyBytes = 16_384)
    @Operation(
            operationId = "login",
            summary = "Log in with a password",
            description = "Opens a session, which the browser keeps in a cookie that no script can read; the one it had before ends.")
    @APIResponse(
            responseCode = "200",
            description = "Logged in; Set-Cookie has the session.",
            content = @Content(schema = @Schema(implementation = LoginDto.class)))
    @APIResponse(responseCode = "400", description = "A member is missing, malformed or unknown.")
    @APIResponse(responseCode = "401", description = "The name, the password or the code is wrong, or LOGIN_CODE_NEEDED: send the code too.")
    @APIResponse(responseCode = "403", description = "A page of another site sent this.")
    @APIResponse(responseCode = "404", description = "There is no such login.")
    @APIResponse(responseCode = "429", description = "Too many attempts.")
    @APIResponse(responseCode = "503", description = "Who checks passwords cannot be asked now.")
    public Response login(
            @Context Client client,
            @HeaderParam(HttpHeaders.USER_AGENT) @Parameter(hidden = true) @Nullable String agent,
            @Nullable LoginRequest request) {
        if (client.isForeign()) {
            throw new ProblemException(
                    ErrorCategory.PERMISSION_DENIED, "CROSS_SITE_LOGIN", "a page of another site sent this login; log in at this server's own page");
        }
        client.beforeCredential();
        if (request == null || request.name() == null || request.password() == null) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT,
                    "INVALID_LOGIN",
                    "send {\"provider\": \"...\", \"name\": \"...\", \"password\": \"...\"}");
        }
        Opened opened = logins.login(
                provider(request.provider()),
                request.name(),
                request.password(),
                request.code(),
                browser(client, agent),
                client::wrongCredential);
        return withSession(Response.ok(LoginDto.of(opened)), opened, client).build();
    }

    private String provider(@Nullable String named) {
        if (named != null) {
            return named;
        }
        List<String> passwords = logins.providers().stream().filter(one -> !one.redirect()).map(Logins.Provider::name).toList();
        if (passwords.size() != 1) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT, "INVALID_LOGIN", "'provider' is missing; GET /auth/v1/providers lists all");
        }
        return passwords.getFirst();
    }

    private static Browser browser(Client client, @Nullable String agent) {
        InetAddress address = client.address();
        return new Browser(
                address == null ? "" : address.getHostAddress(),
                agent == null ? "" : agent,
                client.cookie(SessionCookie.name(client.isSecure())));
    }

    private Response.ResponseBuilder withSession(Response.ResponseBuilder answer, Opened opened, Client client) {
        Duration life = Duration.between(clock.instant(), opened.session().expiresAt());
        return answer.header(
                        HttpHeaders.SET_COOKIE,
                        SessionCookie.giving(opened.token(), life.isNegative() ? Duration.ZERO : life, client.isSecure()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    /** Sends the browser to the page of somebody else. */
    @GET
    @Path("login/{provider}")
    @RateLimited(perMinute = PER_MINUTE)
    @Operation(
            operationId = "beginLogin",
            summary = "Log in at the page of somebody else",
            description = "For browsers: sends them to the provider's page, which sends them back here.")
    @APIResponse(responseCode = "302", description = "To the provider's page.")
    @APIResponse(responseCode = "400", description = "return_to is no path of this server.")
    @APIResponse(responseCode = "404", description = "There is no such login.")
    @APIResponse(responseCode = "429", description = "Too many attempts.")
    @APIResponse(responseCode = "502", description = "The provider's answer cannot be used.")
    @APIResponse(responseCode = "503", description = "The provider cannot be asked now.")
    public Response depart(
            @Context Client client,
            @Parameter(description = "The login's name") @PathParam("provider") String provider,
            @Parameter(description = "A path of this server to which the browser comes in the end; / when absent") @QueryParam("return_to")
                    @Nullable String returnTo) {
        Logins.Leaving leaving = logins.depart(provider, client.origin(), returnTo);
        return Response.status(Response.Status.FOUND)
                .location(leaving.location())
                .header(HttpHeaders.SET_COOKIE, key(leaving.browserKey(), Duration.ofMinutes(10), client.isSecure()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    /** Comes back from the other site, by a form too: only a cookie that says so is sent with that. */
    private static String key(String value, Duration life, boolean secure) {
        return SessionCookie.of(keyName(secure), value, life, secure ? "None" : "Lax", secure);
    }

    private static String keyName(boolean secure) {
        return secure ? "__Host-hyperspot-login" : "hyperspot-login";
    }

    /** Takes the browser back. */
    @GET
    @Path("login/{provider}/callback")
    @RateLimited(perMinute = PER_MINUTE)
    @Operation(operationId = "completeLogin", summary = "Come back from the page of somebody else", description = "For browsers, with what the provider gave them.")
    @APIResponse(responseCode = "303", description = "Logged in: to where the login was begun.")
    @APIResponse(responseCode = "401", description = "The provider says no, or this browser did not begin the login.")
    @APIResponse(responseCode = "404", description = "There is no such login.")
    @APIResponse(responseCode = "429", description = "Too many attempts.")
    @APIResponse(responseCode = "503", description = "The provider cannot be asked now.")
    public Response comeBack(
            @Context Client client,
            @Context UriInfo uri,
            @Parameter(description = "The login's name") @PathParam("provider") String provider,
            @HeaderParam(HttpHeaders.USER_AGENT) @Parameter(hidden = true) @Nullable String agent) {
        return complete(client, provider, uri.getQueryParameters(), agent);
    }

    /** Takes the browser back that sends a form. */
    @POST
    @Path("login/{provider}/callback")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @RateLimited(perMinute = PER_MINUTE)
    @OperationLimits(maxBodyBytes = 524_288)
    @Operation(operationId = "completeLoginByForm", summary = "Come back from the page of somebody else with a form", description = "For browsers, with what the provider gave them.")
    @APIResponse(responseCode = "303", description = "Logged in: to where the login was begun.")
    @APIResponse(responseCode = "401", description = "The provider says no, or this browser did not begin the login.")
    @APIResponse(responseCode = "404", description = "There is no such login.")
    @APIResponse(responseCode = "429", description = "Too many attempts.")
    @APIResponse(responseCode = "503", description = "The provider cannot be asked now.")
    public Response comeBackByForm(
            @Context Client client,
            @Parameter(description = "The login's name") @PathParam("provider") String provider,
            @HeaderParam(HttpHeaders.USER_AGENT) @Parameter(hidden = true) @Nullable String agent,
            @Nullable MultivaluedMap<String, String> form) {
        return complete(client, provider, form, agent);
    }

    private Response complete(
            Client client, String provider, @Nullable MultivaluedMap<String, String> parameters, @Nullable String agent) {
        client.beforeCredential();
        Map<String, String> answer = new HashMap<>();
        if (parameters != null) {
            parameters.forEach((name, values) -> answer.put(name, single(values)));
        }
        Logins.Arrived arrived = logins.complete(
                provider,
                client.origin(),
                client.cookie(keyName(client.isSecure())),
                answer,
                browser(client, agent),
                client::wrongCredential);
        return withSession(Response.seeOther(URI.create(arrived.returnTo())), arrived.session(), client)
                .header(HttpHeaders.SET_COOKIE, key("", Duration.ZERO, client.isSecure()))
                .build();
    }

    /** What comes twice is nothing that a provider sends. */
    private static String single(List<String> values) {
        return values.size() == 1 ? values.getFirst() : "";
    }
}

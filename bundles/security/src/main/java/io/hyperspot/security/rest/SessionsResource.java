// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.rest;

import io.hyperspot.authz.Authorization;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.SessionCookie;
import io.hyperspot.security.Sessions.Session;
import io.hyperspot.security.sessions.SessionModule;
import io.hyperspot.security.sessions.SessionModule.Opened;
import io.hyperspot.web.Client;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.Page;
import io.hyperspot.web.QueryOptions;
import io.hyperspot.web.RequiresPermission;
import io.hyperspot.web.query.Cursors;
import io.hyperspot.web.query.ListQuery;
import io.hyperspot.web.query.QueryField;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
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
 * The caller and the sessions. Whoever has logged in may see and end their own; other people's need the
 * permissions of the security module. Public, because Jersey calls it by reflection.
 */
@Component(service = SessionsResource.class)
@JakartarsResource
@Path("/auth/v1")
@Produces(MediaType.APPLICATION_JSON)
@NoFeature
@Tag(name = "auth", description = "Logins and sessions of people.")
public final class SessionsResource {
    private static final String READ_OWN = "gts.hyperspot.core.security.self.*:read";
    private static final String WRITE_OWN = "gts.hyperspot.core.security.self.*:write";
    private static final Permission READ = Permission.parse("gts.hyperspot.core.security.sessions.*:read");
    private static final Permission WRITE = Permission.parse("gts.hyperspot.core.security.sessions.*:write");
    private static final String EVERYBODY = "*";
    private static final List<ListQuery.Order> ORDER =
            List.of(new ListQuery.Order(new QueryField("id", QueryField.Type.STRING), true));

    private final SessionModule sessions;
    private final Authorization authorization;
    private final Cursors cursors;

    @Activate
    public SessionsResource(
            @Reference SessionModule sessions, @Reference Authorization authorization, @Reference Cursors cursors) {
        this.sessions = sessions;
        this.authorization = authorization;
        this.cursors = cursors;
    }

    private Optional<Opened> current(Client client) {
        String credential = client.credential();
        return credential == null ? Optional.empty() : sessions.current(credential);
    }

    /** Says who calls. */
    @GET
    @Path("session")
    @RequiresPermission(READ_OWN)
    @Operation(
            operationId = "getCaller",
            summary = "Who am I",
            description = "The caller, and what it may do. People who have logged in may always ask; an API key needs a scope for it.")
    @APIResponse(responseCode = "200", description = "The caller.", content = @Content(schema = @Schema(implementation = CallerDto.class)))
    public Response whoAmI(@Context SecurityContext ctx, @Context Client client) {
        Opened opened = current(client).orElse(null);
        Session session = opened == null ? null : opened.session();
        CallerDto caller = new CallerDto(
                ctx.subject(),
                session == null ? null : session.name(),
                ctx.tenant().toString(),
                ctx.groups(),
                ctx.permissions().stream().map(Permission::toString).toList(),
                ctx.scopes().stream().map(Permission::toString).toList(),
                session == null ? null : session.id(),
                session == null ? null : session.expiresAt(),
                opened == null ? null : opened.csrfToken());
        return Response.ok(caller).header(HttpHeaders.CACHE_CONTROL, "no-store").build();
    }

    /** Ends the session with which it is called. */
    @POST
    @Path("logout")
    @RequiresPermission(WRITE_OWN)
    @Operation(operationId = "logout", summary = "Log out", description = "Ends the session with which this is called, at once.")
    @APIResponse(responseCode = "204", description = "Logged out; Set-Cookie takes the cookie away.")
    @APIResponse(responseCode = "400", description = "The credential is no session.")
    @APIResponse(responseCode = "403", description = "The header x-csrf-token is missing or wrong.")
    public Response logout(@Context Client client) {
        Opened opened = current(client).orElseThrow(() -> new ProblemException(
                ErrorCategory.FAILED_PRECONDITION, "NO_SESSION", "the credential is no session; an API key is revoked at /security/v1/api-keys"));
        sessions.end(opened.token());
        return Response.noContent()
                .header(HttpHeaders.SET_COOKIE, SessionCookie.takingAway(client.isSecure()))
                .build();
    }

    /** Lists sessions. */
    @GET
    @Path("sessions")
    @QueryOptions
    @RequiresPermission(READ_OWN)
    @Operation(operationId = "listSessions", summary = "List sessions", description = "The caller's own, or others of the tenant, newest first.")
    @APIResponse(responseCode = "200", description = "A page of sessions.")
    @APIResponse(responseCode = "400", description = "A query option is wrong.")
    @APIResponse(responseCode = "403", description = "They are not the caller's own, which needs gts.hyperspot.core.security.sessions.*:read.")
    public Page<SessionDto> list(
            @Context SecurityContext ctx,
            @Context Client client,
            @Context UriInfo uri,
            @Parameter(description = "Whose: a subject, or * for everybody's of the tenant; absent: the caller's own") @QueryParam("subject")
                    @Nullable String subject) {
        String asked = whose(ctx, subject, READ);
        String whose = asked.equals(EVERYBODY) ? null : asked;
        ListQuery query = ListQuery.of(uri, List.of(), ORDER, cursors);
        List<String> after = query.after();
        String from = after == null ? null : after.getFirst();
        int most = query.top() + 1;
        List<Session> found = from != null && query.backward()
                ? sessions.listBefore(ctx, whose, from, most)
                : sessions.list(ctx, whose, from, most);
        String current = current(client).map(opened -> opened.session().id()).orElse("");
        return query.page(found, session -> List.of(session.id()), session -> SessionDto.of(session, current), cursors);
    }

    private String whose(SecurityContext ctx, @Nullable String subject, Permission others) {
        if (subject == null || subject.equals(ctx.subject())) {
            return ctx.subject();
        }
        if (!may(ctx, others)) {
            throw new ProblemException(
                    ErrorCategory.PERMISSION_DENIED, "NOT_OWN_SESSION", "sessions of others need the permission " + others);
        }
        return subject;
    }

    private boolean may(SecurityContext ctx, Permission others) {
        return ctx.allows(others) && !authorization.scope(ctx, others.resource(), others.action(), null).isNothing();
    }

    /** Ends one. */
    @DELETE
    @Path("sessions/{id}")
    @RequiresPermission(WRITE_OWN)
    @Operation(operationId = "endSession", summary = "End a session", description = "One's own, or with the permission any of the tenant; at once here, and within seconds on other servers.")
    @APIResponse(responseCode = "204", description = "It is over.")
    @APIResponse(responseCode = "404", description = "There is none with this id that the caller may end.")
    public void end(@Context SecurityContext ctx, @Parameter(description = "Its id") @PathParam("id") String id) {
        boolean own = sessions.find(ctx, id).map(session -> session.subject().equals(ctx.subject())).orElse(false);
        if (!(own || may(ctx, WRITE)) || !sessions.end(ctx, id)) {
            throw new ProblemException(
                    ErrorCategory.NOT_FOUND, "SESSION_NOT_FOUND", "there is no such session; GET /auth/v1/sessions lists those that can be used");
        }
    }

    /** Ends all of somebody. */
    @DELETE
    @Path("sessions")
    @RequiresPermission(WRITE_OWN)
    @Operation(operationId = "endSessions", summary = "End all sessions of somebody", description = "The caller's own, this one included, or with the permission those of another.")
    @APIResponse(responseCode = "200", description = "How many.")
    @APIResponse(responseCode = "400", description = "subject is *.")
    @APIResponse(responseCode = "403", description = "They are not the caller's own, which needs gts.hyperspot.core.security.sessions.*:write.")
    public EndedDto endAll(
            @Context SecurityContext ctx,
            @Parameter(description = "Whose; absent: the caller's own") @QueryParam("subject") @Nullable String subject) {
        if (EVERYBODY.equals(subject)) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT, "INVALID_SUBJECT", "'subject' must be one; suspend the tenant to keep everybody out");
        }
        return new EndedDto(sessions.endAll(ctx, whose(ctx, subject, WRITE)));
    }
}

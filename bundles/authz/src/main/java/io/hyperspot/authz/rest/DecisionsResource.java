// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz.rest;

import io.hyperspot.authz.AccessRequest;
import io.hyperspot.authz.Authorization;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.RequiresPermission;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jakartars.whiteboard.propertytypes.JakartarsResource;

/** Decisions about subjects of the caller's tenant. Public, because Jersey calls it by reflection. */
@Component(service = DecisionsResource.class)
@JakartarsResource
@Path("/authz/v1/decisions")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RequiresPermission("gts.hyperspot.core.authz.*:read")
@NoFeature
@Tag(name = "authz", description = "Roles, bindings, policies and decisions.")
public final class DecisionsResource {
    private static final int MOST = 100;

    private final Authorization authorization;

    @Activate
    public DecisionsResource(@Reference Authorization authorization) {
        this.authorization = authorization;
    }

    /** Decides. */
    @POST
    @Operation(
            operationId = "decide",
            summary = "Decide",
            description = "Whether a subject of the caller's tenant may do something, one question or many, as in AuthZEN 1.0.")
    @RequestBody(content = @Content(schema = @Schema(implementation = EvaluationRequest.class)))
    @APIResponse(
            responseCode = "200",
            description = "The decision; a denial too.",
            content = @Content(schema = @Schema(implementation = EvaluationDto.class)))
    @APIResponse(responseCode = "400", description = "A member is missing, malformed or unknown.")
    public EvaluationDto decide(@Context SecurityContext ctx, @Nullable EvaluationRequest request) {
        return answer(ctx, request, false);
    }

    /** Decides, and says why. */
    @POST
    @Path("explain")
    @Operation(
            operationId = "explainDecision",
            summary = "Explain a decision",
            description = "As decide, and names the role, binding, policy or address list that decided, or what is missing.")
    @RequestBody(content = @Content(schema = @Schema(implementation = EvaluationRequest.class)))
    @APIResponse(
            responseCode = "200",
            description = "The decision and its rule.",
            content = @Content(schema = @Schema(implementation = EvaluationDto.class)))
    @APIResponse(responseCode = "400", description = "A member is missing, malformed or unknown.")
    public EvaluationDto explain(@Context SecurityContext ctx, @Nullable EvaluationRequest request) {
        return answer(ctx, request, true);
    }

    private EvaluationDto answer(SecurityContext ctx, @Nullable EvaluationRequest request, boolean explained) {
        if (request == null) {
            throw invalid("send {\"action\": {\"name\": \"read\"}, \"resource\": {\"type\": \"gts.hyperspot.llm.*\"}}");
        }
        List<EvaluationRequest.Question> questions = request.evaluations();
        if (questions == null) {
            return EvaluationDto.of(
                    authorization.decide(
                            question(ctx, request.subject(), request.action(), request.resource(), request.context())),
                    explained);
        }
        if (questions.size() > MOST) {
            throw invalid("'evaluations' has at most " + MOST + " entries");
        }
        return new EvaluationDto(
                null,
                null,
                questions.stream()
                        .map(one -> EvaluationDto.of(authorization.decide(merged(ctx, request, one)), explained))
                        .toList());
    }

    private static AccessRequest merged(
            SecurityContext ctx, EvaluationRequest defaults, EvaluationRequest.@Nullable Question one) {
        if (one == null) {
            throw invalid("an entry of 'evaluations' is null");
        }
        return question(
                ctx,
                one.subject() == null ? defaults.subject() : one.subject(),
                one.action() == null ? defaults.action() : one.action(),
                one.resource() == null ? defaults.resource() : one.resource(),
                one.context() == null ? defaults.context() : one.context());
    }

    private static AccessRequest question(
            SecurityContext ctx,
            EvaluationRequest.@Nullable Subject subject,
            EvaluationRequest.@Nullable Action action,
            EvaluationRequest.@Nullable Resource resource,
            EvaluationRequest.@Nullable Circumstances context) {
        if (action == null || action.name() == null || resource == null || resource.type() == null) {
            throw invalid("'action' needs a 'name' and 'resource' a 'type'");
        }
        GtsPattern type = permission(resource.type() + ":" + action.name()).resource();
        boolean own = subject == null;
        return new AccessRequest(
                subject == null ? self(ctx) : subject(subject),
                action.name(),
                new AccessRequest.Resource(type, resource.id(), Objects.requireNonNullElse(resource.properties(), Map.of())),
                new AccessRequest.Context(
                        ctx.tenant(),
                        context == null ? null : address(context.address()),
                        context == null || context.scopes() == null
                                ? own ? ctx.scopes() : List.of(Permission.ALL)
                                : permissions(context.scopes()),
                        context == null ? null : context.time()));
    }

    private static AccessRequest.Subject self(SecurityContext ctx) {
        return new AccessRequest.Subject(ctx.subject(), type(ctx.subject()), ctx.groups(), ctx.permissions(), Map.of());
    }

    private static AccessRequest.Subject subject(EvaluationRequest.Subject subject) {
        if (subject.id() == null || subject.id().isBlank()) {
            throw invalid("'subject' needs an 'id'");
        }
        String id = subject.type() == null || subject.id().startsWith(subject.type() + ":")
                ? subject.id()
                : subject.type() + ":" + subject.id();
        return new AccessRequest.Subject(
                id,
                type(id),
                Objects.requireNonNullElse(subject.groups(), List.of()),
                permissions(Objects.requireNonNullElse(subject.permissions(), List.of())),
                Objects.requireNonNullElse(subject.properties(), Map.of()));
    }

    private static String type(String id) {
        int colon = id.indexOf(':');
        return colon < 0 ? "" : id.substring(0, colon);
    }

    private static List<Permission> permissions(List<String> texts) {
        return texts.stream().map(DecisionsResource::permission).toList();
    }

    private static Permission permission(String text) {
        try {
            return Permission.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable InetAddress address(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw invalid("'address' is no IPv4 or IPv6 address");
        }
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, "INVALID_EVALUATION", detail);
    }
}

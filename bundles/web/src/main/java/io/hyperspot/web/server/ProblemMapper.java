// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.web.spi.ProtocolHandler.ErrorBody;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.net.URI;
import java.net.URL;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAmount;
import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.glassfish.jersey.message.internal.HeaderValueException;
import org.glassfish.jersey.server.ParamException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever a resource throws into a problem document. */
final class ProblemMapper implements ExceptionMapper<Throwable> {
    private static final Logger log = LoggerFactory.getLogger(ProblemMapper.class);

    private final Problems problems;

    /** A provider, because the mapper is older than any request. */
    @Inject
    private @Nullable Provider<ContainerRequestContext> request;

    ProblemMapper(Problems problems) {
        this.problems = problems;
    }

    @Override
    public Response toResponse(Throwable failure) {
        ContainerRequestContext current = Objects.requireNonNull(request).get();
        Visit visit = JerseyApplication.visit(current);
        String requestId = visit.exchange.requestId();
        String path = current.getUriInfo().getRequestUri().getPath();
        if (failure instanceof WebApplicationException web && web.getResponse().getStatus() < 400) {
            // a redirect, or 304
            return web.getResponse();
        }
        // an interrupt was meant for the resource, not for its error
        visit.calm();
        ProblemException problem = problem(visit, failure, path);
        visit.problem = problem.code();
        ErrorBody body = problems.render(problem, requestId, path);
        Response.ResponseBuilder response = Response.status(problem.category().status())
                .type(body.contentType())
                .entity(body.body());
        body.headers().forEach(response::header);
        if (failure instanceof WebApplicationException web && !web.getResponse().getAllowedMethods().isEmpty()) {
            response.header("Allow", String.join(", ", web.getResponse().getAllowedMethods()));
        }
        return response.build();
    }

    private static ProblemException problem(Visit visit, Throwable failure, String path) {
        String expiry = visit.exchange.expiry();
        if (expiry != null) {
            return Chain.late(expiry);
        }
        if (visit.exchange.cancellation().isCancelled()) {
            return new ProblemException(ErrorCategory.CANCELLED, "CLIENT_LEFT", "the client left");
        }
        return switch (failure) {
            case ProblemException known -> known;
            case WebApplicationException web when web.getCause() instanceof ProblemException known -> known;
            case ParamException.PathParamException unknown -> Problems.ofStatus(404, detail(unknown, path));
            case ParamException parameter ->
                new ProblemException(
                        ErrorCategory.INVALID_ARGUMENT,
                        "INVALID_QUERY",
                        "'" + parameter.getParameterName() + "' has a value that this operation does not take");
            case HeaderValueException header ->
                new ProblemException(
                        ErrorCategory.INVALID_ARGUMENT, "INVALID_HEADER", "a header of the request has a value that is malformed");
            case WebApplicationException web ->
                Problems.ofStatus(web.getResponse().getStatus(), detail(web, path));
            case JsonMappingException mapping when mapping.getCause() instanceof ProblemException known -> known;
            case JsonMappingException mapping when !visit.responding && !(mapping instanceof InvalidDefinitionException) ->
                new ProblemException(
                        ErrorCategory.INVALID_ARGUMENT, "INVALID_BODY", "the body's " + pointer(mapping) + " " + wrong(mapping));
            case JsonParseException syntax ->
                new ProblemException(
                        ErrorCategory.INVALID_ARGUMENT,
                        "MALFORMED_JSON",
                        "the body is not valid JSON at line " + syntax.getLocation().getLineNr() + ", column "
                                + syntax.getLocation().getColumnNr());
            default -> {
                log.error("request {} to {} failed", visit.exchange.requestId(), path, failure);
                yield new ProblemException(
                        ErrorCategory.INTERNAL,
                        "INTERNAL",
                        "the server failed; its log has the reason under request id " + visit.exchange.requestId());
            }
        };
    }

    private static String detail(WebApplicationException web, String path) {
        return switch (web.getResponse().getStatus()) {
            case 404 -> "nothing is served at " + path + "; /openapi.json lists what is";
            case 405 -> "this method is not possible here; use "
                    + String.join(", ", web.getResponse().getAllowedMethods());
            case 406 -> "the operation cannot answer in a media type that the Accept header takes";
            case 415 -> "the operation does not take this Content-Type";
            default -> String.valueOf(web.getMessage());
        };
    }

    /** In words of JSON: the library's own name classes of ours. */
    private static String wrong(JsonMappingException mapping) {
        return switch (mapping) {
            case UnrecognizedPropertyException unknown ->
                "is no known member"
                        + (unknown.getKnownPropertyIds() == null
                                ? ""
                                : "; there are " + unknown.getKnownPropertyIds().stream().map(String::valueOf).collect(Collectors.joining(", ")));
            case MismatchedInputException trailing when trailing.getOriginalMessage().startsWith("Trailing token") ->
                "is followed by something after the end of the JSON value";
            case MismatchedInputException mismatch -> "must be " + kind(mismatch.getTargetType());
            case JsonMappingException end when end.getCause() instanceof JsonEOFException -> "ends too early";
            case JsonMappingException number when number.getCause() instanceof InputCoercionException ->
                "is a number out of range";
            default -> "is not a value that is taken here";
        };
    }

    private static String kind(@Nullable Class<?> type) {
        if (type == null) {
            return "of another type";
        }
        if (type.isEnum()) {
            return "one of " + Arrays.stream(type.getEnumConstants()).map(String::valueOf).collect(Collectors.joining(", "));
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
            return "a number";
        }
        if (CharSequence.class.isAssignableFrom(type)) {
            return "a string";
        }
        if (type == UUID.class) {
            return "a UUID";
        }
        if (type == URI.class || type == URL.class) {
            return "a URI";
        }
        if (Temporal.class.isAssignableFrom(type)) {
            return "a time in ISO 8601";
        }
        if (TemporalAmount.class.isAssignableFrom(type)) {
            return "a duration in ISO 8601";
        }
        return type.isArray() || Collection.class.isAssignableFrom(type) ? "an array" : "an object";
    }

    private static String pointer(JsonMappingException mapping) {
        String pointer = mapping.getPath().stream()
                .map(step -> step.getFieldName() != null ? "/" + step.getFieldName() : "/" + step.getIndex())
                .collect(Collectors.joining());
        return pointer.isEmpty() ? "root" : pointer;
    }
}

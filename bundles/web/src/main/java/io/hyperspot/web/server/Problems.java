// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.web.spi.ProtocolHandler.ErrorBody;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Problem documents (RFC 9457). */
final class Problems {
    static final String MEDIA_TYPE = "application/problem+json";

    private final ObjectMapper json;

    Problems(ObjectMapper json) {
        this.json = json;
    }

    ErrorBody render(ProblemException problem, String requestId, String path) {
        ErrorCategory category = problem.category();
        ObjectNode body = json.createObjectNode();
        body.put("type", category.type());
        body.put("title", category.title());
        body.put("status", category.status());
        body.put("detail", problem.detail());
        body.put("instance", path);
        body.put("code", problem.code());
        body.put("request_id", requestId);
        problem.context().forEach((key, value) -> body.set(key, json.valueToTree(value)));
        Map<String, String> headers = new HashMap<>();
        if (category == ErrorCategory.UNAUTHENTICATED) {
            headers.put("WWW-Authenticate", "Bearer realm=\"hyperspot\"");
        }
        Object retry = problem.context().get("retry_after_seconds");
        if (retry != null) {
            headers.put("Retry-After", retry.toString());
        } else if (category == ErrorCategory.UNAVAILABLE) {
            headers.put("Retry-After", "1");
        }
        return new ErrorBody(MEDIA_TYPE, body.toString().getBytes(StandardCharsets.UTF_8), headers);
    }

    /** The problem of a bare HTTP status, as the container gives it. */
    static ProblemException ofStatus(int status, String detail) {
        ErrorCategory category = switch (status) {
            case 401 -> ErrorCategory.UNAUTHENTICATED;
            case 403 -> ErrorCategory.PERMISSION_DENIED;
            case 404 -> ErrorCategory.NOT_FOUND;
            case 405 -> ErrorCategory.METHOD_NOT_ALLOWED;
            case 406 -> ErrorCategory.NOT_ACCEPTABLE;
            case 408 -> ErrorCategory.TIMEOUT;
            case 409 -> ErrorCategory.ABORTED;
            case 412 -> ErrorCategory.PRECONDITION_FAILED;
            case 413 -> ErrorCategory.TOO_LARGE;
            case 414, 431 -> ErrorCategory.HEADERS_TOO_LARGE;
            case 415 -> ErrorCategory.UNSUPPORTED_MEDIA_TYPE;
            case 428 -> ErrorCategory.PRECONDITION_REQUIRED;
            case 429 -> ErrorCategory.RESOURCE_EXHAUSTED;
            case 501, 505 -> ErrorCategory.UNIMPLEMENTED;
            case 502 -> ErrorCategory.BAD_UPSTREAM;
            case 503 -> ErrorCategory.UNAVAILABLE;
            case 504 -> ErrorCategory.DEADLINE_EXCEEDED;
            default -> status < 500 ? ErrorCategory.INVALID_ARGUMENT : ErrorCategory.INTERNAL;
        };
        return new ProblemException(category, category.name(), detail);
    }
}

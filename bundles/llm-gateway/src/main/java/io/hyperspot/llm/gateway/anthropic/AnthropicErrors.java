// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.anthropic;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.gateway.calls.RetryAfter;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.web.spi.ProtocolHandler.ErrorBody;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Problems in the shape that Anthropic's clients turn into their typed exceptions. */
final class AnthropicErrors {
    private AnthropicErrors() {}

    static ErrorBody body(ProblemException problem, String requestId) {
        Map<String, String> headers = new HashMap<>();
        headers.put("request-id", requestId);
        String retry = RetryAfter.of(problem);
        if (retry != null) {
            headers.put("Retry-After", retry);
        }
        return new ErrorBody(
                "application/json", json(problem, requestId).toString().getBytes(StandardCharsets.UTF_8), headers);
    }

    /** An error inside a stream that has begun. */
    static byte[] event(ProblemException problem, String requestId) {
        return ("event: error\ndata: " + json(problem, requestId) + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode json(ProblemException problem, String requestId) {
        ObjectNode root = JsonNodeFactory.instance.objectNode().put("type", "error");
        root.putObject("error").put("type", type(problem.category())).put("message", problem.detail());
        return root.put("request_id", requestId);
    }

    private static String type(ErrorCategory category) {
        return switch (category) {
            case UNAUTHENTICATED -> "authentication_error";
            case PERMISSION_DENIED -> "permission_error";
            case NOT_FOUND -> "not_found_error";
            case TOO_LARGE -> "request_too_large";
            case RESOURCE_EXHAUSTED -> "rate_limit_error";
            case UNAVAILABLE -> "overloaded_error";
            case DEADLINE_EXCEEDED -> "timeout_error";
            default -> category.status() >= 500 ? "api_error" : "invalid_request_error";
        };
    }
}

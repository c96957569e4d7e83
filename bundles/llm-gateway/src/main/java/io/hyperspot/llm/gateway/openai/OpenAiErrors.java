// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.gateway.calls.RetryAfter;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.web.spi.ProtocolHandler.ErrorBody;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Problems in the shape that OpenAI's clients turn into their typed exceptions. */
final class OpenAiErrors {
    private OpenAiErrors() {}

    static ErrorBody body(ProblemException problem, String requestId) {
        Map<String, String> headers = new HashMap<>();
        String retry = RetryAfter.of(problem);
        if (retry != null) {
            headers.put("Retry-After", retry);
        }
        if (problem.category() == ErrorCategory.UNAUTHENTICATED) {
            headers.put("WWW-Authenticate", "Bearer realm=\"hyperspot\"");
        }
        return new ErrorBody(
                "application/json", json(problem, requestId).toString().getBytes(StandardCharsets.UTF_8), headers);
    }

    /** An error inside a stream that has begun. */
    static byte[] event(ProblemException problem, String requestId) {
        return ("data: " + json(problem, requestId) + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode json(ProblemException problem, String requestId) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ObjectNode error = root.putObject("error");
        error.put("message", problem.detail());
        error.put("type", type(problem.category()));
        error.put("param", problem.code().equals("MODEL_NOT_FOUND") ? "model" : null);
        error.put("code", code(problem));
        error.put("request_id", requestId);
        return root;
    }

    private static String type(ErrorCategory category) {
        return switch (category) {
            case UNAUTHENTICATED -> "authentication_error";
            case PERMISSION_DENIED -> "permission_error";
            case RESOURCE_EXHAUSTED -> "rate_limit_error";
            default -> category.status() >= 500 ? "server_error" : "invalid_request_error";
        };
    }

    private static String code(ProblemException problem) {
        return switch (problem.category()) {
            case UNAUTHENTICATED -> "invalid_api_key";
            case RESOURCE_EXHAUSTED -> "rate_limit_exceeded";
            default -> problem.code().toLowerCase(Locale.ROOT);
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.gemini;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.gateway.calls.RetryAfter;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.web.spi.ProtocolHandler.ErrorBody;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Problems as Google's APIs have them: {@code google.rpc.Status} with its details, as JSON. */
final class GeminiErrors {
    private static final String DETAIL = "type.googleapis.com/google.rpc.";

    private GeminiErrors() {}

    static ErrorBody body(ProblemException problem, String requestId) {
        Map<String, String> headers = new HashMap<>();
        String retry = RetryAfter.of(problem);
        if (retry != null) {
            headers.put("Retry-After", retry);
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
        ObjectNode error = root.putObject("error")
                .put("code", problem.category().status())
                .put("message", problem.detail())
                .put("status", status(problem.category()));
        ArrayNode details = error.putArray("details");
        details.addObject()
                .put("@type", DETAIL + "ErrorInfo")
                .put("reason", problem.code())
                .put("domain", "hyperspot");
        details.addObject().put("@type", DETAIL + "RequestInfo").put("requestId", requestId);
        String retry = RetryAfter.of(problem);
        if (retry != null) {
            details.addObject().put("@type", DETAIL + "RetryInfo").put("retryDelay", retry + "s");
        }
        return root;
    }

    /** A name of {@code google.rpc.Code}. */
    private static String status(ErrorCategory category) {
        return switch (category) {
            case UNAUTHENTICATED, PERMISSION_DENIED, NOT_FOUND, RESOURCE_EXHAUSTED, UNAVAILABLE, DEADLINE_EXCEEDED, UNIMPLEMENTED,
                    CANCELLED -> category.name();
            default -> category.status() >= 500 ? "INTERNAL" : "INVALID_ARGUMENT";
        };
    }
}

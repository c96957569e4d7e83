// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.web.spi.ProtocolHandler.ErrorBody;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAiErrorsTest {
    private static JsonNode error(ErrorBody body) throws Exception {
        return new ObjectMapper().readTree(body.body()).path("error");
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_ARGUMENT,   INVALID_BODY,    invalid_request_error, invalid_body",
        "UNAUTHENTICATED,    NO_CREDENTIAL,   authentication_error,  invalid_api_key",
        "PERMISSION_DENIED,  DENIED,          permission_error,      denied",
        "NOT_FOUND,          MODEL_NOT_FOUND, invalid_request_error, model_not_found",
        "TOO_LARGE,          BODY_TOO_LARGE,  invalid_request_error, body_too_large",
        "RESOURCE_EXHAUSTED, WHATEVER,        rate_limit_error,      rate_limit_exceeded",
        "INTERNAL,           INTERNAL,        server_error,          internal",
        "BAD_UPSTREAM,       WORKER_FAILED,   server_error,          worker_failed",
        "UNAVAILABLE,        BUSY,            server_error,          busy",
    })
    void speaksTheTypesOfOpenAi(ErrorCategory category, String problem, String type, String code) throws Exception {
        ErrorBody body = OpenAiErrors.body(new ProblemException(category, problem, "what \"to\" do"), "r1");
        assertThat(body.contentType()).isEqualTo("application/json");
        JsonNode error = error(body);
        assertThat(error.path("type").asText()).isEqualTo(type);
        assertThat(error.path("code").asText()).isEqualTo(code);
        assertThat(error.path("message").asText()).isEqualTo("what \"to\" do");
        assertThat(error.path("request_id").asText()).isEqualTo("r1");
        assertThat(error.path("param").isNull()).isEqualTo(!problem.equals("MODEL_NOT_FOUND"));
    }

    @Test
    void tellsWhenToTryAgain() {
        Map<String, Object> context = Map.of("retry_after_seconds", 7);
        assertThat(OpenAiErrors.body(
                                new ProblemException(ErrorCategory.RESOURCE_EXHAUSTED, "X", "x", context, null), "r")
                        .headers())
                .containsEntry("Retry-After", "7");
        assertThat(OpenAiErrors.body(new ProblemException(ErrorCategory.UNAVAILABLE, "X", "x"), "r").headers())
                .containsEntry("Retry-After", "1");
        assertThat(OpenAiErrors.body(new ProblemException(ErrorCategory.UNAUTHENTICATED, "X", "x"), "r").headers())
                .containsKey("WWW-Authenticate");
        assertThat(OpenAiErrors.body(new ProblemException(ErrorCategory.NOT_FOUND, "X", "x"), "r").headers()).isEmpty();
    }

    @Test
    void writesAnEventThatStaysOnOneLine() {
        byte[] event = OpenAiErrors.event(new ProblemException(ErrorCategory.BAD_UPSTREAM, "X", "two\nlines"), "r");
        assertThat(new String(event, UTF_8)).startsWith("data: {\"error\":").endsWith("}\n\n").contains("two\\nlines");
    }
}

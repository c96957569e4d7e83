// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The official OpenAI SDK for Node.js, unchanged but for its base URL. */
final class OpenAiSdkTest {
    private static final String LOCAL_EMBEDDINGS = "local-embeddings/all-minilm-l6-v2";

    @TempDir
    static Path home;

    static FakeProvider provider;
    static TestServer server;
    static NodeScript sdk;

    @BeforeAll
    static void start() throws Exception {
        provider = new FakeProvider();
        Files.createDirectories(home.resolve("plugins"));
        Files.copy(PluginDropTest.ECHO, home.resolve("plugins/acme-echo.jar"));
        server = TestServer.start(home, provider.yaml("mock"));
        sdk = new NodeScript(
                "openai.mjs", Map.of("BASE_URL", server.url() + "/openai/v1", "API_KEY", server.firstKey()));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(server.models()).contains("acme/parrot", "mock/plain", LOCAL_EMBEDDINGS));
    }

    @AfterAll
    static void stop() throws Exception {
        sdk.close();
        server.close();
        provider.close();
    }

    @ParameterizedTest
    @CsvSource({"mock/plain, Hello there!", "acme/parrot, hi"})
    void completes(String model, String words) throws Exception {
        JsonNode answer = sdk.ask("chat", "model", model);
        assertThat(answer.at("/choices/0/message/content").asText()).as("%s", answer).contains(words);
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(answer.at("/usage/total_tokens").asInt()).isPositive();
        assertThat(answer.path("request_id").asText()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"mock/plain, Hello there!", "acme/parrot, hi"})
    void streams(String model, String words) throws Exception {
        JsonNode answer = sdk.ask("stream", "model", model, "stream_options", Map.of("include_usage", true));
        assertThat(answer.path("content").asText()).as("%s", answer).contains(words);
        assertThat(answer.path("finish").asText()).isEqualTo("stop");
        assertThat(answer.at("/usage/total_tokens").asInt()).isPositive();
        assertThat(answer.has("error")).isFalse();
    }

    @Test
    void listsAndRetrievesModels() throws Exception {
        assertThat(sdk.ask("models").path("ids"))
                .extracting(JsonNode::asText)
                .contains("acme/parrot", "mock/plain", LOCAL_EMBEDDINGS);
        for (String model : List.of("acme/parrot", "mock/plain", LOCAL_EMBEDDINGS)) {
            JsonNode answer = sdk.ask("model", "model", model);
            assertThat(answer.path("id").asText()).as("%s", answer).isEqualTo(model);
            assertThat(answer.path("object").asText()).isEqualTo("model");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"float", "base64", ""})
    void embedsThroughAProvider(String format) throws Exception {
        JsonNode answer = format.isEmpty()
                ? sdk.ask("embeddings", "model", "mock/e", "input", "hi")
                : sdk.ask("embeddings", "model", "mock/e", "input", "hi", "encoding_format", format);
        if (format.equals("base64")) {
            assertThat(answer.path("packed").asText()).as("%s", answer).isEqualTo("AAAAPwAAgL4=");
        } else {
            assertThat(answer.path("first")).extracting(JsonNode::asDouble).containsExactly(0.5, -0.25);
        }
        assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void embedsLocallyTheSameInBothFormats() throws Exception {
        List<String> texts = List.of("The cat sleeps.", "A cat is sleeping.", "Interest rates rose again.");
        JsonNode floats = sdk.ask("embeddings", "model", LOCAL_EMBEDDINGS, "input", texts, "encoding_format", "float");
        JsonNode packed = sdk.ask("embeddings", "model", LOCAL_EMBEDDINGS, "input", texts);
        assertThat(floats.path("count").asInt()).as("%s", floats).isEqualTo(3);
        assertThat(floats.path("length").asInt()).isEqualTo(384);
        assertThat(packed.path("length").asInt()).as("%s", packed).isEqualTo(384);
        assertThat(packed.at("/first/0").asDouble()).isCloseTo(floats.at("/first/0").asDouble(), within(1e-5));
        assertThat(floats.at("/similar/1").asDouble()).isGreaterThan(0.7);
        assertThat(floats.at("/similar/2").asDouble()).isLessThan(0.4);
    }

    @Test
    void throwsAuthenticationErrorForAWrongKey() throws Exception {
        JsonNode error = sdk.ask("chat", "model", "mock/plain", "key", "hs_wrong");
        assertError(error, "AuthenticationError", 401);
        assertThat(error.path("code").asText()).isEqualTo("invalid_api_key");
    }

    @Test
    void throwsPermissionDeniedErrorForAKeyThatMayNot() throws Exception {
        TestServer.Answer created =
                server.post("/security/v1/api-keys", "{\"name\":\"lists\",\"scopes\":[\"gts.hyperspot.llm.*:read\"]}");
        String key = created.json().path("secret").asText();
        assertThat(sdk.ask("models", "key", key).path("ids")).isNotEmpty();
        assertError(sdk.ask("chat", "model", "mock/plain", "key", key), "PermissionDeniedError", 403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat", "embeddings", "model", "stream"})
    void throwsNotFoundErrorForAnUnknownModel(String operation) throws Exception {
        JsonNode error = sdk.ask(operation, "model", "nobody/nothing", "input", "hi");
        assertError(error, "NotFoundError", 404);
        assertThat(error.path("code").asText()).isEqualTo("model_not_found");
        assertThat(error.path("message").asText()).contains("acme/parrot");
    }

    @Test
    void throwsBadRequestError() throws Exception {
        assertError(sdk.ask("chat", "model", "mock/e400"), "BadRequestError", 400);
        JsonNode own = sdk.ask("chat", "model", "mock/plain", "messages", List.of());
        assertError(own, "BadRequestError", 400);
        assertThat(own.path("request_id").asText()).isNotEmpty();
    }

    @Test
    void throwsRateLimitErrorWithTheTimeToWait() throws Exception {
        JsonNode error = sdk.ask("chat", "model", "mock/e429");
        assertError(error, "RateLimitError", 429);
        assertThat(error.path("retry_after").asText()).isEqualTo("7");
    }

    @ParameterizedTest
    @CsvSource({"e500, 500", "e503, 503", "garbage, 502", "html, 502", "e401, 502"})
    void throwsInternalServerErrorWhenTheProviderFails(String model, int status) throws Exception {
        assertError(sdk.ask("chat", "model", "mock/" + model), "InternalServerError", status);
    }

    private static void assertError(JsonNode error, String type, int status) {
        assertThat(error.path("error").asText()).as("%s", error).isEqualTo(type);
        assertThat(error.path("status").asInt()).isEqualTo(status);
        assertThat(error.path("message").asText()).isNotEmpty().doesNotContain("undefined", "no body");
    }

    @Test
    void timesOutAndTheProviderIsLeft() throws Exception {
        int before = provider.active.get();
        JsonNode error = sdk.ask("chat", "model", "mock/silent", "timeout", 500);
        assertThat(error.path("error").asText()).as("%s", error).isEqualTo("APIConnectionTimeoutError");
        await().atMost(Duration.ofSeconds(10)).until(() -> provider.active.get() == before);
    }

    @Test
    void throwsInTheMiddleOfAStreamThatBreaks() throws Exception {
        JsonNode seen = sdk.ask("stream", "model", "mock/reset");
        assertThat(seen.path("content").asText()).as("%s", seen).isEqualTo("onetwo");
        assertThat(seen.path("error").asText()).isEqualTo("APIError");
        assertThat(seen.path("message").asText()).contains("mock");
    }

    @Test
    void cancelsTheProviderWhenAStreamIsAborted() throws Exception {
        int before = provider.active.get();
        JsonNode seen = sdk.ask("abort", "model", "mock/endless", "after", 3);
        assertThat(seen.path("aborted").asBoolean()).as("%s", seen).isTrue();
        await().atMost(Duration.ofSeconds(10)).until(() -> provider.active.get() == before);
        assertThat(sdk.ask("chat", "model", "mock/plain").has("error")).isFalse();
    }
}

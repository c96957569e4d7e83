// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.itests.providers.AnthropicServer;
import io.hyperspot.itests.providers.GeminiServer;
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

/**
 * Google's official SDK for Node.js, unchanged but for its base URL, with a provider of its own protocol ({@code
 * google}), with one of Anthropic's ({@code claude}) and one of OpenAI's ({@code mock}); and the SDKs of those two
 * with Google's provider.
 */
final class GeminiSdkTest {
    private static final Map<String, Object> SCHEMA = Map.of(
            "type", "OBJECT", "properties", Map.of("city", Map.of("type", "STRING")), "required", List.of("city"));
    private static final Map<String, Object> TOOLS = Map.of(
            "tools",
            List.of(Map.of(
                    "functionDeclarations",
                    List.of(Map.of("name", "weather", "parameters", SCHEMA), Map.of("name", "time", "parameters", SCHEMA)))));

    @TempDir
    static Path home;

    static GeminiServer google;
    static AnthropicServer claude;
    static FakeProvider mock;
    static TestServer server;
    static NodeScript sdk;
    static NodeScript openai;
    static NodeScript anthropic;

    @BeforeAll
    static void start() throws Exception {
        google = new GeminiServer();
        claude = new AnthropicServer();
        mock = new FakeProvider();
        server = TestServer.start(
                home,
                google.yaml("google") + claude.yaml("claude").replace("modules:\n", "") + mock.yaml("mock").replace("modules:\n", ""));
        sdk = script("gemini.mjs", "/gemini");
        openai = script("openai.mjs", "/openai/v1");
        anthropic = script("anthropic.mjs", "/anthropic");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(server.models()).contains("google/plain", "claude/plain", "mock/plain"));
    }

    private static NodeScript script(String name, String base) throws Exception {
        return new NodeScript(name, Map.of("BASE_URL", server.url() + base, "API_KEY", server.firstKey()));
    }

    @AfterAll
    static void stop() throws Exception {
        anthropic.close();
        openai.close();
        sdk.close();
        server.close();
        mock.close();
        claude.close();
        google.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"google/plain", "claude/plain", "mock/plain"})
    void answers(String model) throws Exception {
        JsonNode answer = sdk.ask("generate", "model", model);
        assertThat(answer.path("text").asText()).as("%s", answer).isEqualTo("Hello there!");
        assertThat(answer.at("/candidates/0/finishReason").asText()).isEqualTo("STOP");
        assertThat(answer.at("/usageMetadata/candidatesTokenCount").asInt()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"google/plain", "claude/plain", "mock/plain"})
    void streams(String model) throws Exception {
        JsonNode seen = sdk.ask("stream", "model", model);
        assertThat(seen.path("text").asText()).as("%s", seen).isEqualTo("Hello there!");
        assertThat(seen.path("pieces").asInt()).isGreaterThan(1);
        assertThat(seen.path("finish").asText()).isEqualTo("STOP");
        assertThat(seen.at("/usage/totalTokenCount").asInt()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "google/tools, 'got: weather of Paris; failed: time of Zürich; '",
        "google/gemini-3-tools, 'got: weather of Paris; failed: time of Zürich; '",
        "claude/tools, 'got: weather of Paris; failed: time of Zürich; '",
        "mock/tools, 'got: weather of Paris; got: time of Paris; '",
    })
    void callsFunctionsAtOnceAndTakesTheirResults(String model, String words) throws Exception {
        JsonNode answer = sdk.ask("toolLoop", "model", model, "config", TOOLS);
        assertThat(answer.path("text").asText()).as("%s", answer).isEqualTo(words);
    }

    @Test
    void letsTheClientsOfOthersUseTheFunctionsToo() throws Exception {
        Map<String, Object> schema = Map.of("type", "object", "properties", Map.of("city", Map.of("type", "string")));
        List<Map<String, Object>> functions = List.of(
                Map.of("type", "function", "function", Map.of("name", "weather", "parameters", schema)),
                Map.of("type", "function", "function", Map.of("name", "time", "parameters", schema)));
        JsonNode answer = openai.ask("toolLoop", "model", "google/gemini-3-tools", "tools", functions);
        assertThat(answer.at("/second/choices/0/message/content").asText())
                .as("%s", answer)
                .isEqualTo("got: weather of Paris; got: time of Zürich; ");
        JsonNode streamed = openai.ask("stream", "model", "google/plain", "stream_options", Map.of("include_usage", true));
        assertThat(streamed.path("content").asText()).as("%s", streamed).isEqualTo("Hello there!");
        assertThat(streamed.at("/usage/total_tokens").asInt()).isEqualTo(19);

        List<Map<String, Object>> tools =
                List.of(Map.of("name", "weather", "input_schema", schema), Map.of("name", "time", "input_schema", schema));
        JsonNode message = anthropic.ask("toolLoop", "model", "google/gemini-3-tools", "tools", tools);
        assertThat(message.at("/second/content/0/text").asText())
                .as("%s", message)
                .isEqualTo("got: weather of Paris; failed: time of Zürich; ");
        assertThat(anthropic.ask("stream", "model", "google/plain").at("/message/content/0/text").asText())
                .isEqualTo("Hello there!");
    }

    @ParameterizedTest
    @CsvSource({"google/think", "google/gemini-2-think", "claude/think"})
    void givesThoughtsBackUnchanged(String model) throws Exception {
        Map<String, Object> config = Map.of("thinkingConfig", Map.of("thinkingBudget", 1024, "includeThoughts", true));
        JsonNode answer = sdk.ask("twice", "model", model, "config", config);
        assertThat(answer.path("text").asText()).as("%s", answer).isEqualTo("42");
        assertThat(answer.at("/first/candidates/0/content/parts/0/thought").asBoolean()).isTrue();
    }

    @Test
    void givesThoughtsBackFromTheClientsOfOthersToo() throws Exception {
        JsonNode answer = anthropic.ask(
                "twice", "model", "google/think", "thinking", Map.of("type", "enabled", "budget_tokens", 1024));
        assertThat(answer.at("/first/content/0/thinking").asText()).as("%s", answer).isEqualTo("Let me see.");
        assertThat(answer.at("/second/stop_reason").asText()).as("%s", answer).isEqualTo("end_turn");
    }

    @ParameterizedTest
    @ValueSource(strings = {"google/json", "claude/json"})
    void shapesItsAnswer(String model) throws Exception {
        Map<String, Object> config = Map.of("responseMimeType", "application/json", "responseSchema", SCHEMA);
        assertThat(sdk.ask("generate", "model", model, "config", config).path("text").asText()).isEqualTo("{\"city\":\"Paris\"}");
    }

    @Test
    void saysThatAPromptIsRefused() throws Exception {
        assertThat(sdk.ask("generate", "model", "google/blocked").at("/promptFeedback/blockReason").asText())
                .isEqualTo("PROHIBITED_CONTENT");
        assertThat(openai.ask("chat", "model", "google/blocked").at("/choices/0/finish_reason").asText())
                .isEqualTo("content_filter");
    }

    @Test
    void countsTokensAndEmbeds() throws Exception {
        assertThat(sdk.ask("count", "model", "google/plain").path("totalTokens").asInt()).isEqualTo(11);
        assertThat(sdk.ask("count", "model", "claude/plain").path("totalTokens").asInt()).isEqualTo(11);
        JsonNode vectors = sdk.ask("embed", "model", "google/embed", "contents", List.of("one", "three"));
        assertThat(vectors.at("/embeddings/0/values/0").asInt()).as("%s", vectors).isEqualTo(3);
        assertThat(vectors.at("/embeddings/1/values/0").asInt()).isEqualTo(5);
        assertThat(openai.ask("embeddings", "model", "google/embed", "input", List.of("three")).at("/first/0").asInt())
                .isEqualTo(5);
    }

    @Test
    void listsModelsPageByPage() throws Exception {
        assertThat(sdk.ask("models").path("names"))
                .extracting(JsonNode::asText)
                .contains("models/google/plain", "models/claude/plain", "models/mock/plain");
        assertThat(sdk.ask("model", "model", "google/plain").path("name").asText()).isEqualTo("models/google/plain");
    }

    @ParameterizedTest
    @CsvSource({
        "google/e429, 429, RESOURCE_EXHAUSTED",
        "claude/e429, 429, RESOURCE_EXHAUSTED",
        "google/e400, 400, INVALID_ARGUMENT",
        "google/e500, 500, INTERNAL",
        "mock/e500, 502, INTERNAL",
        "google/e503, 503, UNAVAILABLE",
        "nobody/nothing, 404, NOT_FOUND",
    })
    void throwsTheSdksOwnErrors(String model, int status, String code) throws Exception {
        JsonNode seen = sdk.ask("generate", "model", model);
        assertThat(seen.path("error").asText()).as("%s", seen).isEqualTo("ApiError");
        assertThat(seen.path("status").asInt()).isEqualTo(status);
        assertThat(seen.path("code").asText()).isEqualTo(code);
    }

    @Test
    void knowsWhoCallsByTheSdksHeader() throws Exception {
        JsonNode wrong = sdk.ask("generate", "model", "google/plain", "key", "hs_wrong");
        assertThat(wrong.path("code").asText()).as("%s", wrong).isEqualTo("UNAUTHENTICATED");
        TestServer.Answer created =
                server.post("/security/v1/api-keys", "{\"name\":\"lists\",\"scopes\":[\"gts.hyperspot.llm.*:read\"]}");
        JsonNode denied = sdk.ask(
                "generate", "model", "google/plain", "key", created.json().path("secret").asText());
        assertThat(denied.path("code").asText()).as("%s", denied).isEqualTo("PERMISSION_DENIED");
    }

    @Test
    void namesWhatATranslationWouldLose() throws Exception {
        Map<String, Object> config = Map.of(
                "safetySettings", List.of(Map.of("category", "HARM_CATEGORY_HARASSMENT", "threshold", "BLOCK_NONE")));
        JsonNode seen = sdk.ask("generate", "model", "mock/plain", "config", config);
        assertThat(seen.path("status").asInt()).as("%s", seen).isEqualTo(400);
        assertThat(seen.path("message").asText()).contains("safetySettings");
        assertThat(sdk.ask("generate", "model", "google/plain", "config", config).path("text").asText()).isEqualTo("Hello there!");
    }

    @ParameterizedTest
    @CsvSource({"google/drop, INTERNAL", "claude/drop, INTERNAL", "google/midway, UNAVAILABLE", "claude/midway, UNAVAILABLE"})
    void throwsInTheMiddleOfAStreamThatBreaks(String model, String code) throws Exception {
        JsonNode seen = sdk.ask("stream", "model", model);
        assertThat(seen.path("finish").isNull()).as("%s", seen).isTrue();
        assertThat(seen.path("error").asText()).as("%s", seen).isEqualTo("ApiError");
        assertThat(seen.path("code").asText()).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"google/endless", "claude/endless", "mock/endless"})
    void leavesTheProviderWhenAStreamIsAborted(String model) throws Exception {
        JsonNode seen = sdk.ask("abort", "model", model, "after", 4);
        assertThat(seen.path("aborted").asBoolean()).as("%s", seen).isTrue();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> google.active() == 0 && claude.active() == 0 && mock.active.get() == 0);
    }
}

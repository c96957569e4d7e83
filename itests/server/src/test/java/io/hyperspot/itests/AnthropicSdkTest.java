// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.itests.providers.AnthropicServer;
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
 * The official Anthropic SDK for Node.js, unchanged but for its base URL, with a provider of its own protocol
 * ({@code claude}), with one of OpenAI's ({@code mock}), and OpenAI's SDK with Anthropic's provider.
 */
final class AnthropicSdkTest {
    private static final Map<String, Object> SCHEMA =
            Map.of("type", "object", "properties", Map.of("city", Map.of("type", "string")), "required", List.of("city"));
    private static final List<Map<String, Object>> TOOLS =
            List.of(Map.of("name", "weather", "input_schema", SCHEMA), Map.of("name", "time", "input_schema", SCHEMA));

    @TempDir
    static Path home;

    static AnthropicServer claude;
    static FakeProvider mock;
    static TestServer server;
    static NodeScript sdk;
    static NodeScript openai;

    @BeforeAll
    static void start() throws Exception {
        claude = new AnthropicServer();
        mock = new FakeProvider();
        server = TestServer.start(home, claude.yaml("claude") + mock.yaml("mock").replace("modules:\n", ""));
        sdk = new NodeScript("anthropic.mjs", Map.of("BASE_URL", server.url() + "/anthropic", "API_KEY", server.firstKey()));
        openai = new NodeScript("openai.mjs", Map.of("BASE_URL", server.url() + "/openai/v1", "API_KEY", server.firstKey()));
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(server.models()).contains("claude/plain", "mock/plain"));
    }

    @AfterAll
    static void stop() throws Exception {
        openai.close();
        sdk.close();
        server.close();
        mock.close();
        claude.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"claude/plain", "mock/plain"})
    void answers(String model) throws Exception {
        JsonNode answer = sdk.ask("message", "model", model);
        assertThat(answer.at("/content/0/text").asText()).as("%s", answer).isEqualTo("Hello there!");
        assertThat(answer.path("stop_reason").asText()).isEqualTo("end_turn");
        assertThat(answer.at("/usage/output_tokens").asInt()).isPositive();
        assertThat(answer.path("request_id").asText()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"claude/plain", "mock/plain"})
    void streams(String model) throws Exception {
        JsonNode seen = sdk.ask("stream", "model", model);
        assertThat(seen.at("/message/content/0/text").asText()).as("%s", seen).isEqualTo("Hello there!");
        assertThat(seen.at("/message/stop_reason").asText()).isEqualTo("end_turn");
        assertThat(seen.at("/message/usage/output_tokens").asInt()).isPositive();
        assertThat(seen.path("events")).extracting(JsonNode::asText).startsWith("message_start").endsWith("message_stop");
    }

    @ParameterizedTest
    @CsvSource({
        "claude/tools, 'got: weather of Paris; failed: time of Zürich; '",
        "mock/tools, 'got: weather of Paris; got: time of Paris; '",
    })
    void callsToolsAtOnceAndTakesTheirResults(String model, String words) throws Exception {
        JsonNode answer = sdk.ask("toolLoop", "model", model, "tools", TOOLS, "tool_choice", Map.of("type", "any"));
        assertThat(answer.at("/first/stop_reason").asText()).as("%s", answer).isEqualTo("tool_use");
        assertThat(answer.at("/second/content/0/text").asText()).as("%s", answer).isEqualTo(words);
    }

    @Test
    void letsOpenAisClientsUseTheToolsToo() throws Exception {
        List<Map<String, Object>> tools = TOOLS.stream()
                .<Map<String, Object>>map(tool -> Map.of(
                        "type", "function", "function", Map.of("name", tool.get("name"), "parameters", SCHEMA)))
                .toList();
        JsonNode answer = openai.ask("toolLoop", "model", "claude/tools", "tools", tools);
        assertThat(answer.at("/first/choices/0/finish_reason").asText()).as("%s", answer).isEqualTo("tool_calls");
        assertThat(answer.at("/second/choices/0/message/content").asText())
                .isEqualTo("got: weather of Paris; got: time of Zürich; ");
        JsonNode streamed = openai.ask("stream", "model", "claude/plain", "stream_options", Map.of("include_usage", true));
        assertThat(streamed.path("content").asText()).as("%s", streamed).isEqualTo("Hello there!");
        assertThat(streamed.at("/usage/total_tokens").asInt()).isEqualTo(19);
        assertThat(openai.ask("chat", "model", "claude/plain").at("/choices/0/message/content").asText()).isEqualTo("Hello there!");
    }

    @Test
    void givesThoughtsBackUnchanged() throws Exception {
        JsonNode answer = sdk.ask(
                "twice", "model", "claude/think", "thinking", Map.of("type", "enabled", "budget_tokens", 1024));
        assertThat(answer.at("/first/content/0/signature").asText()).as("%s", answer).isEqualTo("c2lnbmVk");
        assertThat(answer.at("/second/stop_reason").asText()).as("%s", answer).isEqualTo("end_turn");
    }

    @Test
    void shapesItsAnswer() throws Exception {
        Map<String, Object> format = Map.of("format", Map.of("type", "json_schema", "schema", SCHEMA));
        assertThat(sdk.ask("message", "model", "claude/json", "output_config", format).at("/content/0/text").asText())
                .isEqualTo("{\"city\":\"Paris\"}");
    }

    @Test
    void countsTokensWhereTheProviderDoes() throws Exception {
        assertThat(sdk.ask("count", "model", "claude/plain").path("input_tokens").asInt()).isEqualTo(11);
        JsonNode error = sdk.ask("count", "model", "mock/plain");
        assertThat(error.path("status").asInt()).as("%s", error).isEqualTo(501);
        assertThat(error.path("message").asText()).contains("does not count tokens");
    }

    @Test
    void listsModelsPageByPage() throws Exception {
        assertThat(sdk.ask("models").path("ids")).extracting(JsonNode::asText).contains("claude/plain", "mock/plain");
        assertThat(sdk.ask("model", "model", "claude/plain").path("id").asText()).isEqualTo("claude/plain");
    }

    @ParameterizedTest
    @CsvSource({
        "claude/e429, RateLimitError, 429, rate_limit_error",
        "mock/e429, RateLimitError, 429, rate_limit_error",
        "claude/e400, BadRequestError, 400, invalid_request_error",
        "claude/e500, InternalServerError, 500, api_error",
        "mock/e500, InternalServerError, 502, api_error",
        "claude/e529, OverloadedError, 529, overloaded_error",
        "nobody/nothing, NotFoundError, 404, not_found_error",
    })
    void throwsTheSdksOwnErrors(String model, String error, int status, String type) throws Exception {
        JsonNode seen = sdk.ask("message", "model", model);
        assertThat(seen.path("error").asText()).as("%s", seen).isEqualTo(error);
        assertThat(seen.path("status").asInt()).isEqualTo(status);
        assertThat(seen.path("type").asText()).isEqualTo(type);
        assertThat(seen.path("request_id").asText()).isNotEmpty();
        if (status == 429) {
            assertThat(seen.path("retry_after").asText()).isEqualTo("7");
        }
    }

    @Test
    void knowsWhoCallsByTheSdksHeader() throws Exception {
        JsonNode wrong = sdk.ask("message", "model", "claude/plain", "key", "hs_wrong");
        assertThat(wrong.path("error").asText()).as("%s", wrong).isEqualTo("AuthenticationError");
        assertThat(wrong.path("type").asText()).isEqualTo("authentication_error");
        TestServer.Answer created =
                server.post("/security/v1/api-keys", "{\"name\":\"lists\",\"scopes\":[\"gts.hyperspot.llm.*:read\"]}");
        JsonNode denied = sdk.ask(
                "message", "model", "claude/plain", "key", created.json().path("secret").asText());
        assertThat(denied.path("error").asText()).as("%s", denied).isEqualTo("PermissionDeniedError");
    }

    @Test
    void namesWhatATranslationWouldLose() throws Exception {
        JsonNode seen = sdk.ask(
                "message",
                "model",
                "mock/plain",
                "mcp_servers",
                List.of(Map.of("type", "url", "name", "x", "url", "https://x.example")));
        assertThat(seen.path("error").asText()).as("%s", seen).isEqualTo("BadRequestError");
        assertThat(seen.path("message").asText()).contains("mcp_servers");
    }

    @ParameterizedTest
    @CsvSource({"claude/drop, api_error", "mock/reset, api_error", "claude/midway, overloaded_error"})
    void throwsInTheMiddleOfAStreamThatBreaks(String model, String type) throws Exception {
        JsonNode seen = sdk.ask("stream", "model", model);
        assertThat(seen.path("events")).extracting(JsonNode::asText).as("%s", seen).doesNotContain("message_stop");
        assertThat(seen.path("error").asText()).isEqualTo("APIError");
        assertThat(seen.path("type").asText()).isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"claude/endless", "mock/endless"})
    void leavesTheProviderWhenAStreamIsAborted(String model) throws Exception {
        JsonNode seen = sdk.ask("abort", "model", model, "after", 4);
        assertThat(seen.path("aborted").asBoolean()).as("%s", seen).isTrue();
        await().atMost(Duration.ofSeconds(10)).until(() -> claude.active() == 0 && mock.active.get() == 0);
    }
}

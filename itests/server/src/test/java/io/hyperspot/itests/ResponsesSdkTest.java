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
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Responses API by the official OpenAI SDK: with a provider that has it ({@code full}), and translated for one that
 * has chat completions only ({@code mock}), for Anthropic's ({@code claude}) and for Google's ({@code google}).
 */
final class ResponsesSdkTest {
    private static final Map<String, Object> SCHEMA = Map.of(
            "type", "object", "properties", Map.of("city", Map.of("type", "string")), "required", List.of("city"));
    private static final List<Map<String, Object>> TOOLS = List.of(
            Map.of("type", "function", "name", "weather", "parameters", SCHEMA, "strict", false),
            Map.of("type", "function", "name", "time", "parameters", SCHEMA, "strict", false));

    @TempDir
    static Path home;

    static GeminiServer google;
    static AnthropicServer claude;
    static FakeProvider mock;
    static TestServer server;
    static NodeScript sdk;

    @BeforeAll
    static void start() throws Exception {
        google = new GeminiServer();
        claude = new AnthropicServer();
        mock = new FakeProvider();
        server = TestServer.start(
                home,
                google.yaml("google")
                        + claude.yaml("claude").replace("modules:\n", "")
                        + mock.yaml("mock").replace("modules:\n", "")
                        + mock.instance("full", ", responses: true")
                        + """
                          llm-route:
                            instances:
                              chat: { models: [mock/e503, nobody/there, google/e429, claude/plain] }
                              wrong: { models: [chat] }
                        """);
        sdk = new NodeScript("openai.mjs", Map.of("BASE_URL", server.url() + "/openai/v1", "API_KEY", server.firstKey()));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(server.models()).contains("google/plain", "claude/plain", "mock/plain", "full/plain"));
    }

    @AfterAll
    static void stop() throws Exception {
        sdk.close();
        server.close();
        mock.close();
        claude.close();
        google.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"full/plain", "mock/plain", "claude/plain", "google/plain"})
    void answers(String model) throws Exception {
        JsonNode answer = sdk.ask("respond", "model", model, "instructions", "be kind", "metadata", Map.of("a", "b"));
        assertThat(answer.path("output_text").asText()).as("%s", answer).isEqualTo("Hello there!");
        assertThat(answer.path("status").asText()).isEqualTo("completed");
        assertThat(answer.at("/usage/output_tokens").asInt()).isPositive();
        assertThat(answer.at("/x_unknown/kept").asBoolean()).as("untouched").isEqualTo(model.startsWith("full"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"full/plain", "mock/plain", "claude/plain", "google/plain"})
    void streams(String model) throws Exception {
        JsonNode seen = sdk.ask("respondStream", "model", model);
        assertThat(seen.path("output_text").asText()).as("%s", seen).isEqualTo("Hello there!");
        assertThat(seen.path("events")).extracting(JsonNode::asText).startsWith("response.created").endsWith("response.completed");
        assertThat(seen.path("numbers"))
                .extracting(JsonNode::asInt)
                .containsExactlyElementsOf(
                        IntStream.range(0, seen.path("numbers").size()).boxed().toList());
        assertThat(seen.at("/response/usage/total_tokens").asInt()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "mock/tools, 'got: weather of Paris; got: time of Paris; '",
        "claude/tools, 'got: weather of Paris; got: time of Zürich; '",
        "google/gemini-3-tools, 'got: weather of Paris; got: time of Zürich; '",
    })
    void callsFunctionsAtOnceAndTakesTheirResults(String model, String words) throws Exception {
        JsonNode answer = sdk.ask("respondTools", "model", model, "tools", TOOLS, "tool_choice", "auto");
        assertThat(answer.path("output_text").asText()).as("%s", answer).isEqualTo(words);
        JsonNode streamed = sdk.ask("respondStream", "model", model, "tools", TOOLS);
        assertThat(streamed.at("/response/output"))
                .filteredOn(item -> item.path("type").asText().equals("function_call"))
                .extracting(item -> item.path("name").asText())
                .as("%s", streamed)
                .containsExactly("weather", "time");
    }

    @ParameterizedTest
    @ValueSource(strings = {"claude/think", "google/think"})
    void givesReasoningBackUnchanged(String model) throws Exception {
        JsonNode answer = sdk.ask("respondTwice", "model", model, "reasoning", Map.of("effort", "low"), "store", false);
        assertThat(answer.path("output_text").asText()).as("%s", answer).isEqualTo("42");
        assertThat(answer.at("/first/output/0/summary/0/text").asText()).isEqualTo("Let me see.");
        JsonNode streamed = sdk.ask("respondStream", "model", model, "reasoning", Map.of("effort", "low"));
        assertThat(streamed.path("events")).extracting(JsonNode::asText).contains("response.reasoning_summary_text.delta");
        assertThat(streamed.at("/response/output/0/summary/0/text").asText()).isEqualTo("Let me see.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"claude/json", "google/json"})
    void shapesItsAnswer(String model) throws Exception {
        Map<String, Object> format = Map.of("type", "json_schema", "name", "place", "schema", SCHEMA, "strict", true);
        assertThat(sdk.ask("respond", "model", model, "text", Map.of("format", format)).path("output_text").asText())
                .isEqualTo("{\"city\":\"Paris\"}");
    }

    @Test
    void answersByTheNextModelOfARoute() throws Exception {
        assertThat(sdk.ask("respond", "model", "route/chat").path("output_text").asText()).isEqualTo("Hello there!");
        assertThat(sdk.ask("respondStream", "model", "route/chat").path("output_text").asText()).isEqualTo("Hello there!");
        assertThat(sdk.ask("stream", "model", "route/chat").path("content").asText()).isEqualTo("Hello there!");
        TestServer.Answer answer = server.post(
                "/openai/v1/chat/completions",
                "{\"model\":\"route/chat\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.header("x-hyperspot-model")).isEqualTo("claude/plain");
        assertThat(server.models()).contains("route/chat").doesNotContain("route/wrong");
        JsonNode wrong = sdk.ask("chat", "model", "route/wrong");
        assertThat(wrong.path("status").asInt()).as("%s", wrong).isEqualTo(503);
        assertThat(wrong.path("message").asText()).contains("an operator must mend it");
    }

    @Test
    void saysWhyAnAnswerIsNotWhole() throws Exception {
        JsonNode answer = sdk.ask("respondStream", "model", "google/unsafe");
        assertThat(answer.at("/response/status").asText()).as("%s", answer).isEqualTo("incomplete");
        assertThat(answer.at("/response/incomplete_details/reason").asText()).isEqualTo("content_filter");
        assertThat(answer.path("events")).extracting(JsonNode::asText).endsWith("response.incomplete");
    }

    @Test
    void refusesToLeanOnAnswersThatOthersMayHaveKept() throws Exception {
        Map<String, Object> kept = Map.of("previous_response_id", "resp_1", "conversation", "conv_1", "background", true);
        for (String model : List.of("full/plain", "claude/plain")) {
            for (Map.Entry<String, Object> member : kept.entrySet()) {
                JsonNode seen = sdk.ask("respond", "model", model, member.getKey(), member.getValue());
                assertThat(seen.path("status").asInt()).as("%s", seen).isEqualTo(400);
                assertThat(seen.path("message").asText()).contains(member.getKey(), "send the whole conversation in 'input'");
            }
        }
    }

    @Test
    void namesWhatATranslationWouldLose() throws Exception {
        JsonNode search = sdk.ask("respond", "model", "claude/plain", "tools", List.of(Map.of("type", "web_search")));
        assertThat(search.path("status").asInt()).as("%s", search).isEqualTo(400);
        assertThat(search.path("message").asText()).contains("web_search");
        JsonNode truncation = sdk.ask("respond", "model", "claude/plain", "truncation", "auto");
        assertThat(truncation.path("message").asText()).contains("truncation");
        assertThat(sdk.ask("respond", "model", "full/plain", "truncation", "auto").path("output_text").asText())
                .isEqualTo("Hello there!");
    }

    @ParameterizedTest
    @CsvSource({"claude/drop", "google/midway", "mock/reset"})
    void throwsInTheMiddleOfAStreamThatBreaks(String model) throws Exception {
        JsonNode seen = sdk.ask("respondStream", "model", model);
        assertThat(seen.path("events")).extracting(JsonNode::asText).as("%s", seen).doesNotContain("response.completed");
        assertThat(seen.path("error").asText()).as("%s", seen).isEqualTo("APIError");
    }

    @ParameterizedTest
    @CsvSource({"claude/e429, RateLimitError", "google/e400, BadRequestError", "nobody/nothing, NotFoundError"})
    void throwsTheSdksOwnErrors(String model, String error) throws Exception {
        assertThat(sdk.ask("respond", "model", model).path("error").asText()).isEqualTo(error);
    }
}

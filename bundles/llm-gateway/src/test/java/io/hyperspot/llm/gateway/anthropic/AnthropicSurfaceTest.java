// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.ChatEvent.Finish;
import io.hyperspot.llm.ChatEvent.HiddenReasoning;
import io.hyperspot.llm.ChatEvent.Reason;
import io.hyperspot.llm.ChatEvent.ReasoningDelta;
import io.hyperspot.llm.ChatEvent.ReasoningSignature;
import io.hyperspot.llm.ChatEvent.TextDelta;
import io.hyperspot.llm.ChatEvent.ToolCallDelta;
import io.hyperspot.llm.Usage;
import io.hyperspot.llm.gateway.calls.Calls;
import io.hyperspot.llm.gateway.calls.FakeExchange;
import io.hyperspot.llm.gateway.calls.Timing;
import io.hyperspot.llm.gateway.domain.FakeLlm;
import io.hyperspot.llm.gateway.domain.FakeWorkers;
import io.hyperspot.llm.gateway.domain.ModelDirectory;
import io.hyperspot.llm.gateway.domain.Router;
import io.hyperspot.llm.gateway.money.RecordedUsage;
import io.hyperspot.llm.gateway.routes.Routes;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.usage.UsageRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnthropicSurfaceTest {
    private final FakeLlm own = new FakeLlm("own", "m", "n");
    private final ModelDirectory directory = new ModelDirectory(new FakeWorkers(own), new Routes());
    private final RecordedUsage usage = new RecordedUsage();
    private final Calls calls = new Calls(
            directory,
            new Router(directory, new Routes()),
            usage.accounts(),
            new SimpleMeterRegistry(),
            new Timing(Duration.ofSeconds(60), Duration.ofSeconds(15), Duration.ofSeconds(30)));
    private final AnthropicSurface surface = new AnthropicSurface(directory, calls);

    @AfterEach
    void close() {
        usage.close();
    }

    private FakeExchange message(boolean stream) throws Exception {
        FakeExchange exchange = FakeExchange.post(
                "/messages",
                "{\"model\":\"own/m\",\"max_tokens\":9,\"stream\":" + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        surface.handle(exchange, surface.operations().getFirst());
        return exchange;
    }

    private void answer(List<ChatEvent> events) {
        own.script = listener -> {
            for (ChatEvent event : events) {
                listener.event(event);
            }
        };
    }

    private static final List<ChatEvent> ANSWER = List.of(
            new ReasoningDelta("h"),
            new ReasoningDelta("m"),
            new ReasoningSignature("s"),
            new HiddenReasoning("d"),
            new TextDelta("I "),
            new TextDelta("ask."),
            new ToolCallDelta(0, "c0", "f", ""),
            new ToolCallDelta(0, "", "", "{\"a\":"),
            new ToolCallDelta(1, "c1", "g", "{}"),
            new ToolCallDelta(0, "", "", "1}"),
            new Finish(Reason.TOOL_CALLS, new Usage(30, 10, 7, 2, 4, 6, 0, 0)));

    @Test
    void gathersAnAnswerIntoOneMessage() throws Exception {
        answer(ANSWER);
        FakeExchange exchange = message(false);
        assertThat(exchange.status).isEqualTo(200);
        assertThat(exchange.answerHeaders).containsKey("request-id");
        JsonNode root = exchange.json();
        assertThat(root.path("id").asText()).startsWith("msg_");
        assertThat(root.path("model").asText()).isEqualTo("own/m");
        assertThat(root.path("content"))
                .isEqualTo(new ObjectMapper()
                        .readTree(
                                """
                                [{"type":"thinking","thinking":"hm","signature":"s"},
                                 {"type":"redacted_thinking","data":"d"},
                                 {"type":"text","text":"I ask."},
                                 {"type":"tool_use","id":"c0","name":"f","input":{"a":1}},
                                 {"type":"tool_use","id":"c1","name":"g","input":{}}]"""));
        assertThat(root.path("stop_reason").asText()).isEqualTo("tool_use");
        assertThat(root.path("usage").toString())
                .isEqualTo("{\"input_tokens\":10,\"cache_creation_input_tokens\":10,\"cache_read_input_tokens\":10,\"output_tokens\":7}");
    }

    @Test
    void streamsItBlockByBlock() throws Exception {
        answer(ANSWER);
        List<String> seen = new ArrayList<>();
        for (String data : message(true).data()) {
            JsonNode event = new ObjectMapper().readTree(data);
            seen.add(switch (event.path("type").asText()) {
                case "content_block_start" -> "start " + event.path("index") + " " + event.at("/content_block/type").asText();
                case "content_block_delta" -> "delta " + event.path("index") + " " + event.at("/delta/type").asText();
                case "content_block_stop" -> "stop " + event.path("index");
                case "message_delta" -> event.at("/delta/stop_reason").asText() + " " + event.at("/usage/output_tokens");
                default -> event.path("type").asText();
            });
        }
        assertThat(seen).containsExactly(
                "message_start",
                "start 0 thinking", "delta 0 thinking_delta", "delta 0 thinking_delta", "delta 0 signature_delta", "stop 0",
                "start 1 redacted_thinking", "stop 1",
                "start 2 text", "delta 2 text_delta", "delta 2 text_delta", "stop 2",
                "start 3 tool_use", "delta 3 input_json_delta", "start 4 tool_use", "delta 4 input_json_delta",
                "delta 3 input_json_delta", "stop 3", "stop 4",
                "tool_use 7",
                "message_stop");
    }

    @ParameterizedTest
    @CsvSource({"STOP, , end_turn", "STOP, END, stop_sequence", "LENGTH, , max_tokens", "CONTENT_FILTER, , refusal"})
    void saysWhyItEnded(Reason reason, String sequence, String word) throws Exception {
        answer(List.of(new TextDelta("x"), new Finish(reason, Usage.NONE, sequence)));
        JsonNode root = message(false).json();
        assertThat(root.path("stop_reason").asText()).isEqualTo(word);
        assertThat(root.path("stop_sequence").asText("null")).isEqualTo(sequence == null ? "null" : sequence);
    }

    @Test
    void countsACallThatBreaksOffByWhatWasSent() {
        own.script = listener -> {
            listener.event(new TextDelta("x".repeat(400)));
            throw new ProblemException(ErrorCategory.BAD_UPSTREAM, "PROVIDER_CLOSED", "it broke off");
        };
        assertThatThrownBy(() -> message(true)).isInstanceOf(ProblemException.class);
        List<UsageRecord> records = usage.settled();
        assertThat(records).filteredOn(record -> record.type().contains("output_tokens")).singleElement().satisfies(record -> {
            assertThat(record.quantity()).isEqualTo(new BigDecimal(100));
            assertThat(record.dimensions()).containsEntry("estimated", "true").containsEntry("outcome", "error");
        });
    }

    @Test
    void pagesTheModels() throws Exception {
        JsonNode first = models("limit", "1");
        assertThat(first.at("/data/0/id").asText()).isEqualTo("own/m");
        assertThat(first.path("has_more").asBoolean()).isTrue();
        JsonNode next = models("after_id", first.path("last_id").asText());
        assertThat(next.at("/data/0/id").asText()).isEqualTo("own/n");
        assertThat(next.path("has_more").asBoolean()).isFalse();
        assertThat(models("before_id", "own/n").path("data")).hasSize(1);
        assertThatThrownBy(() -> models("limit", "0")).hasMessageContaining("limit");
    }

    private JsonNode models(String name, String value) throws Exception {
        FakeExchange exchange = new FakeExchange("GET", "/models", "");
        exchange.queries.put(name, value);
        surface.handle(exchange, surface.operations().get(2));
        return exchange.json();
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_ARGUMENT, invalid_request_error", "UNAUTHENTICATED, authentication_error", "PERMISSION_DENIED, permission_error",
        "NOT_FOUND, not_found_error", "TOO_LARGE, request_too_large", "RESOURCE_EXHAUSTED, rate_limit_error",
        "UNAVAILABLE, overloaded_error", "INTERNAL, api_error"
    })
    void speaksOfErrorsAsTheVendorDoes(ErrorCategory category, String type) throws Exception {
        ProblemException problem = new ProblemException(category, "CODE", "what is wrong");
        JsonNode body = new ObjectMapper().readTree(surface.error(problem, "r1").body());
        assertThat(body.toString())
                .isEqualTo("{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"what is wrong\"},\"request_id\":\"r1\"}");
        assertThat(new String(surface.errorEvent(problem, "r1"), UTF_8)).startsWith("event: error\ndata: {").endsWith("\n\n");
    }
}

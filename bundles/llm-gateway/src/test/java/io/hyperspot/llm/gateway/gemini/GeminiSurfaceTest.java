// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.gemini;

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
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.Content;
import io.hyperspot.llm.EmbeddingRequest;
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
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeminiSurfaceTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HI = "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}";

    private final FakeLlm own = new FakeLlm("own", "m", "n:8b");
    private final ModelDirectory directory = new ModelDirectory(new FakeWorkers(own), new Routes());
    private final RecordedUsage usage = new RecordedUsage();
    private final Calls calls = new Calls(
            directory,
            new Router(directory, new Routes()),
            usage.accounts(),
            new SimpleMeterRegistry(),
            new Timing(Duration.ofSeconds(60), Duration.ofSeconds(15), Duration.ofSeconds(30)));
    private final GeminiSurface surface = new GeminiSurface(directory, calls);

    @AfterEach
    void close() {
        usage.close();
    }

    private FakeExchange call(String path, String body, boolean sse) throws Exception {
        FakeExchange exchange = FakeExchange.post("/models/" + path, body);
        if (sse) {
            exchange.queries.put("alt", "sse");
        }
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
            new ReasoningSignature("cw=="),
            new HiddenReasoning("d"),
            new TextDelta("I "),
            new TextDelta("ask."),
            new ToolCallDelta(0, "c0", "f", "", "c2ln"),
            new ToolCallDelta(0, "", "", "{\"a\":"),
            new ToolCallDelta(1, "c1", "g", "{}"),
            new ToolCallDelta(0, "", "", "1}"),
            new Finish(Reason.TOOL_CALLS, new Usage(30, 10, 7, 2)));

    @Test
    void gathersAnAnswerIntoOneCandidate() throws Exception {
        answer(ANSWER);
        JsonNode root = call("own/m:generateContent", HI, false).json();
        JsonNode parts = root.at("/candidates/0/content/parts");
        assertThat(JSON.readTree(parts.toString()))
                .isEqualTo(JSON.readTree(
                        """
                        [{"text":"hm","thought":true,"thoughtSignature":"cw=="},
                         {"text":"","thought":true,"thoughtSignature":"aGlkZGVuOmQ="},
                         {"text":"I ask."},
                         {"functionCall":{"id":"c0","name":"f","args":{"a":1}},"thoughtSignature":"c2ln"},
                         {"functionCall":{"id":"c1","name":"g","args":{}}}]"""));
        assertThat(root.at("/candidates/0/finishReason").asText()).isEqualTo("STOP");
        assertThat(root.path("usageMetadata").toString())
                .isEqualTo("{\"promptTokenCount\":30,\"candidatesTokenCount\":5,\"totalTokenCount\":37,"
                        + "\"cachedContentTokenCount\":10,\"thoughtsTokenCount\":2}");
        assertThat(root.path("modelVersion").asText()).isEqualTo("own/m");

        // and what a client sends back is what the worker had said
        call("own/m:generateContent", "{\"contents\":[{\"role\":\"model\",\"parts\":" + parts + "}]}", false);
        assertThat(own.chats.getLast().messages().getFirst().content())
                .containsExactly(
                        new Content.Reasoning("hm", "cw=="), new Content.HiddenReasoning("d"), new Content.Text("I ask."));
        assertThat(own.chats.getLast().messages().getFirst().toolCalls().getFirst().signature()).isEqualTo("c2ln");
    }

    @Test
    void streamsItPieceByPieceWithTheCallsWholeAtTheEnd() throws Exception {
        answer(ANSWER);
        List<String> seen = new ArrayList<>();
        for (String data : call("own/m:streamGenerateContent", HI, true).data()) {
            JsonNode candidate = JSON.readTree(data).at("/candidates/0");
            List<String> parts = new ArrayList<>();
            for (JsonNode part : candidate.at("/content/parts")) {
                parts.add((part.path("thought").asBoolean() ? "?" : "") + part.path("text").asText(part.at("/functionCall/name").asText()));
            }
            seen.add(String.join(",", parts) + candidate.path("finishReason").asText(""));
        }
        assertThat(seen).containsExactly("?h", "?m", "?", "?", "I ", "ask.", "f,gSTOP");
    }

    @Test
    void readsTheModelFromThePathEvenWithColons() throws Exception {
        own.unlisted = true;
        call("own/n:8b:generateContent", HI, false);
        assertThat(own.chats).extracting(ChatRequest::model).containsExactly("n:8b");
        assertThat(usage.settled()).allMatch(record -> record.resource().equals("own/n:8b"));
    }

    @ParameterizedTest
    @CsvSource({"LENGTH, MAX_TOKENS", "CONTENT_FILTER, SAFETY", "STOP, STOP"})
    void saysWhyItEnded(Reason reason, String word) throws Exception {
        answer(List.of(new Finish(reason, Usage.NONE)));
        JsonNode last = JSON.readTree(call("own/m:streamGenerateContent", HI, true).data().getLast());
        assertThat(last.at("/candidates/0/finishReason").asText()).isEqualTo(word);
        assertThat(last.at("/candidates/0/content/parts/0/text").asText("none")).isEmpty();
    }

    @Test
    void embedsOneTextOrMany() throws Exception {
        JsonNode one = call(
                        "own/m:embedContent",
                        "{\"content\":{\"parts\":[{\"text\":\"four\"}]},\"outputDimensionality\":2}",
                        false)
                .json();
        assertThat(one.at("/embedding/values").toString()).isEqualTo("[4.0,-0.5]");
        JsonNode many = call(
                        "own/m:batchEmbedContents",
                        "{\"requests\":[{\"model\":\"models/own/m\",\"content\":{\"parts\":[{\"text\":\"a\"}]}},"
                                + "{\"model\":\"models/own/m\",\"content\":{\"parts\":[{\"text\":\"bc\"}]}}]}",
                        false)
                .json();
        assertThat(many.path("embeddings")).hasSize(2);
        assertThat(own.embeddings)
                .containsExactly(
                        new EmbeddingRequest("m", List.of("four"), 2), new EmbeddingRequest("m", List.of("a", "bc"), null));
    }

    @ParameterizedTest
    @CsvSource({
        "own/m, NOT_FOUND, generateContent",
        "own/m:predict, NOT_FOUND, streamGenerateContent",
        "own/x:generateContent, NOT_FOUND, own/m",
        "own/m:streamGenerateContent, INVALID_ARGUMENT, alt=sse",
        "own/m:embedContent, INVALID_ARGUMENT, content",
        "own/m:batchEmbedContents, INVALID_ARGUMENT, requests",
    })
    void saysWhatIsWrongWithARequest(String path, ErrorCategory category, String words) {
        assertThatThrownBy(() -> call(path, HI, false))
                .isInstanceOfSatisfying(ProblemException.class, problem -> {
                    assertThat(problem.category()).isEqualTo(category);
                    assertThat(problem.detail()).contains(words);
                });
    }

    @Test
    void pagesTheModels() throws Exception {
        JsonNode first = models("pageSize", "1");
        assertThat(first.at("/models/0/name").asText()).isEqualTo("models/own/m");
        assertThat(first.at("/models/0/supportedGenerationMethods").toString()).contains("generateContent");
        JsonNode next = models("pageToken", first.path("nextPageToken").asText());
        assertThat(next.at("/models/0/name").asText()).isEqualTo("models/own/n:8b");
        assertThat(next.has("nextPageToken")).isFalse();
        assertThatThrownBy(() -> models("pageSize", "0")).hasMessageContaining("pageSize");
    }

    private JsonNode models(String name, String value) throws Exception {
        FakeExchange exchange = new FakeExchange("GET", "/models", "");
        exchange.queries.put(name, value);
        surface.handle(exchange, surface.operations().get(1));
        return exchange.json();
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_ARGUMENT, 400, INVALID_ARGUMENT", "UNAUTHENTICATED, 401, UNAUTHENTICATED", "NOT_FOUND, 404, NOT_FOUND",
        "TOO_LARGE, 413, INVALID_ARGUMENT", "RESOURCE_EXHAUSTED, 429, RESOURCE_EXHAUSTED", "BAD_UPSTREAM, 502, INTERNAL",
        "UNAVAILABLE, 503, UNAVAILABLE"
    })
    void speaksOfErrorsAsTheVendorDoes(ErrorCategory category, int code, String status) throws Exception {
        ProblemException problem = new ProblemException(category, "CODE", "what is wrong", Map.of("retry_after_seconds", 7), null);
        JsonNode error = JSON.readTree(surface.error(problem, "r1").body()).path("error");
        assertThat(error.path("code").asInt()).isEqualTo(code);
        assertThat(error.path("status").asText()).isEqualTo(status);
        assertThat(error.path("message").asText()).isEqualTo("what is wrong");
        assertThat(error.path("details").toString()).contains("\"reason\":\"CODE\"", "\"requestId\":\"r1\"", "\"retryDelay\":\"7s\"");
        assertThat(new String(surface.errorEvent(problem, "r1"), UTF_8)).startsWith("data: {\"error\":").endsWith("\n\n");
    }
}

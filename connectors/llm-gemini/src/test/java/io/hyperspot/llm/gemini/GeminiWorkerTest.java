// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.itests.providers.GeminiServer;
import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.ChatRequest.Reasoning;
import io.hyperspot.llm.ChatRequest.Reasoning.Effort;
import io.hyperspot.llm.ChatRequest.ResponseFormat;
import io.hyperspot.llm.ChatRequest.ToolChoice;
import io.hyperspot.llm.Content;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.llm.Extra;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.Message.Role;
import io.hyperspot.llm.ModelInfo;
import io.hyperspot.llm.ModelInfo.Capability;
import io.hyperspot.llm.Usage;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests and answers as a server sees and gives them that is as strict as Google's. */
@Timeout(60)
final class GeminiWorkerTest {
    private static final Message HELLO = Message.of(Role.USER, "hello");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Workers workers = new Workers();
    private GeminiServer provider;
    private GeminiWorker worker;

    @BeforeEach
    void start() throws IOException {
        provider = new GeminiServer();
        worker = workers.open(provider.baseUrl(), Map.of("retries", 0));
    }

    @AfterEach
    void stop() throws IOException {
        worker.stop();
        workers.close();
        provider.close();
    }

    private List<ChatEvent> chat(ChatRequest request) throws Exception {
        List<ChatEvent> events = new ArrayList<>();
        worker.chat(Workers.CALLER, request, events::add, new Cancellation());
        return events;
    }

    private JsonNode sent(ChatRequest request) throws Exception {
        chat(request);
        return provider.received().getLast();
    }

    private static ObjectNode json(String text) throws IOException {
        return (ObjectNode) JSON.readTree(text);
    }

    private static ChatRequest.Builder asks(String model) {
        return ChatRequest.builder(model, List.of(HELLO));
    }

    private static ProblemException problem(ErrorCategory category, ThrowingCallable call) {
        ProblemException problem = catchThrowableOfType(ProblemException.class, call);
        assertThat(problem).isNotNull();
        assertThat(problem.category()).as(problem.detail()).isEqualTo(category);
        assertThat(problem.detail()).doesNotContain(GeminiServer.KEY);
        return problem;
    }

    @Test
    void writesEverythingThatTheProtocolHasAPlaceFor() throws Exception {
        ObjectNode schema = json("{\"type\":\"object\"}");
        ChatRequest request = ChatRequest.builder(
                        "plain",
                        List.of(
                                Message.of(Role.SYSTEM, "be kind"),
                                Message.of(Role.DEVELOPER, "be brief"),
                                Message.of(
                                        Role.USER,
                                        List.of(
                                                new Content.Text("look"),
                                                new Content.Image("https://host/a.png", "low"),
                                                new Content.Image("data:image/png;base64,AAAA", null),
                                                new Content.Audio("AAAA", "wav"),
                                                new Content.Document("data:application/pdf;base64,AAAA", "application/pdf", "a.pdf"),
                                                new Content.Document("https://host/a.pdf", "application/pdf", null))),
                                Message.assistant(
                                        List.of(
                                                new Content.Reasoning("Let me see.", "c2lnbmVk"),
                                                new Content.Reasoning("another provider's", null),
                                                new Content.HiddenReasoning("ZW5jcnlwdGVk"),
                                                new Content.Text("I ask.")),
                                        List.of(
                                                new Message.ToolCall("t1", "add", "{\"a\":1}", "c2lnbmVk"),
                                                new Message.ToolCall("t2", "bare", ""))),
                                Message.toolResult("t1", List.of(new Content.Text("3")), false),
                                Message.toolResult("t2", List.of(new Content.Text("no a")), true),
                                Message.of(Role.USER, "and?")))
                .tools(List.of(new ChatRequest.Tool("add", "adds", schema, true), new ChatRequest.Tool("bare", null, null, false)))
                .toolChoice(new ToolChoice.Named("add"))
                .maxTokens(2000)
                .temperature(1.5)
                .topP(0.9)
                .topK(40)
                .presencePenalty(0.5)
                .frequencyPenalty(-0.5)
                .seed(7L)
                .stop(List.of("END"))
                .responseFormat(new ResponseFormat.JsonSchema("answer", schema, true))
                .reasoning(new Reasoning(Effort.LOW, 1500))
                .build();

        assertThat(JSON.readTree(sent(request).toString()))
                .isEqualTo(JSON.readTree(
                        """
                        {"systemInstruction": {"parts": [{"text": "be kind"}, {"text": "be brief"}]},
                         "contents": [
                           {"role": "user", "parts": [
                             {"text": "look"},
                             {"fileData": {"fileUri": "https://host/a.png"}},
                             {"inlineData": {"mimeType": "image/png", "data": "AAAA"}},
                             {"inlineData": {"mimeType": "audio/wav", "data": "AAAA"}},
                             {"inlineData": {"mimeType": "application/pdf", "data": "AAAA"}},
                             {"fileData": {"fileUri": "https://host/a.pdf", "mimeType": "application/pdf"}}]},
                           {"role": "model", "parts": [
                             {"text": "Let me see.", "thought": true, "thoughtSignature": "c2lnbmVk"},
                             {"text": "I ask."},
                             {"functionCall": {"id": "t1", "name": "add", "args": {"a": 1}}, "thoughtSignature": "c2lnbmVk"},
                             {"functionCall": {"id": "t2", "name": "bare", "args": {}}}]},
                           {"role": "user", "parts": [
                             {"functionResponse": {"id": "t1", "name": "add", "response": {"output": "3"}}},
                             {"functionResponse": {"id": "t2", "name": "bare", "response": {"error": "no a"}}},
                             {"text": "and?"}]}],
                         "tools": [{"functionDeclarations": [
                           {"name": "add", "description": "adds", "parametersJsonSchema": {"type": "object"}},
                           {"name": "bare"}]}],
                         "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["add"]}},
                         "generationConfig": {"maxOutputTokens": 2000, "temperature": 1.5, "topP": 0.9, "topK": 40,
                           "presencePenalty": 0.5, "frequencyPenalty": -0.5, "seed": 7, "stopSequences": ["END"],
                           "responseMimeType": "application/json", "responseJsonSchema": {"type": "object"},
                           "thinkingConfig": {"includeThoughts": true, "thinkingBudget": 1500}}}
                        """));
    }

    @Test
    void writesNoMoreThanIsAsked() throws Exception {
        assertThat(sent(asks("plain").build()))
                .isEqualTo(JSON.readTree("{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hello\"}]}]}"));
    }

    @ParameterizedTest
    @CsvSource({
        "plain, NONE, , '{\"thinkingLevel\":\"MINIMAL\"}'",
        "plain, LOW, , '{\"includeThoughts\":true,\"thinkingLevel\":\"LOW\"}'",
        "plain, MAX, , '{\"includeThoughts\":true,\"thinkingLevel\":\"HIGH\"}'",
        "plain, LOW, 100, '{\"includeThoughts\":true,\"thinkingBudget\":100}'",
        "plain, , , '{\"includeThoughts\":true}'",
        "gemini-2-plain, NONE, , '{\"thinkingBudget\":0}'",
        "gemini-2-plain, , 0, '{\"thinkingBudget\":0}'",
        "gemini-2-plain, MEDIUM, , '{\"includeThoughts\":true,\"thinkingBudget\":8192}'",
        "gemini-2-plain, , , '{\"includeThoughts\":true,\"thinkingBudget\":-1}'",
    })
    void thinksAsMuchAsIsAsked(String model, Effort effort, Integer budget, String thinking) throws Exception {
        JsonNode body = sent(asks(model).reasoning(new Reasoning(effort, budget)).build());
        assertThat(body.at("/generationConfig/thinkingConfig").toString()).isEqualTo(thinking);
    }

    @ParameterizedTest
    @CsvSource({"gemini-3-plain, skip_thought_signature_validator", "gemini-2-plain, ''", "plain, ''"})
    void marksCallsOfAnotherProviderWhereTheyMustBeSigned(String model, String signature) throws Exception {
        JsonNode body = sent(ChatRequest.of(
                model,
                List.of(
                        HELLO,
                        Message.assistant(
                                List.of(),
                                List.of(new Message.ToolCall("a", "f", "{}"), new Message.ToolCall("b", "f", "{}"))),
                        Message.toolResult("a", List.of(), false),
                        Message.toolResult("b", List.of(), false))));
        JsonNode parts = body.at("/contents/1/parts");
        assertThat(parts.at("/0/thoughtSignature").asText("")).isEqualTo(signature);
        assertThat(parts.path(1).has("thoughtSignature")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"false, AUTO", "true, VALIDATED"})
    void holdsTheModelToStrictSchemas(boolean strict, String mode) throws Exception {
        JsonNode body = sent(asks("plain")
                .tools(List.of(new ChatRequest.Tool("f", null, json("{\"type\":\"object\"}"), strict)))
                .build());
        assertThat(body.at("/toolConfig/functionCallingConfig/mode").asText()).isEqualTo(mode);
    }

    @Test
    void refusesByNameWhatTheProtocolHasNoPlaceFor() throws Exception {
        List<ChatRequest.Tool> tools = List.of(new ChatRequest.Tool("f", null, null, false));
        Map<String, ChatRequest> bad = Map.of(
                "seed", asks("plain").seed(1L << 40).build(),
                "parallel_tool_calls", asks("plain").tools(tools).parallelToolCalls(false).build(),
                "logit_bias", asks("plain").extra(new Extra("openai", json("{\"logit_bias\":{}}"))).build(),
                "'t9'", ChatRequest.of("plain", List.of(HELLO, Message.toolResult("t9", List.of(), false))),
                "'t1'", ChatRequest.of("plain", List.of(HELLO, Message.assistant(List.of(), List.of(new Message.ToolCall("t1", "f", "{"))))),
                "base64", ChatRequest.of("plain", List.of(Message.of(Role.USER, List.of(new Content.Image("data:image/png,x", null))))));
        bad.forEach((word, request) -> assertThat(problem(ErrorCategory.INVALID_ARGUMENT, () -> chat(request)).detail())
                .contains(word));
        assertThat(provider.received()).isEmpty();
    }

    @Test
    void passesOnTextThoughtsAndCallsAsTheyCome() throws Exception {
        assertThat(chat(asks("plain").build()))
                .containsExactly(
                        new ChatEvent.TextDelta("Hello "),
                        new ChatEvent.TextDelta("there!"),
                        new ChatEvent.Finish(ChatEvent.Reason.STOP, new Usage(12, 0, 7, 0)));
        assertThat(chat(asks("think").build()))
                .containsExactly(
                        new ChatEvent.ReasoningDelta("Let m"),
                        new ChatEvent.ReasoningDelta("e see."),
                        new ChatEvent.TextDelta("42"),
                        new ChatEvent.ReasoningSignature("c2lnbmVk"),
                        new ChatEvent.Finish(ChatEvent.Reason.STOP, new Usage(12, 0, 37, 30)));
        List<ChatRequest.Tool> tools =
                List.of(new ChatRequest.Tool("weather", null, null, false), new ChatRequest.Tool("time", null, null, false));
        assertThat(chat(asks("tools").tools(tools).build()))
                .contains(
                        new ChatEvent.ToolCallDelta(0, "fc_1", "weather", "{\"city\":\"Paris\"}", "c2lnbmVk"),
                        new ChatEvent.ToolCallDelta(1, "fc_2", "time", "{\"city\":\"Zürich\"}"))
                .last()
                .extracting(event -> ((ChatEvent.Finish) event).reason())
                .isEqualTo(ChatEvent.Reason.TOOL_CALLS);
    }

    @Test
    void tellsWhatTheCacheDidAndWhyAnAnswerWasStopped() throws Exception {
        assertThat(chat(asks("cached").build())).last()
                .isEqualTo(new ChatEvent.Finish(ChatEvent.Reason.STOP, new Usage(2012, 2000, 7, 0)));
        assertThat(chat(asks("unsafe").build())).last()
                .isEqualTo(new ChatEvent.Finish(ChatEvent.Reason.CONTENT_FILTER, new Usage(12, 0, 7, 0)));
        assertThat(chat(asks("blocked").build()))
                .containsExactly(new ChatEvent.Finish(ChatEvent.Reason.CONTENT_FILTER, new Usage(4, 0, 0, 0)));
    }

    @Test
    void embedsManyTextsAtOnce() throws Exception {
        EmbeddingResult result = worker.embed(
                Workers.CALLER, new EmbeddingRequest("embed", List.of("one", "three"), 2), new Cancellation());
        assertThat(result.vectors()).containsExactly(new float[] {3, 'n' - 'a'}, new float[] {5, 'h' - 'a'});
        assertThat(result.usage()).isEqualTo(new Usage(10, 0, 0, 0));
    }

    @Test
    void countsTokensWithoutAnAnswer() throws Exception {
        assertThat(worker.countTokens(Workers.CALLER, asks("plain").build(), new Cancellation())).isEqualTo(11);
    }

    @Test
    void listsModelsThatAnswerOrEmbed() {
        await().atMost(Duration.ofSeconds(10)).until(() -> !worker.models().isEmpty());
        assertThat(worker.models()).extracting(ModelInfo::model).containsExactly("plain", "embed");
        assertThat(worker.models().getFirst().contextTokens()).isEqualTo(1000);
        assertThat(worker.models().getFirst().capabilities()).contains(Capability.CHAT, Capability.REASONING);
        assertThat(worker.models().getLast().capabilities()).containsExactly(Capability.EMBEDDINGS);
    }

    @Test
    void sendsAnAccessTokenToVertex() throws Exception {
        try (GeminiServer vertex = GeminiServer.vertex()) {
            GeminiWorker token =
                    workers.open(vertex.baseUrl(), Map.of("vertex", true, "models", new String[] {"plain"}, "retries", 0));
            List<ChatEvent> events = new ArrayList<>();
            token.chat(Workers.CALLER, asks("plain").build(), events::add, new Cancellation());
            assertThat(events).contains(new ChatEvent.TextDelta("there!"));
            assertThat(token.countTokens(Workers.CALLER, asks("plain").build(), new Cancellation())).isEqualTo(11);
            assertThat(vertex.received().getLast().has("contents")).isTrue();
            problem(
                    ErrorCategory.INVALID_ARGUMENT,
                    () -> token.embed(Workers.CALLER, new EmbeddingRequest("embed", List.of("x"), null), new Cancellation()));
            token.stop();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "e400, INVALID_ARGUMENT, as you wish",
        "e403, BAD_UPSTREAM, refused the key",
        "nobody, NOT_FOUND, does not know this model",
        "e429, RESOURCE_EXHAUSTED, limits the rate",
        "e500, BAD_UPSTREAM, failed (status 500)",
        "e503, UNAVAILABLE, is not available",
        "garbage, BAD_UPSTREAM, garbage",
        "drop, BAD_UPSTREAM, closed the connection",
        "reset, BAD_UPSTREAM, closed the connection",
        "cut, BAD_UPSTREAM, garbage",
        "huge, BAD_UPSTREAM, bytes",
        "midway, UNAVAILABLE, overloaded",
    })
    void saysHowTheProviderFailed(String model, ErrorCategory category, String words) {
        assertThat(problem(category, () -> chat(asks(model).build())).detail()).contains(words);
    }

    @Test
    void endsAnAnswerThatFallsSilent() {
        GeminiWorker impatient = workers.open(provider.baseUrl(), Map.of("idle_timeout_seconds", 1, "retries", 0));
        problem(
                ErrorCategory.DEADLINE_EXCEEDED,
                () -> impatient.chat(Workers.CALLER, asks("stall").build(), event -> {}, new Cancellation()));
        impatient.stop();
    }
}

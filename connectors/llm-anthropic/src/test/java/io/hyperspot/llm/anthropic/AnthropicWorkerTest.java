// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.itests.providers.AnthropicServer;
import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.ChatRequest.Reasoning;
import io.hyperspot.llm.ChatRequest.Reasoning.Effort;
import io.hyperspot.llm.ChatRequest.ResponseFormat;
import io.hyperspot.llm.ChatRequest.ToolChoice;
import io.hyperspot.llm.Content;
import io.hyperspot.llm.Extra;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.Message.Role;
import io.hyperspot.llm.ModelInfo;
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

/** Requests and answers as a server sees and gives them that is as strict as Anthropic's. */
@Timeout(60)
final class AnthropicWorkerTest {
    private static final Message HELLO = Message.of(Role.USER, "hello");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Workers workers = new Workers();
    private AnthropicServer provider;
    private AnthropicWorker worker;

    @BeforeEach
    void start() throws IOException {
        provider = new AnthropicServer();
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

    private static ProblemException problem(ErrorCategory category, ThrowingCallable call) {
        ProblemException problem = catchThrowableOfType(ProblemException.class, call);
        assertThat(problem).isNotNull();
        assertThat(problem.category()).as(problem.detail()).isEqualTo(category);
        assertThat(problem.detail()).doesNotContain(AnthropicServer.KEY);
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
                                                new Content.Document(
                                                        "data:application/pdf;base64,AAAA", "application/pdf", "a.pdf"))),
                                Message.assistant(
                                        List.of(
                                                new Content.Reasoning("Let me see.", "c2lnbmVk"),
                                                new Content.Reasoning("another provider's", null),
                                                new Content.HiddenReasoning("ZW5jcnlwdGVk"),
                                                new Content.Text("I ask.")),
                                        List.of(
                                                new Message.ToolCall("t1", "add", "{\"a\":1}"),
                                                new Message.ToolCall("t2", "add", ""))),
                                Message.toolResult("t1", List.of(new Content.Text("3")), false),
                                Message.toolResult("t2", List.of(new Content.Text("no a")), true),
                                Message.of(Role.USER, "and?")))
                .tools(List.of(new ChatRequest.Tool("add", "adds", schema, true), new ChatRequest.Tool("bare", null, null, false)))
                .toolChoice(new ToolChoice.Named("add"))
                .parallelToolCalls(false)
                .maxTokens(2000)
                .temperature(0.5)
                .topP(0.9)
                .topK(40)
                .stop(List.of("END"))
                .responseFormat(new ResponseFormat.JsonSchema("answer", schema, true))
                .reasoning(new Reasoning(Effort.LOW, 1500))
                .build();

        assertThat(sent(request))
                .isEqualTo(JSON.readTree(
                        """
                        {"model": "plain", "stream": true, "max_tokens": 2000, "temperature": 0.5, "top_p": 0.9, "top_k": 40,
                         "stop_sequences": ["END"],
                         "system": [{"type": "text", "text": "be kind"}, {"type": "text", "text": "be brief"}],
                         "messages": [
                           {"role": "user", "content": [
                             {"type": "text", "text": "look"},
                             {"type": "image", "source": {"type": "url", "url": "https://host/a.png"}},
                             {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}},
                             {"type": "document", "title": "a.pdf",
                              "source": {"type": "base64", "media_type": "application/pdf", "data": "AAAA"}}]},
                           {"role": "assistant", "content": [
                             {"type": "thinking", "thinking": "Let me see.", "signature": "c2lnbmVk"},
                             {"type": "redacted_thinking", "data": "ZW5jcnlwdGVk"},
                             {"type": "text", "text": "I ask."},
                             {"type": "tool_use", "id": "t1", "name": "add", "input": {"a": 1}},
                             {"type": "tool_use", "id": "t2", "name": "add", "input": {}}]},
                           {"role": "user", "content": [
                             {"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": "3"}]},
                             {"type": "tool_result", "tool_use_id": "t2", "is_error": true,
                              "content": [{"type": "text", "text": "no a"}]},
                             {"type": "text", "text": "and?"}]}],
                         "tools": [
                           {"name": "add", "description": "adds", "input_schema": {"type": "object"}, "strict": true},
                           {"name": "bare", "input_schema": {"type": "object"}}],
                         "tool_choice": {"type": "tool", "name": "add", "disable_parallel_tool_use": true},
                         "thinking": {"type": "enabled", "budget_tokens": 1500},
                         "output_config": {"effort": "low", "format": {"type": "json_schema", "schema": {"type": "object"}}}}
                        """));
    }

    @Test
    void writesNoMoreThanIsAsked() throws Exception {
        assertThat(sent(ChatRequest.of("plain", List.of(HELLO))))
                .isEqualTo(JSON.readTree(
                        """
                        {"model": "plain", "stream": true, "max_tokens": 8192,
                         "messages": [{"role": "user", "content": [{"type": "text", "text": "hello"}]}]}
                        """));
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, , '{\"type\":\"disabled\"}', ''",
        "MINIMAL, , '{\"type\":\"adaptive\"}', low",
        "MAX, , '{\"type\":\"adaptive\"}', max",
        " , 100, '{\"type\":\"enabled\",\"budget_tokens\":1024}', ''",
        " , 0, '{\"type\":\"disabled\"}', ''",
        " , , '{\"type\":\"adaptive\"}', ''",
    })
    void thinksAsMuchAsIsAsked(Effort effort, Integer budget, String thinking, String word) throws Exception {
        JsonNode body = sent(ChatRequest.builder("plain", List.of(HELLO))
                .reasoning(new Reasoning(effort, budget))
                .build());
        assertThat(body.path("thinking").toString()).isEqualTo(thinking);
        assertThat(body.path("output_config").path("effort").asText()).isEqualTo(word);
    }

    @Test
    void refusesByNameWhatTheProtocolHasNoPlaceFor() throws Exception {
        ChatRequest.Builder good = ChatRequest.builder("plain", List.of(HELLO));
        Map<String, ChatRequest> bad = Map.of(
                "seed", ChatRequest.builder("plain", List.of(HELLO)).seed(1L).build(),
                "presence_penalty", ChatRequest.builder("plain", List.of(HELLO)).presencePenalty(0.5).build(),
                "frequency_penalty", ChatRequest.builder("plain", List.of(HELLO)).frequencyPenalty(0.5).build(),
                "temperature above 1", ChatRequest.builder("plain", List.of(HELLO)).temperature(1.5).build(),
                "json_object", ChatRequest.builder("plain", List.of(HELLO)).responseFormat(new ResponseFormat.Json()).build(),
                "logit_bias", ChatRequest.builder("plain", List.of(HELLO)).extra(new Extra("openai", json("{\"logit_bias\":{}}"))).build(),
                "audio", ChatRequest.of("plain", List.of(Message.of(Role.USER, List.of(new Content.Audio("AAAA", "wav"))))),
                "'t1'", ChatRequest.of("plain", List.of(HELLO, Message.assistant(List.of(), List.of(new Message.ToolCall("t1", "f", "{"))))));
        bad.forEach((word, request) -> assertThat(problem(ErrorCategory.INVALID_ARGUMENT, () -> chat(request)).detail())
                .contains(word));
        assertThat(provider.received()).isEmpty();
        assertThat(chat(good.build())).isNotEmpty();
    }

    @Test
    void passesOnTextThoughtsAndCallsAsTheyCome() throws Exception {
        assertThat(chat(ChatRequest.of("plain", List.of(HELLO))))
                .containsExactly(
                        new ChatEvent.TextDelta("Hello "),
                        new ChatEvent.TextDelta("there!"),
                        new ChatEvent.Finish(ChatEvent.Reason.STOP, new Usage(12, 0, 7, 0)));
        assertThat(chat(ChatRequest.of("think", List.of(HELLO))))
                .startsWith(
                        new ChatEvent.ReasoningDelta("Let m"),
                        new ChatEvent.ReasoningDelta("e see."),
                        new ChatEvent.ReasoningSignature("c2lnbmVk"),
                        new ChatEvent.HiddenReasoning("ZW5jcnlwdGVk"));
        List<ChatRequest.Tool> tools =
                List.of(new ChatRequest.Tool("weather", null, null, false), new ChatRequest.Tool("time", null, null, false));
        List<ChatEvent> calls = chat(ChatRequest.builder("tools", List.of(HELLO)).tools(tools).build());
        assertThat(calls)
                .contains(
                        new ChatEvent.ToolCallDelta(0, "toolu_1", "weather", ""),
                        new ChatEvent.ToolCallDelta(1, "toolu_2", "time", ""));
        StringBuilder second = new StringBuilder();
        for (ChatEvent event : calls) {
            if (event instanceof ChatEvent.ToolCallDelta call && call.index() == 1) {
                second.append(call.arguments());
            }
        }
        assertThat(second).hasToString("{\"city\":\"Zürich\"}");
        assertThat(((ChatEvent.Finish) calls.getLast()).reason()).isEqualTo(ChatEvent.Reason.TOOL_CALLS);
    }

    @Test
    void tellsTheStopSequenceAndWhatCachesDid() throws Exception {
        ChatRequest request = ChatRequest.builder("stop", List.of(HELLO)).stop(List.of("END")).build();
        assertThat(((ChatEvent.Finish) chat(request).getLast()).stopSequence()).isEqualTo("END");
        assertThat(((ChatEvent.Finish) chat(ChatRequest.of("cached", List.of(HELLO))).getLast()).usage())
                .isEqualTo(new Usage(2312, 2000, 7, 0, 100, 200, 0, 0));
    }

    @Test
    void countsTokensWithoutAnAnswer() throws Exception {
        assertThat(worker.countTokens(Workers.CALLER, ChatRequest.of("plain", List.of(HELLO)), new Cancellation()))
                .isEqualTo(11);
    }

    @Test
    void listsTheProvidersModels() {
        await().atMost(Duration.ofSeconds(10)).until(() -> !worker.models().isEmpty());
        assertThat(worker.models()).extracting(ModelInfo::model).containsExactly("plain");
    }

    @ParameterizedTest
    @CsvSource({
        "e400, INVALID_ARGUMENT, as you wish",
        "e401, BAD_UPSTREAM, refused the key",
        "nobody, NOT_FOUND, does not know this model",
        "e429, RESOURCE_EXHAUSTED, limits the rate",
        "e500, BAD_UPSTREAM, failed (status 500)",
        "e529, UNAVAILABLE, is not available",
        "garbage, BAD_UPSTREAM, garbage",
        "drop, BAD_UPSTREAM, closed the connection",
        "reset, BAD_UPSTREAM, closed the connection",
        "cut, BAD_UPSTREAM, garbage",
        "huge, BAD_UPSTREAM, bytes",
        "midway, UNAVAILABLE, Overloaded",
    })
    void saysHowTheProviderFailed(String model, ErrorCategory category, String words) {
        assertThat(problem(category, () -> chat(ChatRequest.of(model, List.of(HELLO)))).detail()).contains(words);
    }

    @Test
    void endsAnAnswerThatFallsSilent() {
        AnthropicWorker impatient = workers.open(provider.baseUrl(), Map.of("idle_timeout_seconds", 1, "retries", 0));
        problem(
                ErrorCategory.DEADLINE_EXCEEDED,
                () -> impatient.chat(
                        Workers.CALLER, ChatRequest.of("stall", List.of(HELLO)), event -> {}, new Cancellation()));
        impatient.stop();
    }
}

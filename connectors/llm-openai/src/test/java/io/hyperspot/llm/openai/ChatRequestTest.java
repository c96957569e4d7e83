// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.openai;

import static io.hyperspot.llm.openai.Fixture.CALLER;
import static io.hyperspot.llm.openai.Fixture.KEY;
import static io.hyperspot.llm.openai.Fixture.problem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.itests.providers.ProviderServer;
import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.ChatRequest.ResponseFormat;
import io.hyperspot.llm.ChatRequest.ToolChoice;
import io.hyperspot.llm.Content;
import io.hyperspot.llm.Extra;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.Message.Role;
import io.hyperspot.llm.provider.Problems;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ChatRequestTest {
    private static final ChatRequest HELLO = ChatRequest.of("small", List.of(Message.of(Role.USER, "hi")));

    private final ObjectMapper json = new ObjectMapper();
    private final Fixture fixture = new Fixture();

    @AfterEach
    void stop() {
        fixture.close();
    }

    private static void chat(OpenAiWorker worker, ChatRequest request) throws Exception {
        List<ChatEvent> events = new ArrayList<>();
        worker.chat(CALLER, request, events::add, new Cancellation());
        assertThat(events).hasSize(1);
    }

    @Test
    void writesEverythingTheContractKnows() throws Exception {
        ObjectNode schema = (ObjectNode) json.readTree("{\"type\":\"object\"}");
        ObjectNode extra = (ObjectNode) json.readTree("{\"n\":1,\"logit_bias\":{\"5\":-1},\"stream\":false}");
        ObjectNode cache = (ObjectNode) json.readTree("{\"cache_control\":{\"type\":\"ephemeral\"}}");
        ObjectNode unknown = (ObjectNode) json.readTree("{\"type\":\"video_url\",\"video_url\":{\"url\":\"x\"}}");
        ChatRequest request = ChatRequest.builder(
                "small",
                List.of(
                        Message.of(Role.SYSTEM, "be kind"),
                        Message.of(Role.DEVELOPER, "be brief"),
                        new Message(
                                Role.USER,
                                List.of(
                                        new Content.Text("look"),
                                        new Content.Image("https://host/a.png", "low"),
                                        new Content.Image("data:image/png;base64,AA==", null),
                                        new Content.Audio("AAAA", "wav"),
                                        new Content.Document("data:application/pdf;base64,AA==", "application/pdf", "a.pdf"),
                                        new Content.Unknown("openai", unknown)),
                                List.of(),
                                null,
                                false,
                                "ann",
                                new Extra("openai", cache)),
                        Message.assistant(
                                List.of(new Content.Reasoning("because", null)),
                                List.of(new Message.ToolCall("c1", "add", "{not json"))),
                        Message.toolResult("c1", List.of(new Content.Text("3")), false)))
                .tools(List.of(
                        new ChatRequest.Tool("add", "adds", schema, true),
                        new ChatRequest.Tool("bare", null, null, false)))
                .toolChoice(new ToolChoice.Named("add"))
                .parallelToolCalls(false)
                .maxTokens(99)
                .temperature(0.5)
                .topP(0.9)
                .presencePenalty(0.25)
                .frequencyPenalty(-0.5)
                .seed(12345678901L)
                .stop(List.of("END", "STOP"))
                .responseFormat(new ResponseFormat.JsonSchema("answer", schema, true))
                .reasoning(new ChatRequest.Reasoning(ChatRequest.Reasoning.Effort.LOW, null))
                .extra(new Extra("openai", extra))
                .build();
        JsonNode body = sent(request, Map.of());
        assertThat(body)
                .isEqualTo(json.readTree(
                        """
                        {"n": 1, "logit_bias": {"5": -1}, "stream": true, "stream_options": {"include_usage": true},
                         "model": "small", "max_tokens": 99, "temperature": 0.5, "top_p": 0.9,
                         "parallel_tool_calls": false, "presence_penalty": 0.25, "frequency_penalty": -0.5,
                         "reasoning_effort": "low", "seed": 12345678901,
                         "stop": ["END", "STOP"],
                         "messages": [
                           {"role": "system", "content": "be kind"},
                           {"role": "developer", "content": "be brief"},
                           {"cache_control": {"type": "ephemeral"}, "role": "user", "name": "ann", "content": [
                             {"type": "text", "text": "look"},
                             {"type": "image_url", "image_url": {"url": "https://host/a.png", "detail": "low"}},
                             {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}},
                             {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}},
                             {"type": "file", "file": {"filename": "a.pdf",
                               "file_data": "data:application/pdf;base64,AA=="}},
                             {"type": "video_url", "video_url": {"url": "x"}}]},
                           {"role": "assistant", "content": null, "reasoning_content": "because", "tool_calls": [
                             {"id": "c1", "type": "function", "function": {"name": "add", "arguments": "{not json"}}]},
                           {"role": "tool", "content": "3", "tool_call_id": "c1"}],
                         "tools": [
                           {"type": "function", "function": {"name": "add", "description": "adds",
                             "parameters": {"type": "object"}, "strict": true}},
                           {"type": "function", "function": {"name": "bare"}}],
                         "tool_choice": {"type": "function", "function": {"name": "add"}},
                         "response_format": {"type": "json_schema", "json_schema":
                           {"name": "answer", "schema": {"type": "object"}, "strict": true}}}
                        """));
    }

    private JsonNode sent(ChatRequest request, Map<String, Object> settings) throws Exception {
        CompletableFuture<JsonNode> seen = new CompletableFuture<>();
        try (ProviderServer provider = new ProviderServer(KEY, call -> {
            seen.complete(call.body());
            call.startStream();
            call.data("{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}");
            call.data("[DONE]");
            call.endStream();
        })) {
            chat(fixture.worker(provider, settings), request);
        }
        return seen.join();
    }

    private static ChatRequest with(ToolChoice choice, ResponseFormat format) {
        return ChatRequest.builder("small", HELLO.messages())
                .toolChoice(choice)
                .responseFormat(format)
                .build();
    }

    @Test
    void writesTheShortForms() throws Exception {
        JsonNode json1 = sent(with(new ToolChoice.Auto(), new ResponseFormat.Json()), Map.of());
        assertThat(json1.path("tool_choice").asText()).isEqualTo("auto");
        assertThat(json1.path("response_format").toString()).isEqualTo("{\"type\":\"json_object\"}");
        assertThat(sent(with(new ToolChoice.None(), new ResponseFormat.Json()), Map.of()).path("tool_choice").asText())
                .isEqualTo("none");
        assertThat(sent(with(new ToolChoice.Required(), new ResponseFormat.Json()), Map.of())
                        .path("tool_choice")
                        .asText())
                .isEqualTo("required");
        assertThat(sent(HELLO, Map.of()).fieldNames())
                .toIterable()
                .containsExactly("model", "messages", "stream", "stream_options");
    }

    @Test
    void refusesWhatTheProtocolCannotCarry() throws Exception {
        try (ProviderServer provider = new ProviderServer(KEY, call -> call.json(500, "{}"))) {
            OpenAiWorker worker = fixture.worker(provider);
            for (Content part : List.of(
                    new Content.Unknown("anthropic", json.createObjectNode()),
                    new Content.Document("https://host/a.pdf", "application/pdf", null))) {
                Message message = Message.of(Role.USER, List.of(part));
                problem(
                        ErrorCategory.INVALID_ARGUMENT,
                        () -> chat(worker, ChatRequest.of("small", List.of(message))));
            }
        }
    }

    @Test
    void namesTheLimitAsTheProviderKnowsIt() {
        ChatRequest limited = ChatRequest.builder("m", HELLO.messages()).maxTokens(5).build();
        assertThat(new ChatJson(json, Problems.of("acme"), "max_completion_tokens").write(limited).path("max_completion_tokens").asInt())
                .isEqualTo(5);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.ChatEvent.Finish;
import io.hyperspot.llm.ChatEvent.HiddenReasoning;
import io.hyperspot.llm.ChatEvent.Reason;
import io.hyperspot.llm.ChatEvent.ReasoningDelta;
import io.hyperspot.llm.ChatEvent.ReasoningSignature;
import io.hyperspot.llm.ChatEvent.TextDelta;
import io.hyperspot.llm.ChatEvent.ToolCallDelta;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.ChatRequest.Reasoning;
import io.hyperspot.llm.ChatRequest.Reasoning.Effort;
import io.hyperspot.llm.ChatRequest.ResponseFormat;
import io.hyperspot.llm.ChatRequest.ToolChoice;
import io.hyperspot.llm.Content;
import io.hyperspot.llm.Extra;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.Message.Role;
import io.hyperspot.llm.Usage;
import io.hyperspot.llm.gateway.calls.FakeExchange;
import io.hyperspot.modkit.ProblemException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests and answers of the Responses API in the gateway's own form, and back. */
class ResponsesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ChatRequest read(String text) {
        return ResponsesCodec.read(json(text), "m");
    }

    @Test
    void readsTheItemsOfOneTurnAsOneMessage() {
        ChatRequest request = read(
                """
                {"instructions": "be kind", "input": [
                  {"role": "developer", "content": "be brief"},
                  {"role": "user", "content": [
                    {"type": "input_text", "text": "look"},
                    {"type": "input_image", "image_url": "https://host/a.png", "detail": "low"},
                    {"type": "input_file", "filename": "a.pdf", "file_data": "data:application/pdf;base64,AAAA"},
                    {"type": "input_file", "file_url": "https://host/b.pdf"}]},
                  {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "hm"}], "encrypted_content": "sig"},
                  {"type": "reasoning", "id": "rs_2", "summary": [], "encrypted_content": "hidden:d"},
                  {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
                   "content": [{"type": "output_text", "text": "I ask.", "annotations": []}]},
                  {"type": "function_call", "id": "fc_1", "call_id": "a", "name": "f", "arguments": "{}",
                   "extra_content": {"google": {"thought_signature": "c2ln"}}},
                  {"type": "function_call", "call_id": "b", "name": "g", "arguments": "{}"},
                  {"type": "function_call_output", "call_id": "a", "output": "3"},
                  {"type": "function_call_output", "call_id": "b", "output": [{"type": "input_text", "text": "4"}]},
                  {"role": "user", "content": "and?"}]}
                """);

        assertThat(request.messages())
                .containsExactly(
                        Message.of(Role.SYSTEM, "be kind"),
                        Message.of(Role.DEVELOPER, "be brief"),
                        Message.of(
                                Role.USER,
                                List.of(
                                        new Content.Text("look"),
                                        new Content.Image("https://host/a.png", "low"),
                                        new Content.Document("data:application/pdf;base64,AAAA", "application/pdf", "a.pdf"),
                                        new Content.Document("https://host/b.pdf", "application/pdf", null))),
                        Message.assistant(
                                List.of(
                                        new Content.Reasoning("hm", "sig"),
                                        new Content.HiddenReasoning("d"),
                                        new Content.Text("I ask.")),
                                List.of(
                                        new Message.ToolCall("a", "f", "{}", "c2ln"),
                                        new Message.ToolCall("b", "g", "{}"))),
                        Message.toolResult("a", List.of(new Content.Text("3")), false),
                        Message.toolResult("b", List.of(new Content.Text("4")), false),
                        Message.of(Role.USER, "and?"));
    }

    @Test
    void readsTheOptions() {
        ChatRequest request = read(
                """
                {"input": "hi", "max_output_tokens": 9, "temperature": 1.5, "top_p": 0.5, "parallel_tool_calls": false,
                 "tools": [{"type": "function", "name": "f", "description": "d", "parameters": {"type": "object"}, "strict": true}],
                 "tool_choice": {"type": "function", "name": "f"}, "reasoning": {"effort": "low", "summary": "auto"},
                 "text": {"format": {"type": "json_schema", "name": "n", "schema": {"type": "object"}, "strict": true}},
                 "store": false, "metadata": {}, "truncation": "disabled", "include": ["reasoning.encrypted_content"]}
                """);

        assertThat(request)
                .isEqualTo(ChatRequest.builder("m", List.of(Message.of(Role.USER, "hi")))
                        .maxTokens(9)
                        .temperature(1.5)
                        .topP(0.5)
                        .parallelToolCalls(false)
                        .tools(List.of(new ChatRequest.Tool("f", "d", json("{\"type\":\"object\"}"), true)))
                        .toolChoice(new ToolChoice.Named("f"))
                        .reasoning(new Reasoning(Effort.LOW, null))
                        .responseFormat(new ResponseFormat.JsonSchema("n", json("{\"type\":\"object\"}"), true))
                        .build());
    }

    @Test
    void keepsWhatHasNoPlaceSoThatItIsNamed() {
        assertThatThrownBy(() -> read("{\"input\":\"hi\",\"truncation\":\"auto\",\"top_logprobs\":2,\"include\":[\"web_search_call.results\"]}")
                        .refuseForeign("openai"))
                .hasMessageContaining("truncation")
                .hasMessageContaining("top_logprobs")
                .hasMessageContaining("include");
        assertThatThrownBy(() -> read("{\"input\":[{\"type\":\"web_search_call\",\"id\":\"ws\"}]}").refuseForeign("openai"))
                .hasMessageContaining("web_search_call");
        assertThat(read("{\"input\":\"hi\",\"text\":{\"verbosity\":\"low\"}}").extra())
                .isEqualTo(new Extra("openai", json("{\"verbosity\":\"low\"}")));
    }

    @ParameterizedTest
    @CsvSource({
        "'\"tools\":[{\"type\":\"web_search\"}]', web_search",
        "'\"tools\":[{\"type\":\"function\"}]', name",
        "'\"tool_choice\":\"some\"', tool_choice",
        "'\"tool_choice\":{\"type\":\"allowed_tools\"}', allowed_tools",
        "'\"text\":{\"format\":{\"type\":\"xml\"}}', text.format",
        "'\"text\":{\"format\":{\"type\":\"json_schema\"}}', text.format.schema",
        "'\"reasoning\":{\"effort\":\"much\"}', reasoning.effort",
        "'\"max_output_tokens\":0', max_output_tokens",
    })
    void refusesByNameWhatCannotBeDone(String member, String name) {
        assertThatThrownBy(() -> read("{\"input\":\"hi\"," + member + "}"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(name);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"type\":\"item_reference\",\"id\":\"x\"}'",
        "'{\"role\":\"robot\",\"content\":\"x\"}'",
        "'{\"role\":\"user\",\"content\":7}'",
        "'{\"role\":\"user\",\"content\":[7]}'",
        "'{\"type\":\"function_call\",\"name\":\"f\"}'",
        "'{\"role\":\"user\",\"content\":[{\"type\":\"input_file\",\"file_data\":\"AAAA\"}]}'",
    })
    void refusesItemsThatMakeNoSense(String item) {
        assertThatThrownBy(() -> read("{\"input\":[" + item + "]}"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("input[0]");
    }

    private static final List<ChatEvent> ANSWER = List.of(
            new ReasoningDelta("h"),
            new ReasoningDelta("m"),
            new ReasoningSignature("sig"),
            new HiddenReasoning("d"),
            new TextDelta("I "),
            new TextDelta("ask."),
            new ToolCallDelta(0, "a", "f", "", "c2ln"),
            new ToolCallDelta(0, "", "", "{\"x\":"),
            new ToolCallDelta(1, "b", "g", "{}"),
            new ToolCallDelta(0, "", "", "1}"),
            new Finish(Reason.TOOL_CALLS, new Usage(30, 10, 7, 2)));

    private static FakeExchange write(boolean stream, List<ChatEvent> events) throws IOException {
        FakeExchange exchange = FakeExchange.post("/responses", "{}");
        ResponseAnswer answer = new ResponseAnswer(exchange, "own/m", stream, json("{\"temperature\":0.5,\"metadata\":{\"a\":\"b\"}}"));
        for (ChatEvent event : events) {
            answer.event(event);
        }
        answer.finish();
        return exchange;
    }

    @Test
    void gathersAnAnswerIntoItems() throws IOException {
        JsonNode response = write(false, ANSWER).json();
        List<String> items = new ArrayList<>();
        for (JsonNode item : response.path("output")) {
            items.add(item.path("type").asText() + " " + item.path("encrypted_content").asText("")
                    + item.at("/summary/0/text").asText() + item.at("/content/0/text").asText() + item.path("arguments").asText());
        }
        assertThat(items)
                .containsExactly("reasoning sighm", "reasoning hidden:d", "message I ask.", "function_call {\"x\":1}", "function_call {}");
        assertThat(response.path("status").asText()).isEqualTo("completed");
        assertThat(response.path("temperature").asDouble()).isEqualTo(0.5);
        assertThat(response.at("/metadata/a").asText()).isEqualTo("b");
        assertThat(response.path("usage").toString())
                .isEqualTo("{\"input_tokens\":30,\"input_tokens_details\":{\"cached_tokens\":10},\"output_tokens\":7,"
                        + "\"output_tokens_details\":{\"reasoning_tokens\":2},\"total_tokens\":37}");

        // and what a client sends back is what the worker had said
        Message back = read("{\"input\":" + response.path("output") + "}").messages().getFirst();
        assertThat(back.content())
                .containsExactly(new Content.Reasoning("hm", "sig"), new Content.HiddenReasoning("d"), new Content.Text("I ask."));
        assertThat(back.toolCalls())
                .containsExactly(new Message.ToolCall("a", "f", "{\"x\":1}", "c2ln"), new Message.ToolCall("b", "g", "{}"));
    }

    @Test
    void streamsItemByItem() throws IOException {
        List<String> seen = new ArrayList<>();
        for (String data : write(true, ANSWER).data()) {
            JsonNode event = JSON.readTree(data);
            assertThat(event.path("sequence_number").asInt()).isEqualTo(seen.size());
            seen.add(event.path("type").asText().substring("response.".length())
                    + (event.has("output_index") ? " " + event.path("output_index") : ""));
        }
        assertThat(seen)
                .containsExactly(
                        "created", "in_progress",
                        "output_item.added 0", "reasoning_summary_part.added 0", "reasoning_summary_text.delta 0",
                        "reasoning_summary_text.delta 0", "reasoning_summary_text.done 0", "reasoning_summary_part.done 0",
                        "output_item.done 0",
                        "output_item.added 1", "output_item.done 1",
                        "output_item.added 2", "content_part.added 2", "output_text.delta 2", "output_text.delta 2",
                        "output_text.done 2", "content_part.done 2", "output_item.done 2",
                        "output_item.added 3", "function_call_arguments.delta 3",
                        "output_item.added 4", "function_call_arguments.delta 4", "function_call_arguments.delta 3",
                        "function_call_arguments.done 3", "output_item.done 3",
                        "function_call_arguments.done 4", "output_item.done 4",
                        "completed");
    }

    @ParameterizedTest
    @CsvSource({"LENGTH, max_output_tokens", "CONTENT_FILTER, content_filter"})
    void saysWhyItIsNotWhole(Reason reason, String word) throws IOException {
        JsonNode response = write(false, List.of(new TextDelta("x"), new Finish(reason, Usage.NONE))).json();
        assertThat(response.path("status").asText()).isEqualTo("incomplete");
        assertThat(response.at("/incomplete_details/reason").asText()).isEqualTo(word);
    }
}

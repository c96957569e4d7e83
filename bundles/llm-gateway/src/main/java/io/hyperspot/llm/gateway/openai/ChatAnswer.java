// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.Usage;
import io.hyperspot.web.spi.Exchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes the gateway's own events as chat completion chunks, or gathers them into one completion. */
final class ChatAnswer {
    private final Exchange exchange;
    private final String model;
    private final boolean stream;
    private final boolean includeUsage;
    private final String id;
    private final long created = Instant.now().getEpochSecond();
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    /** Of the part that is not signed yet. */
    private final StringBuilder unsigned = new StringBuilder();
    private final ArrayNode details = JsonNodeFactory.instance.arrayNode();
    private final TreeMap<Integer, ObjectNode> toolCalls = new TreeMap<>();
    private boolean first = true;
    private Usage usage = Usage.NONE;
    private String finish = "stop";

    ChatAnswer(Exchange exchange, String model, boolean stream, boolean includeUsage) {
        this.exchange = exchange;
        this.model = model;
        this.stream = stream;
        this.includeUsage = includeUsage;
        id = "chatcmpl-" + exchange.requestId();
    }

    Usage usage() {
        return usage;
    }

    void event(ChatEvent event) throws IOException {
        switch (event) {
            case ChatEvent.TextDelta(String value) -> {
                text.append(stream ? "" : value);
                delta("content", value);
            }
            case ChatEvent.ReasoningDelta(String value) -> {
                reasoning.append(stream ? "" : value);
                unsigned.append(value);
                delta("reasoning_content", value);
            }
            case ChatEvent.ReasoningSignature(String signature) -> {
                ReasoningDetails.signed(details, unsigned.toString(), signature);
                unsigned.setLength(0);
                detail();
            }
            case ChatEvent.HiddenReasoning(String data) -> {
                ReasoningDetails.encrypted(details, data);
                detail();
            }
            case ChatEvent.ToolCallDelta call -> toolCall(call);
            case ChatEvent.Finish(ChatEvent.Reason reason, Usage used, String _) -> {
                usage = used;
                finish = reason(reason);
            }
            case ChatEvent.Unknown unknown -> {
                // what another protocol's provider adds has no place in this one
            }
        }
    }

    private void delta(String name, String value) throws IOException {
        if (stream) {
            ObjectNode delta = JsonNodeFactory.instance.objectNode();
            delta.put(name, value);
            chunk(delta, null);
        }
    }

    /** The last detail, whole: clients join the text of deltas themselves, but a signature needs its text. */
    private void detail() throws IOException {
        if (stream) {
            ObjectNode delta = JsonNodeFactory.instance.objectNode();
            delta.putArray(ReasoningDetails.MEMBER).add(details.get(details.size() - 1));
            chunk(delta, null);
        }
    }

    private void toolCall(ChatEvent.ToolCallDelta call) throws IOException {
        ObjectNode node = stream
                ? JsonNodeFactory.instance.objectNode()
                : toolCalls.computeIfAbsent(call.index(), i -> JsonNodeFactory.instance.objectNode());
        if (!call.id().isEmpty()) {
            node.put("id", call.id()).put("type", "function");
        }
        if (call.signature() != null) {
            node.putObject("extra_content").putObject("google").put("thought_signature", call.signature());
        }
        ObjectNode function = node.withObjectProperty("function");
        if (!call.name().isEmpty()) {
            function.put("name", call.name());
        }
        function.put("arguments", function.path("arguments").asText() + call.arguments());
        if (stream) {
            node.put("index", call.index());
            ObjectNode delta = JsonNodeFactory.instance.objectNode();
            delta.putArray("tool_calls").add(node);
            chunk(delta, null);
        }
    }

    private void chunk(ObjectNode delta, @Nullable String finishReason) throws IOException {
        if (first) {
            first = false;
            delta.put("role", "assistant");
        }
        ObjectNode root = root("chat.completion.chunk");
        ObjectNode choice = root.putArray("choices").addObject();
        choice.put("index", 0).set("delta", delta);
        choice.put("finish_reason", finishReason);
        write(root.toString());
    }

    private void write(String data) throws IOException {
        exchange.events().send(data);
    }

    /** The answer is complete. */
    void finish() throws IOException {
        if (stream) {
            chunk(JsonNodeFactory.instance.objectNode(), finish);
            if (includeUsage) {
                ObjectNode root = root("chat.completion.chunk");
                root.putArray("choices");
                root.set("usage", usageJson());
                write(root.toString());
            }
            write("[DONE]");
            exchange.end();
        } else {
            exchange.respond(200, "application/json", whole().toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private ObjectNode whole() {
        ObjectNode root = root("chat.completion");
        ObjectNode choice = root.putArray("choices").addObject();
        choice.put("index", 0);
        ObjectNode message = choice.putObject("message");
        message.put("role", "assistant");
        message.put("content", text.isEmpty() && !toolCalls.isEmpty() ? null : text.toString());
        if (!reasoning.isEmpty()) {
            message.put("reasoning_content", reasoning.toString());
        }
        if (!details.isEmpty()) {
            message.set(ReasoningDetails.MEMBER, details);
        }
        if (!toolCalls.isEmpty()) {
            ArrayNode calls = message.putArray("tool_calls");
            toolCalls.values().forEach(calls::add);
        }
        choice.put("finish_reason", finish);
        root.set("usage", usageJson());
        return root;
    }

    private ObjectNode root(String object) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("object", object)
                .put("created", created)
                .put("model", model);
    }

    private ObjectNode usageJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("prompt_tokens", usage.input());
        json.put("completion_tokens", usage.output());
        json.put("total_tokens", usage.input() + usage.output());
        details(json, "prompt_tokens_details", "cached_tokens", usage.cachedInput());
        details(json, "prompt_tokens_details", "audio_tokens", usage.audioInput());
        details(json, "completion_tokens_details", "reasoning_tokens", usage.reasoning());
        details(json, "completion_tokens_details", "audio_tokens", usage.audioOutput());
        return json;
    }

    private static void details(ObjectNode json, String group, String name, long tokens) {
        if (tokens > 0) {
            json.withObjectProperty(group).put(name, tokens);
        }
    }

    private static String reason(ChatEvent.Reason reason) {
        return switch (reason) {
            case STOP, CANCELLED -> "stop";
            case LENGTH -> "length";
            case TOOL_CALLS -> "tool_calls";
            case CONTENT_FILTER -> "content_filter";
        };
    }
}

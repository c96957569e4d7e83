// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.Usage;
import io.hyperspot.web.spi.Exchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes the gateway's own events as a response of OpenAI's Responses API, whole or event by event. An item of text or
 * reasoning ends when another begins; calls of functions stay open to the end, because a model may write several at
 * once. Used by one thread.
 */
final class ResponseAnswer {
    private static final Map<String, JsonNode> DEFAULTS = Map.of(
            "tools", JsonNodeFactory.instance.arrayNode(),
            "tool_choice", JsonNodeFactory.instance.textNode("auto"),
            "parallel_tool_calls", JsonNodeFactory.instance.booleanNode(true),
            "metadata", JsonNodeFactory.instance.objectNode(),
            "truncation", JsonNodeFactory.instance.textNode("disabled"));
    private static final List<String> ECHOED = List.of(
            "instructions", "max_output_tokens", "metadata", "parallel_tool_calls", "reasoning", "temperature", "text",
            "tool_choice", "tools", "top_p", "truncation");

    private final Exchange exchange;
    private final String model;
    private final boolean stream;
    private final JsonNode request;
    private final long created = Instant.now().getEpochSecond();
    private final List<ObjectNode> output = new ArrayList<>();
    private final Map<Integer, Integer> calls = new TreeMap<>();
    /** Of the item that is open: the last but for calls. */
    private final StringBuilder text = new StringBuilder();

    private int open = -1;
    private int sequence;
    private boolean begun;
    private ChatEvent.Reason reason = ChatEvent.Reason.STOP;
    private Usage usage = Usage.NONE;

    /**
     * @param request whose options the response repeats
     */
    ResponseAnswer(Exchange exchange, String model, boolean stream, JsonNode request) {
        this.exchange = exchange;
        this.model = model;
        this.stream = stream;
        this.request = request;
    }

    void event(ChatEvent event) throws IOException {
        switch (event) {
            case ChatEvent.TextDelta(String more) -> {
                openMessage();
                text.append(more);
                send("output_text.delta", at(open).put("content_index", 0).put("delta", more));
            }
            case ChatEvent.ReasoningDelta(String more) -> {
                openReasoning();
                text.append(more);
                send("reasoning_summary_text.delta", at(open).put("summary_index", 0).put("delta", more));
            }
            case ChatEvent.ReasoningSignature(String signature) -> {
                if (!isOpen("reasoning")) {
                    close();
                    open = start(item("rs", "reasoning").put("encrypted_content", signature));
                }
                output.get(open).put("encrypted_content", signature);
                close();
            }
            case ChatEvent.HiddenReasoning(String data) -> {
                close();
                open = start(item("rs", "reasoning").put("encrypted_content", ReasoningItem.hidden(data)));
                close();
            }
            case ChatEvent.ToolCallDelta call -> call(call);
            case ChatEvent.Finish finish -> {
                usage = finish.usage();
                reason = finish.reason();
            }
            case ChatEvent.Unknown _ -> {
                // what another protocol's provider adds has no place in this one
            }
        }
    }

    private boolean isOpen(String type) {
        return open >= 0 && output.get(open).path("type").asText().equals(type);
    }

    private void openMessage() throws IOException {
        if (!isOpen("message")) {
            close();
            ObjectNode message = item("msg", "message").put("status", "in_progress").put("role", "assistant");
            message.putArray("content");
            open = start(message);
            ObjectNode added = at(open).put("content_index", 0);
            added.set("part", textPart());
            send("content_part.added", added);
        }
    }

    private void openReasoning() throws IOException {
        if (!isOpen("reasoning")) {
            close();
            open = start(item("rs", "reasoning"));
            ObjectNode added = at(open).put("summary_index", 0);
            added.set("part", summaryPart());
            send("reasoning_summary_part.added", added);
        }
    }

    private ObjectNode textPart() {
        ObjectNode part = JsonNodeFactory.instance.objectNode().put("type", "output_text");
        part.put("text", text.toString()).putArray("annotations");
        part.putArray("logprobs");
        return part;
    }

    private ObjectNode summaryPart() {
        return JsonNodeFactory.instance.objectNode().put("type", "summary_text").put("text", text.toString());
    }

    /** Ends the item that is open, if one is. */
    private void close() throws IOException {
        if (isOpen("message")) {
            send("output_text.done", at(open).put("content_index", 0).put("text", text.toString()));
            ObjectNode done = at(open).put("content_index", 0);
            done.set("part", textPart());
            send("content_part.done", done);
            output.get(open).put("status", "completed").withArrayProperty("content").add(textPart());
            done(open);
        } else if (isOpen("reasoning")) {
            if (!text.isEmpty()) {
                send("reasoning_summary_text.done", at(open).put("summary_index", 0).put("text", text.toString()));
                ObjectNode done = at(open).put("summary_index", 0);
                done.set("part", summaryPart());
                send("reasoning_summary_part.done", done);
                output.get(open).withArrayProperty("summary").add(summaryPart());
            }
            done(open);
        }
        text.setLength(0);
        open = -1;
    }

    private void call(ChatEvent.ToolCallDelta call) throws IOException {
        close();
        Integer index = calls.get(call.index());
        if (index == null) {
            ObjectNode item = item("fc", "function_call").put("status", "in_progress");
            item.put("call_id", call.id()).put("name", call.name()).put("arguments", "");
            if (call.signature() != null) {
                item.putObject("extra_content").putObject("google").put("thought_signature", call.signature());
            }
            index = start(item);
            calls.put(call.index(), index);
        }
        if (!call.arguments().isEmpty()) {
            ObjectNode item = output.get(index);
            item.put("arguments", item.path("arguments").asText() + call.arguments());
            send("function_call_arguments.delta", at(index).put("delta", call.arguments()));
        }
    }

    private ObjectNode item(String prefix, String type) {
        ObjectNode item = JsonNodeFactory.instance.objectNode();
        item.put("id", prefix + "_" + exchange.requestId() + output.size()).put("type", type);
        if (type.equals("reasoning")) {
            item.putArray("summary");
        }
        return item;
    }

    private int start(ObjectNode item) throws IOException {
        begin();
        output.add(item);
        ObjectNode added = JsonNodeFactory.instance.objectNode().put("output_index", output.size() - 1);
        added.set("item", item);
        send("output_item.added", added);
        return output.size() - 1;
    }

    private void done(int index) throws IOException {
        ObjectNode done = JsonNodeFactory.instance.objectNode().put("output_index", index);
        done.set("item", output.get(index));
        send("output_item.done", done);
    }

    private ObjectNode at(int index) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("item_id", output.get(index).path("id").asText())
                .put("output_index", index);
    }

    private void begin() throws IOException {
        if (!begun) {
            begun = true;
            for (String name : List.of("created", "in_progress")) {
                ObjectNode event = JsonNodeFactory.instance.objectNode();
                event.set("response", response("in_progress"));
                send(name, event);
            }
        }
    }

    /** The answer is complete. */
    void finish() throws IOException {
        begin();
        close();
        for (int index : calls.values()) {
            ObjectNode item = output.get(index).put("status", "completed");
            String arguments = item.path("arguments").asText();
            send("function_call_arguments.done", at(index).put("name", item.path("name").asText()).put("arguments", arguments));
            done(index);
        }
        String status = incomplete() == null ? "completed" : "incomplete";
        ObjectNode response = response(status);
        if (stream) {
            ObjectNode event = JsonNodeFactory.instance.objectNode();
            event.set("response", response);
            send(status, event);
            exchange.end();
        } else {
            exchange.respond(200, "application/json", response.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private @Nullable String incomplete() {
        return switch (reason) {
            case LENGTH -> "max_output_tokens";
            case CONTENT_FILTER -> "content_filter";
            case STOP, TOOL_CALLS, CANCELLED -> null;
        };
    }

    private ObjectNode response(String status) {
        ObjectNode root = JsonNodeFactory.instance
                .objectNode()
                .put("id", "resp_" + exchange.requestId())
                .put("object", "response")
                .put("created_at", created)
                .put("status", status)
                .put("model", model);
        root.putNull("error");
        String why = incomplete();
        if (status.equals("incomplete")) {
            root.putObject("incomplete_details").put("reason", why);
        } else {
            root.putNull("incomplete_details");
        }
        for (String name : ECHOED) {
            JsonNode asked = request.path(name);
            root.set(name, Members.absent(asked) ? DEFAULTS.getOrDefault(name, JsonNodeFactory.instance.nullNode()) : asked);
        }
        ArrayNode items = root.putArray("output");
        if (!status.equals("in_progress")) {
            output.forEach(items::add);
            root.set("usage", usageJson());
        } else {
            root.putNull("usage");
        }
        return root.put("store", false).putNull("previous_response_id");
    }

    private ObjectNode usageJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("input_tokens", usage.input());
        json.putObject("input_tokens_details").put("cached_tokens", usage.cachedInput());
        json.put("output_tokens", usage.output());
        json.putObject("output_tokens_details").put("reasoning_tokens", usage.reasoning());
        return json.put("total_tokens", usage.input() + usage.output());
    }

    private void send(String type, ObjectNode event) throws IOException {
        if (stream) {
            String name = "response." + type;
            exchange.events().send(name, null, event.put("type", name).put("sequence_number", sequence++).toString());
        }
    }
}

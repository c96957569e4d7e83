// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.anthropic;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.Usage;
import io.hyperspot.llm.provider.Problems;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the stream of one message as events. Used by one thread. */
final class MessageEvents {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Problems problems;
    private final LlmClient.Listener listener;
    /** The number of a tool call by the index of its block. */
    private final Map<Integer, Integer> calls = new HashMap<>();

    private ChatEvent.@Nullable Reason reason;
    private @Nullable String stopSequence;
    private long plainInput;
    private long cacheRead;
    private long cacheWrite;
    private long cacheWriteHour;
    private long output;
    private boolean done;

    MessageEvents(Problems problems, LlmClient.Listener listener) {
        this.problems = problems;
        this.listener = listener;
    }

    /** The provider has said that it is done. */
    boolean isDone() {
        return done;
    }

    /** The data of one event. */
    void event(byte[] data) throws Exception {
        if (done) {
            return;
        }
        JsonNode event = parse(data);
        switch (event.path("type").asText()) {
            case "message_start" -> usage(event.path("message").path("usage"));
            case "content_block_start" -> start(event.path("index").asInt(), event.path("content_block"));
            case "content_block_delta" -> delta(event.path("index").asInt(), event.path("delta"));
            case "message_delta" -> {
                usage(event.path("usage"));
                JsonNode delta = event.path("delta");
                if (delta.path("stop_reason").isTextual()) {
                    reason = reason(delta.path("stop_reason").textValue());
                }
                if (delta.path("stop_sequence").isTextual()) {
                    stopSequence = delta.path("stop_sequence").textValue();
                }
            }
            case "message_stop" -> done = true;
            case "error" -> throw problems.ofStatus(
                    status(event.path("error").path("type").asText()),
                    event.path("error").path("message").asText(""),
                    null);
            // ping, content_block_stop, and what is new since
            default -> {}
        }
    }

    private ObjectNode parse(byte[] data) {
        try {
            if (JSON.readTree(data) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            throw problems.garbage("an event that is not JSON", e);
        }
        throw problems.garbage("an event that is not a JSON object", null);
    }

    private void start(int index, JsonNode block) throws Exception {
        switch (block.path("type").asText()) {
            case "text" -> text(block.path("text").asText(""));
            case "thinking" -> thinking(block.path("thinking").asText(""));
            case "redacted_thinking" ->
                listener.event(new ChatEvent.HiddenReasoning(block.path("data").asText("")));
            case "tool_use" -> {
                calls.put(index, calls.size());
                listener.event(new ChatEvent.ToolCallDelta(
                        calls.size() - 1,
                        block.path("id").asText(""),
                        block.path("name").asText(""),
                        whole(block.path("input"))));
            }
            default -> {
                if (block instanceof ObjectNode json) {
                    listener.event(new ChatEvent.Unknown("anthropic", json));
                }
            }
        }
    }

    /** The input is empty here, and comes in deltas, unless the provider sends it at once. */
    private static String whole(JsonNode input) {
        return input.isObject() && !input.isEmpty() ? input.toString() : "";
    }

    private void delta(int index, JsonNode delta) throws Exception {
        switch (delta.path("type").asText()) {
            case "text_delta" -> text(delta.path("text").asText(""));
            case "thinking_delta" -> thinking(delta.path("thinking").asText(""));
            case "signature_delta" ->
                listener.event(new ChatEvent.ReasoningSignature(delta.path("signature").asText("")));
            case "input_json_delta" -> {
                Integer call = calls.get(index);
                String part = delta.path("partial_json").asText("");
                if (call != null && !part.isEmpty()) {
                    listener.event(new ChatEvent.ToolCallDelta(call, "", "", part));
                }
            }
            // citations, and what is new since
            default -> {}
        }
    }

    private void text(String text) throws Exception {
        if (!text.isEmpty()) {
            listener.event(new ChatEvent.TextDelta(text));
        }
    }

    private void thinking(String text) throws Exception {
        if (!text.isEmpty()) {
            listener.event(new ChatEvent.ReasoningDelta(text));
        }
    }

    /** What a later event says replaces what an earlier one said, member by member. */
    private void usage(JsonNode usage) {
        plainInput = usage.path("input_tokens").asLong(plainInput);
        cacheRead = usage.path("cache_read_input_tokens").asLong(cacheRead);
        output = usage.path("output_tokens").asLong(output);
        JsonNode written = usage.path("cache_creation");
        if (written.isObject()) {
            cacheWrite = written.path("ephemeral_5m_input_tokens").asLong();
            cacheWriteHour = written.path("ephemeral_1h_input_tokens").asLong();
        } else {
            cacheWrite = usage.path("cache_creation_input_tokens").asLong(cacheWrite + cacheWriteHour) - cacheWriteHour;
        }
    }

    private static ChatEvent.Reason reason(String name) {
        return switch (name) {
            case "max_tokens", "model_context_window_exceeded" -> ChatEvent.Reason.LENGTH;
            case "tool_use" -> ChatEvent.Reason.TOOL_CALLS;
            case "refusal" -> ChatEvent.Reason.CONTENT_FILTER;
            default -> ChatEvent.Reason.STOP;
        };
    }

    /** Of an error within a stream, whose head said 200. */
    private static int status(String type) {
        return switch (type) {
            case "invalid_request_error" -> 400;
            case "authentication_error" -> 401;
            case "permission_error" -> 403;
            case "not_found_error" -> 404;
            case "request_too_large" -> 413;
            case "rate_limit_error" -> 429;
            case "timeout_error" -> 504;
            case "overloaded_error" -> 529;
            default -> 500;
        };
    }

    /**
     * Tells the listener the end.
     *
     * @throws io.hyperspot.modkit.ProblemException BAD_UPSTREAM when the answer is not complete
     */
    void finish() throws Exception {
        ChatEvent.Reason why = reason;
        if (why == null || !done) {
            throw problems.brokeOff();
        }
        long input = plainInput + cacheRead + cacheWrite + cacheWriteHour;
        listener.event(new ChatEvent.Finish(
                why, new Usage(input, cacheRead, output, 0, cacheWrite, cacheWriteHour, 0, 0), stopSequence));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.openai;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.Usage;
import io.hyperspot.llm.provider.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads one answer of the chat API, streamed or whole, as events. */
final class ChatAnswer {
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Problems problems;
    private final LlmClient.Listener listener;
    private ChatEvent.@Nullable Reason reason;
    private Usage usage = Usage.NONE;
    private boolean done;

    ChatAnswer(Problems problems, LlmClient.Listener listener) {
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
        if (Arrays.equals(data, DONE)) {
            done = true;
            return;
        }
        part(parse(data), "delta");
    }

    /** A whole answer, from a provider that does not stream. */
    void whole(byte[] body) throws Exception {
        part(parse(body), "message");
        done = true;
        if (reason == null) {
            throw problems.garbage("an answer without choices", null);
        }
    }

    /**
     * Tells the listener the end.
     *
     * @throws io.hyperspot.modkit.ProblemException BAD_UPSTREAM when the answer is not complete
     */
    void finish() throws Exception {
        ChatEvent.Reason why = reason;
        if (why == null) {
            if (!done) {
                throw problems.brokeOff();
            }
            why = ChatEvent.Reason.STOP;
        }
        listener.event(new ChatEvent.Finish(why, usage));
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

    private void part(ObjectNode chunk, String member) throws Exception {
        JsonNode error = chunk.path("error");
        if (!error.isMissingNode() && !error.isNull()) {
            throw problems.ofStatus(status(error), message(chunk), null);
        }
        if (chunk.path("usage").isObject()) {
            usage = usage(chunk.path("usage"));
        }
        JsonNode choices = chunk.path("choices");
        if (!choices.isArray()) {
            listener.event(new ChatEvent.Unknown("openai", chunk));
            return;
        }
        for (JsonNode choice : choices) {
            if (choice.path("index").asInt(0) == 0) {
                choice(choice, choice.path(member));
            }
        }
    }

    private void choice(JsonNode choice, JsonNode delta) throws Exception {
        for (String name : new String[] {"reasoning_content", "reasoning"}) {
            if (isText(delta.path(name))) {
                listener.event(new ChatEvent.ReasoningDelta(delta.path(name).textValue()));
                break;
            }
        }
        for (String name : new String[] {"content", "refusal"}) {
            if (isText(delta.path(name))) {
                listener.event(new ChatEvent.TextDelta(delta.path(name).textValue()));
            }
        }
        int position = 0;
        for (JsonNode call : delta.path("tool_calls")) {
            JsonNode function = call.path("function");
            listener.event(new ChatEvent.ToolCallDelta(
                    call.path("index").asInt(position),
                    call.path("id").asText(""),
                    function.path("name").asText(""),
                    function.path("arguments").asText("")));
            position++;
        }
        if (choice.path("finish_reason").isTextual()) {
            reason = reason(choice.path("finish_reason").textValue());
        }
    }

    private static boolean isText(JsonNode node) {
        return node.isTextual() && !node.textValue().isEmpty();
    }

    private static ChatEvent.Reason reason(String name) {
        return switch (name) {
            case "length", "max_tokens" -> ChatEvent.Reason.LENGTH;
            case "tool_calls", "function_call" -> ChatEvent.Reason.TOOL_CALLS;
            case "content_filter" -> ChatEvent.Reason.CONTENT_FILTER;
            default -> ChatEvent.Reason.STOP;
        };
    }

    static Usage usage(JsonNode node) {
        return new Usage(
                node.path("prompt_tokens").asLong(),
                node.path("prompt_tokens_details").path("cached_tokens").asLong(),
                node.path("completion_tokens").asLong(),
                node.path("completion_tokens_details").path("reasoning_tokens").asLong());
    }

    /** Of an error within a stream, whose head said 200. */
    private static int status(JsonNode error) {
        int code = error.path("code").asInt(error.path("status").asInt(0));
        if (code >= 400 && code < 600) {
            return code;
        }
        return switch (error.path("type").asText("")) {
            case "rate_limit_error", "rate_limit_exceeded", "insufficient_quota" -> 429;
            case "invalid_request_error" -> 400;
            case "overloaded_error" -> 503;
            default -> 500;
        };
    }

    /** What an error document says, or empty. */
    static String message(JsonNode root) {
        JsonNode error = root.path("error");
        if (error.isTextual()) {
            return error.textValue();
        }
        return error.path("message").asText(root.path("message").asText(""));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gemini;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.Usage;
import io.hyperspot.llm.provider.Problems;
import io.hyperspot.llm.spi.WireWorker;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the pieces of one answer as events. Used by one thread. */
final class GenerateEvents {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Problems problems;
    private final LlmClient.Listener listener;
    private ChatEvent.@Nullable Reason reason;
    private int calls;
    private Usage usage = Usage.NONE;

    GenerateEvents(Problems problems, LlmClient.Listener listener) {
        this.problems = problems;
        this.listener = listener;
    }

    /** The data of one event, a whole answer in small. */
    void event(byte[] data) throws Exception {
        JsonNode piece = parse(data);
        JsonNode error = piece.path("error");
        if (error.isObject()) {
            throw problems.ofStatus(error.path("code").asInt(500), error.path("message").asText(""), null);
        }
        if (piece.path("usageMetadata").isObject()) {
            usage = usage(piece.path("usageMetadata"));
        }
        if (piece.path("promptFeedback").path("blockReason").isTextual()) {
            reason = ChatEvent.Reason.CONTENT_FILTER;
        }
        JsonNode candidate = piece.path("candidates").path(0);
        for (JsonNode part : candidate.path("content").path("parts")) {
            part(part);
        }
        if (candidate.path("finishReason").isTextual()) {
            reason = reason(candidate.path("finishReason").textValue());
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

    private void part(JsonNode part) throws Exception {
        JsonNode signature = part.path("thoughtSignature");
        JsonNode call = part.path("functionCall");
        if (call.isObject()) {
            listener.event(new ChatEvent.ToolCallDelta(
                    calls++,
                    call.path("id").asText("call_" + UUID.randomUUID()),
                    call.path("name").asText(""),
                    call.path("args").isObject() ? call.path("args").toString() : "{}",
                    signature.isTextual() ? signature.textValue() : null));
            return;
        }
        if (part.path("text").isTextual()) {
            String text = part.path("text").textValue();
            if (!text.isEmpty()) {
                listener.event(
                        part.path("thought").asBoolean() ? new ChatEvent.ReasoningDelta(text) : new ChatEvent.TextDelta(text));
            }
        } else if (part instanceof ObjectNode other && !other.has("thoughtSignature")) {
            listener.event(new ChatEvent.Unknown(WireWorker.GEMINI, other));
        }
        if (signature.isTextual()) {
            listener.event(new ChatEvent.ReasoningSignature(signature.textValue()));
        }
    }

    /** Every piece tells all so far. The tokens of thoughts are not among those of the candidates here. */
    private static Usage usage(JsonNode node) {
        long thoughts = node.path("thoughtsTokenCount").asLong();
        return new Usage(
                node.path("promptTokenCount").asLong() + node.path("toolUsePromptTokenCount").asLong(),
                node.path("cachedContentTokenCount").asLong(),
                node.path("candidatesTokenCount").asLong() + thoughts,
                thoughts,
                0,
                0,
                audio(node.path("promptTokensDetails")),
                audio(node.path("candidatesTokensDetails")));
    }

    private static long audio(JsonNode details) {
        for (JsonNode detail : details) {
            if (detail.path("modality").asText().equals("AUDIO")) {
                return detail.path("tokenCount").asLong();
            }
        }
        return 0;
    }

    private ChatEvent.Reason reason(String name) {
        return switch (name) {
            case "MAX_TOKENS" -> ChatEvent.Reason.LENGTH;
            case "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY",
                    "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION" -> ChatEvent.Reason.CONTENT_FILTER;
            case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MISSING_THOUGHT_SIGNATURE",
                    "MALFORMED_RESPONSE" -> throw problems.garbage("no answer, because of " + name, null);
            default -> calls > 0 ? ChatEvent.Reason.TOOL_CALLS : ChatEvent.Reason.STOP;
        };
    }

    /**
     * Tells the listener the end.
     *
     * @throws io.hyperspot.modkit.ProblemException BAD_UPSTREAM when the answer is not complete
     */
    void finish() throws Exception {
        if (reason == null) {
            throw problems.brokeOff();
        }
        listener.event(new ChatEvent.Finish(reason, usage));
    }
}

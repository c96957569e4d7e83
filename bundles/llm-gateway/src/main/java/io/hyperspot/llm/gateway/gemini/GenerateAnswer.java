// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.gemini;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.Usage;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.web.spi.Exchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes the gateway's own events as answers of Google's protocol: as one, or as one a piece. Calls of tools are
 * whole in this protocol, so they come at the end. Used by one thread.
 */
final class GenerateAnswer {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private record Call(String id, String name, StringBuilder arguments, @Nullable String signature) {}

    private final Exchange exchange;
    private final String model;
    private final boolean stream;
    private ArrayNode parts = JsonNodeFactory.instance.arrayNode();
    private final Map<Integer, Call> calls = new TreeMap<>();
    private ChatEvent.Reason reason = ChatEvent.Reason.STOP;
    private Usage usage = Usage.NONE;

    GenerateAnswer(Exchange exchange, String model, boolean stream) {
        this.exchange = exchange;
        this.model = model;
        this.stream = stream;
    }

    void event(ChatEvent event) throws IOException {
        switch (event) {
            case ChatEvent.TextDelta(String text) ->
                more(JsonNodeFactory.instance.objectNode().put("text", text));
            case ChatEvent.ReasoningDelta(String text) -> more(Thoughts.text(text));
            case ChatEvent.ReasoningSignature(String signature) -> signature(signature);
            case ChatEvent.HiddenReasoning(String data) -> part(Thoughts.hidden(data));
            case ChatEvent.ToolCallDelta call ->
                calls.computeIfAbsent(
                                call.index(),
                                index -> new Call(call.id(), call.name(), new StringBuilder(), call.signature()))
                        .arguments()
                        .append(call.arguments());
            case ChatEvent.Finish finish -> {
                usage = finish.usage();
                reason = finish.reason();
            }
            case ChatEvent.Unknown _ -> {
                // what another protocol's provider adds has no place in this one
            }
        }
    }

    /** Text goes on in the part before it when that is of the same kind. */
    private void more(ObjectNode part) throws IOException {
        if (!stream
                && parts.path(parts.size() - 1) instanceof ObjectNode last
                && last.path("thought").asBoolean() == part.path("thought").asBoolean()
                && !last.has("thoughtSignature")) {
            last.put("text", last.path("text").asText() + part.path("text").asText());
        } else {
            part(part);
        }
    }

    private void signature(String signature) throws IOException {
        if (parts.path(parts.size() - 1) instanceof ObjectNode last && last.path("thought").asBoolean()) {
            last.put("thoughtSignature", signature);
        } else {
            part(Thoughts.text("").put("thoughtSignature", signature));
        }
    }

    private void part(ObjectNode part) throws IOException {
        parts.add(part);
        if (stream) {
            send(answer(false));
        }
    }

    /** The answer is complete. */
    void finish() throws IOException {
        for (Call call : calls.values()) {
            ObjectNode part = parts.addObject();
            part.putObject("functionCall")
                    .put("id", call.id())
                    .put("name", call.name())
                    .set("args", arguments(call));
            if (call.signature() != null) {
                part.put("thoughtSignature", call.signature());
            }
        }
        if (stream && parts.isEmpty()) {
            parts.addObject().put("text", "");
        }
        ObjectNode answer = answer(true);
        if (stream) {
            send(answer);
            exchange.end();
        } else {
            exchange.respond(200, "application/json", answer.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Here arguments are an object, so there is no way to pass on what is none. */
    private static JsonNode arguments(Call call) {
        String text = call.arguments().toString();
        try {
            if (text.isBlank()) {
                return JSON.createObjectNode();
            }
            if (JSON.readTree(text) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw malformed(call, e);
        }
        throw malformed(call, null);
    }

    private static ProblemException malformed(Call call, @Nullable Exception cause) {
        return new ProblemException(
                ErrorCategory.BAD_UPSTREAM,
                "MALFORMED_TOOL_CALL",
                "the model wrote arguments of '" + call.name() + "' that are not a JSON object; ask again",
                Map.of(),
                cause);
    }

    private void send(ObjectNode answer) throws IOException {
        exchange.events().send(null, null, answer.toString());
        parts = JsonNodeFactory.instance.arrayNode();
    }

    private ObjectNode answer(boolean complete) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ObjectNode candidate = root.putArray("candidates").addObject();
        candidate.putObject("content").put("role", "model").set("parts", parts);
        if (complete) {
            candidate.put("finishReason", finishReason());
            root.set("usageMetadata", GeminiUsage.write(usage));
        }
        candidate.put("index", 0);
        return root.put("modelVersion", model).put("responseId", exchange.requestId());
    }

    private String finishReason() {
        return switch (reason) {
            case STOP, TOOL_CALLS, CANCELLED -> "STOP";
            case LENGTH -> "MAX_TOKENS";
            case CONTENT_FILTER -> "SAFETY";
        };
    }
}

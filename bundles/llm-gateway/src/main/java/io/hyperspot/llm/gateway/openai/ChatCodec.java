// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.Content;
import io.hyperspot.llm.Message;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a chat completion request of the OpenAI protocol into the gateway's own form. */
final class ChatCodec {
    private static final Set<String> KNOWN = Set.of(
            "model", "messages", "tools", "tool_choice", "max_tokens", "max_completion_tokens", "temperature",
            "top_p", "seed", "stop", "response_format", "stream", "stream_options");

    private final ObjectMapper json;

    ChatCodec(ObjectMapper json) {
        this.json = json;
    }

    /**
     * @throws ProblemException INVALID_ARGUMENT that names the member
     */
    ChatRequest read(byte[] body, String model) {
        JsonNode root;
        try {
            root = json.readTree(body);
        } catch (IOException e) {
            throw invalid("", "the body is not valid JSON");
        }
        return new ChatRequest(
                model,
                messages(root.path("messages")),
                tools(root.path("tools")),
                toolChoice(root.path("tool_choice")),
                integer(root, "max_completion_tokens", integer(root, "max_tokens", null)),
                number(root, "temperature", 0, 2),
                number(root, "top_p", 0, 1),
                seed(root.path("seed")),
                stop(root.path("stop")),
                responseFormat(root.path("response_format")),
                extra((ObjectNode) root, KNOWN));
    }

    private List<Message> messages(JsonNode array) {
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            JsonNode node = array.get(i);
            String at = "messages[" + i + "]";
            Message.Role role = role(node.path("role"), at);
            messages.add(new Message(
                    role,
                    content(node.path("content"), at + ".content"),
                    toolCalls(node.path("tool_calls"), at),
                    text(node, "tool_call_id"),
                    text(node, "name"),
                    extra((ObjectNode) node, Set.of("role", "content", "tool_calls", "tool_call_id", "name"))));
        }
        return messages;
    }

    private static Message.Role role(JsonNode node, String at) {
        try {
            return Message.Role.valueOf(node.asText().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw invalid(at + ".role", "must be system, developer, user, assistant or tool; got '" + node.asText() + "'");
        }
    }

    private List<Content> content(JsonNode node, String at) {
        if (absent(node)) {
            return List.of();
        }
        if (node.isTextual()) {
            return List.of(new Content.Text(node.asText()));
        }
        if (!node.isArray()) {
            throw invalid(at, "must be a string or an array of parts");
        }
        List<Content> parts = new ArrayList<>();
        for (JsonNode part : node) {
            parts.add(switch (part.path("type").asText()) {
                case "text" -> new Content.Text(needed(part, "text", at));
                case "image_url" ->
                    new Content.Image(needed(part.path("image_url"), "url", at), text(part.path("image_url"), "detail"));
                case "input_audio" ->
                    new Content.Audio(
                            needed(part.path("input_audio"), "data", at), needed(part.path("input_audio"), "format", at));
                default -> {
                    if (!part.isObject()) {
                        throw invalid(at, "each part must be an object with a type");
                    }
                    yield new Content.Unknown("openai", (ObjectNode) part);
                }
            });
        }
        return parts;
    }

    private static List<Message.ToolCall> toolCalls(JsonNode array, String at) {
        List<Message.ToolCall> calls = new ArrayList<>();
        for (JsonNode call : array) {
            if (!call.path("function").path("name").isTextual()) {
                throw invalid(at + ".tool_calls", "each call needs function.name");
            }
            calls.add(new Message.ToolCall(
                    call.path("id").asText(),
                    call.path("function").path("name").asText(),
                    call.path("function").path("arguments").asText()));
        }
        return calls;
    }

    private static List<ChatRequest.Tool> tools(JsonNode array) {
        if (!absent(array) && !array.isArray()) {
            throw invalid("tools", "must be an array");
        }
        List<ChatRequest.Tool> tools = new ArrayList<>();
        for (JsonNode tool : array) {
            JsonNode function = tool.path("function");
            if (!function.path("name").isTextual()) {
                throw invalid("tools", "each tool needs function.name");
            }
            tools.add(new ChatRequest.Tool(
                    function.path("name").asText(),
                    text(function, "description"),
                    function.path("parameters") instanceof ObjectNode parameters ? parameters : null,
                    function.path("strict").asBoolean()));
        }
        return tools;
    }

    private static ChatRequest.@Nullable ToolChoice toolChoice(JsonNode node) {
        if (absent(node)) {
            return null;
        }
        if (node.isObject() && node.path("function").path("name").isTextual()) {
            return new ChatRequest.ToolChoice.Named(node.path("function").path("name").asText());
        }
        return switch (node.asText()) {
            case "auto" -> new ChatRequest.ToolChoice.Auto();
            case "none" -> new ChatRequest.ToolChoice.None();
            case "required" -> new ChatRequest.ToolChoice.Required();
            default -> throw invalid("tool_choice", "must be auto, none, required or an object with function.name");
        };
    }

    private static ChatRequest.@Nullable ResponseFormat responseFormat(JsonNode node) {
        if (absent(node)) {
            return null;
        }
        return switch (node.path("type").asText()) {
            case "text" -> null;
            case "json_object" -> new ChatRequest.ResponseFormat.Json();
            case "json_schema" -> {
                JsonNode schema = node.path("json_schema");
                if (!(schema.path("schema") instanceof ObjectNode document)) {
                    throw invalid("response_format.json_schema.schema", "must be a JSON Schema object");
                }
                yield new ChatRequest.ResponseFormat.JsonSchema(
                        schema.path("name").asText(), document, schema.path("strict").asBoolean());
            }
            default -> throw invalid("response_format", "must have the type text, json_object or json_schema");
        };
    }

    private static List<String> stop(JsonNode node) {
        if (node.isTextual()) {
            return List.of(node.asText());
        }
        if (absent(node)) {
            return List.of();
        }
        List<String> stop = new ArrayList<>();
        for (JsonNode item : node) {
            if (!node.isArray() || !item.isTextual()) {
                throw invalid("stop", "must be a string or an array of strings");
            }
            stop.add(item.asText());
        }
        return stop;
    }

    private static @Nullable Long seed(JsonNode node) {
        if (absent(node)) {
            return null;
        }
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw invalid("seed", "must be a whole number");
        }
        return node.asLong();
    }

    private static boolean absent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static @Nullable Integer integer(JsonNode root, String name, @Nullable Integer fallback) {
        JsonNode node = root.path(name);
        if (absent(node)) {
            return fallback;
        }
        if (!node.canConvertToInt() || !node.isIntegralNumber() || node.asInt() < 1) {
            throw invalid(name, "must be a whole number of at least 1");
        }
        return node.asInt();
    }

    private static @Nullable Double number(JsonNode root, String name, double least, double most) {
        JsonNode node = root.path(name);
        if (absent(node)) {
            return null;
        }
        if (!node.isNumber() || node.asDouble() < least || node.asDouble() > most) {
            throw invalid(name, "must be a number between " + least + " and " + most);
        }
        return node.asDouble();
    }

    private static String needed(JsonNode node, String name, String at) {
        if (!node.path(name).isTextual()) {
            throw invalid(at, "has a part without a string '" + name + "'");
        }
        return node.path(name).asText();
    }

    private static @Nullable String text(JsonNode node, String name) {
        return node.path(name).isTextual() ? node.path(name).asText() : null;
    }

    private static @Nullable ObjectNode extra(ObjectNode node, Set<String> known) {
        ObjectNode extra = node.deepCopy().without(known);
        return extra.isEmpty() ? null : extra;
    }

    private static ProblemException invalid(String member, String what) {
        return new ProblemException(
                ErrorCategory.INVALID_ARGUMENT, "INVALID_BODY", (member.isEmpty() ? "" : "'" + member + "' ") + what);
    }
}

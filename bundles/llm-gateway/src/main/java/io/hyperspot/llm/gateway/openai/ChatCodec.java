// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.ChatRequest.Reasoning.Effort;
import io.hyperspot.llm.Content;
import io.hyperspot.llm.Extra;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.gateway.calls.JsonBody;
import io.hyperspot.llm.spi.WireWorker;
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
            "model", "messages", "tools", "tool_choice", "parallel_tool_calls", "max_tokens", "max_completion_tokens",
            "temperature", "top_p", "presence_penalty", "frequency_penalty", "seed", "stop", "response_format",
            "reasoning_effort", "stream", "stream_options");

    /** What OpenAI alone makes something of, and what is not missed elsewhere: the answer stays the same. */
    private static final Set<String> HARMLESS = Set.of(
            "user", "metadata", "store", "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention");

    private static final Set<String> KNOWN_OF_MESSAGES = Set.of(
            "role", "content", "tool_calls", "tool_call_id", "name", "reasoning_content", "reasoning", "reasoning_details",
            "annotations");

    private final ObjectMapper json;

    /**
     * A request.
     *
     * @param includeUsage whether a stream tells at its end what was used
     */
    record Parsed(ChatRequest request, boolean includeUsage) {}

    ChatCodec(ObjectMapper json) {
        this.json = json;
    }

    /**
     * @throws ProblemException INVALID_ARGUMENT that names the member
     */
    Parsed read(byte[] body, String model) {
        JsonNode root;
        try {
            root = json.readTree(body);
        } catch (IOException e) {
            throw Members.invalid("", "the body is not valid JSON");
        }
        ChatRequest request = ChatRequest.builder(model, messages(root.path("messages")))
                .tools(tools(root.path("tools")))
                .toolChoice(toolChoice(root.path("tool_choice")))
                .parallelToolCalls(Members.flag(root, "parallel_tool_calls"))
                .maxTokens(Members.integer(root, "max_completion_tokens", Members.integer(root, "max_tokens", null)))
                .temperature(Members.number(root, "temperature", 0, 2))
                .topP(Members.number(root, "top_p", 0, 1))
                .presencePenalty(Members.number(root, "presence_penalty", -2, 2))
                .frequencyPenalty(Members.number(root, "frequency_penalty", -2, 2))
                .seed(seed(root.path("seed")))
                .stop(stop(root.path("stop")))
                .responseFormat(responseFormat(root.path("response_format")))
                .reasoning(reasoning(root.path("reasoning_effort")))
                .extra(extra((ObjectNode) root, KNOWN))
                .build();
        return new Parsed(request, root.path("stream_options").path("include_usage").asBoolean());
    }

    private List<Message> messages(JsonNode array) {
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            JsonNode node = array.get(i);
            String at = "messages[" + i + "]";
            Message.Role role = role(node.path("role"), at);
            List<Content> content = new ArrayList<>(ReasoningDetails.read(node));
            content.addAll(content(node.path("content"), at + ".content"));
            messages.add(new Message(
                    role,
                    content,
                    toolCalls(node.path("tool_calls"), at),
                    Members.text(node, "tool_call_id"),
                    false,
                    Members.text(node, "name"),
                    extra((ObjectNode) node, KNOWN_OF_MESSAGES)));
        }
        return messages;
    }

    private static Message.Role role(JsonNode node, String at) {
        try {
            return Message.Role.valueOf(node.asText().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw Members.invalid(at + ".role", "must be system, developer, user, assistant or tool; got '" + node.asText() + "'");
        }
    }

    private List<Content> content(JsonNode node, String at) {
        if (Members.absent(node)) {
            return List.of();
        }
        if (node.isTextual()) {
            return List.of(new Content.Text(node.asText()));
        }
        if (!node.isArray()) {
            throw Members.invalid(at, "must be a string or an array of parts");
        }
        List<Content> parts = new ArrayList<>();
        for (JsonNode part : node) {
            parts.add(switch (part.path("type").asText()) {
                case "text" -> new Content.Text(Members.needed(part, "text", at));
                case "image_url" ->
                    new Content.Image(Members.needed(part.path("image_url"), "url", at), Members.text(part.path("image_url"), "detail"));
                case "input_audio" ->
                    new Content.Audio(
                            Members.needed(part.path("input_audio"), "data", at), Members.needed(part.path("input_audio"), "format", at));
                case "refusal" -> new Content.Text(Members.needed(part, "refusal", at));
                case "file" -> file(part, at);
                default -> unknown(part, at);
            });
        }
        return parts;
    }

    /** A file by its id is at OpenAI alone. */
    private static Content file(JsonNode part, String at) {
        JsonNode file = part.path("file");
        String data = Members.text(file, "file_data");
        if (data == null) {
            return unknown(part, at);
        }
        int end = data.indexOf(';');
        if (!data.startsWith("data:") || end < 0) {
            throw Members.invalid(at, "has a file whose file_data is not a data URL, 'data:{media type};base64,...'");
        }
        return new Content.Document(data, data.substring("data:".length(), end), Members.text(file, "filename"));
    }

    private static Content unknown(JsonNode part, String at) {
        if (!part.isObject()) {
            throw Members.invalid(at, "each part must be an object with a type");
        }
        return new Content.Unknown(WireWorker.OPENAI, (ObjectNode) part);
    }

    private static List<Message.ToolCall> toolCalls(JsonNode array, String at) {
        List<Message.ToolCall> calls = new ArrayList<>();
        for (JsonNode call : array) {
            if (!call.path("function").path("name").isTextual()) {
                throw Members.invalid(at + ".tool_calls", "each call needs function.name");
            }
            calls.add(new Message.ToolCall(
                    call.path("id").asText(),
                    call.path("function").path("name").asText(),
                    call.path("function").path("arguments").asText(),
                    Members.text(call.path("extra_content").path("google"), "thought_signature")));
        }
        return calls;
    }

    private static List<ChatRequest.Tool> tools(JsonNode array) {
        if (!Members.absent(array) && !array.isArray()) {
            throw Members.invalid("tools", "must be an array");
        }
        List<ChatRequest.Tool> tools = new ArrayList<>();
        for (JsonNode tool : array) {
            JsonNode function = tool.path("function");
            if (!function.path("name").isTextual()) {
                throw Members.invalid("tools", "each tool needs function.name");
            }
            tools.add(new ChatRequest.Tool(
                    function.path("name").asText(),
                    Members.text(function, "description"),
                    function.path("parameters") instanceof ObjectNode parameters ? parameters : null,
                    function.path("strict").asBoolean()));
        }
        return tools;
    }

    private static ChatRequest.@Nullable ToolChoice toolChoice(JsonNode node) {
        if (Members.absent(node)) {
            return null;
        }
        if (node.isObject() && node.path("function").path("name").isTextual()) {
            return new ChatRequest.ToolChoice.Named(node.path("function").path("name").asText());
        }
        return switch (node.asText()) {
            case "auto" -> new ChatRequest.ToolChoice.Auto();
            case "none" -> new ChatRequest.ToolChoice.None();
            case "required" -> new ChatRequest.ToolChoice.Required();
            default -> throw Members.invalid("tool_choice", "must be auto, none, required or an object with function.name");
        };
    }

    private static ChatRequest.@Nullable ResponseFormat responseFormat(JsonNode node) {
        if (Members.absent(node)) {
            return null;
        }
        return switch (node.path("type").asText()) {
            case "text" -> null;
            case "json_object" -> new ChatRequest.ResponseFormat.Json();
            case "json_schema" -> {
                JsonNode schema = node.path("json_schema");
                if (!(schema.path("schema") instanceof ObjectNode document)) {
                    throw Members.invalid("response_format.json_schema.schema", "must be a JSON Schema object");
                }
                yield new ChatRequest.ResponseFormat.JsonSchema(
                        schema.path("name").asText(), document, schema.path("strict").asBoolean());
            }
            default -> throw Members.invalid("response_format", "must have the type text, json_object or json_schema");
        };
    }

    private static ChatRequest.@Nullable Reasoning reasoning(JsonNode node) {
        if (Members.absent(node)) {
            return null;
        }
        return new ChatRequest.Reasoning(
                switch (node.asText()) {
                    case "none" -> Effort.NONE;
                    case "minimal" -> Effort.MINIMAL;
                    case "low" -> Effort.LOW;
                    case "medium" -> Effort.MEDIUM;
                    case "high" -> Effort.HIGH;
                    case "xhigh" -> Effort.MAX;
                    default -> throw Members.invalid("reasoning_effort", "must be none, minimal, low, medium, high or xhigh");
                },
                null);
    }

    private static List<String> stop(JsonNode node) {
        if (node.isTextual()) {
            return List.of(node.asText());
        }
        if (Members.absent(node)) {
            return List.of();
        }
        List<String> stop = new ArrayList<>();
        for (JsonNode item : node) {
            if (!node.isArray() || !item.isTextual()) {
                throw Members.invalid("stop", "must be a string or an array of strings");
            }
            stop.add(item.asText());
        }
        return stop;
    }

    private static @Nullable Long seed(JsonNode node) {
        if (Members.absent(node)) {
            return null;
        }
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw Members.invalid("seed", "must be a whole number");
        }
        return node.asLong();
    }

    /** What is said and would be missed: not null, not the default, not harmless. */
    private static @Nullable Extra extra(ObjectNode node, Set<String> known) {
        ObjectNode extra = JsonBody.besides(node, known, HARMLESS);
        if (extra.path("n").asInt() == 1) {
            extra.remove("n");
        }
        if (extra.path("logprobs").isBoolean() && !extra.path("logprobs").asBoolean()) {
            extra.remove("logprobs");
        }
        return extra.isEmpty() ? null : new Extra(WireWorker.OPENAI, extra);
    }
}

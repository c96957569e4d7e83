// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.ChatRequest.Reasoning;
import io.hyperspot.llm.ChatRequest.Reasoning.Effort;
import io.hyperspot.llm.ChatRequest.ResponseFormat;
import io.hyperspot.llm.ChatRequest.ToolChoice;
import io.hyperspot.llm.Content;
import io.hyperspot.llm.Extra;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.gateway.calls.JsonBody;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a request for a message of Anthropic's protocol into the gateway's own form. */
final class MessagesCodec {
    private static final Set<String> KNOWN = Set.of(
            "model", "messages", "system", "max_tokens", "stop_sequences", "stream", "temperature", "top_p", "top_k",
            "tools", "tool_choice", "thinking", "output_config");

    /** What Anthropic alone makes something of, and what is not missed elsewhere: the answer stays the same. */
    private static final Set<String> HARMLESS = Set.of("metadata", "service_tier", "inference_geo", "cache_control");

    private final ObjectMapper json;

    MessagesCodec(ObjectMapper json) {
        this.json = json;
    }

    /**
     * @throws ProblemException INVALID_ARGUMENT that names the member
     */
    ChatRequest read(byte[] body, String model) {
        ObjectNode root = root(body);
        if (!root.path("max_tokens").isIntegralNumber()) {
            throw invalid("max_tokens", "is required, a whole number");
        }
        return request(root, model);
    }

    /** A request that is only counted: it needs no limit. */
    ChatRequest counted(byte[] body, String model) {
        return request(root(body), model);
    }

    private ObjectNode root(byte[] body) {
        try {
            return (ObjectNode) json.readTree(body);
        } catch (IOException e) {
            throw new ProblemException(ErrorCategory.INVALID_ARGUMENT, "INVALID_BODY", "the body is not valid JSON");
        }
    }

    private ChatRequest request(ObjectNode root, String model) {
        List<Message> messages = new ArrayList<>();
        List<Content> system = content(root.path("system"), "system");
        if (!system.isEmpty()) {
            messages.add(Message.of(Message.Role.SYSTEM, system));
        }
        JsonNode turns = root.path("messages");
        for (int i = 0; i < turns.size(); i++) {
            turn(messages, turns.get(i), "messages[" + i + "]");
        }
        JsonNode choice = root.path("tool_choice");
        return ChatRequest.builder(model, messages)
                .tools(tools(root.path("tools")))
                .toolChoice(choice(choice))
                .parallelToolCalls(choice.path("disable_parallel_tool_use").asBoolean() ? Boolean.FALSE : null)
                .maxTokens(integer(root, "max_tokens", 1))
                .temperature(number(root, "temperature"))
                .topP(number(root, "top_p"))
                .topK(integer(root, "top_k", 0))
                .stop(stop(root.path("stop_sequences")))
                .responseFormat(format(root.path("output_config").path("format")))
                .reasoning(reasoning(root.path("thinking"), root.path("output_config").path("effort")))
                .extra(extra(root))
                .build();
    }

    /** Results of tools become messages of their own, before what the user says besides. */
    private void turn(List<Message> messages, JsonNode turn, String at) {
        String role = turn.path("role").asText();
        JsonNode content = turn.path("content");
        switch (role) {
            case "user" -> {
                List<Content> said = new ArrayList<>();
                boolean results = false;
                for (JsonNode block : blocks(content, at)) {
                    if (block.path("type").asText().equals("tool_result")) {
                        messages.add(Message.toolResult(
                                text(block, "tool_use_id", at),
                                content(block.path("content"), at + ".content"),
                                block.path("is_error").asBoolean()));
                        results = true;
                    } else {
                        said.add(part(block, at));
                    }
                }
                if (!said.isEmpty() || !results) {
                    messages.add(Message.of(Message.Role.USER, said));
                }
            }
            case "assistant" -> {
                List<Content> said = new ArrayList<>();
                List<Message.ToolCall> calls = new ArrayList<>();
                for (JsonNode block : blocks(content, at)) {
                    if (block.path("type").asText().equals("tool_use")) {
                        calls.add(new Message.ToolCall(
                                text(block, "id", at), text(block, "name", at), block.path("input").toString()));
                    } else {
                        said.add(part(block, at));
                    }
                }
                messages.add(Message.assistant(said, calls));
            }
            case "system" -> messages.add(Message.of(Message.Role.SYSTEM, content(content, at + ".content")));
            default -> throw invalid(at + ".role", "must be user or assistant; got '" + role + "'");
        }
    }

    private Iterable<JsonNode> blocks(JsonNode content, String at) {
        if (content.isTextual()) {
            return List.of(json.createObjectNode().put("type", "text").put("text", content.textValue()));
        }
        if (!content.isArray()) {
            throw invalid(at + ".content", "must be a string or an array of blocks");
        }
        return content;
    }

    private List<Content> content(JsonNode node, String at) {
        if (node.isMissingNode() || node.isNull()) {
            return List.of();
        }
        List<Content> parts = new ArrayList<>();
        for (JsonNode block : blocks(node, at)) {
            parts.add(part(block, at));
        }
        return parts;
    }

    private static Content part(JsonNode block, String at) {
        return switch (block.path("type").asText()) {
            case "text" -> new Content.Text(text(block, "text", at));
            case "image" -> image(block, at);
            case "document" -> document(block, at);
            case "thinking" -> thinking(block, at);
            case "redacted_thinking" -> new Content.HiddenReasoning(text(block, "data", at));
            default -> unknown(block, at);
        };
    }

    /** Thoughts of a provider that does not sign them have an empty signature here. */
    private static Content thinking(JsonNode block, String at) {
        String signature = optional(block, "signature");
        return new Content.Reasoning(
                text(block, "thinking", at), signature == null || signature.isEmpty() ? null : signature);
    }

    private static Content image(JsonNode block, String at) {
        JsonNode source = block.path("source");
        return switch (source.path("type").asText()) {
            case "base64" -> new Content.Image(data(source, at), null);
            case "url" -> new Content.Image(text(source, "url", at), null);
            default -> unknown(block, at);
        };
    }

    private static Content document(JsonNode block, String at) {
        JsonNode source = block.path("source");
        String title = optional(block, "title");
        return switch (source.path("type").asText()) {
            case "base64" -> new Content.Document(data(source, at), text(source, "media_type", at), title);
            case "url" -> new Content.Document(text(source, "url", at), "application/pdf", title);
            case "text" -> new Content.Text(text(source, "data", at));
            default -> unknown(block, at);
        };
    }

    private static String data(JsonNode source, String at) {
        return "data:" + text(source, "media_type", at) + ";base64," + text(source, "data", at);
    }

    private static Content unknown(JsonNode block, String at) {
        if (!(block instanceof ObjectNode object) || !block.path("type").isTextual()) {
            throw invalid(at + ".content", "each block must be an object with a type");
        }
        return new Content.Unknown(WireWorker.ANTHROPIC, object);
    }

    private static List<ChatRequest.Tool> tools(JsonNode array) {
        List<ChatRequest.Tool> tools = new ArrayList<>();
        for (JsonNode tool : array) {
            String type = tool.path("type").asText("custom");
            if (!type.equals("custom")) {
                throw invalid(
                        "tools",
                        "holds a tool of type '" + type + "', which Anthropic itself runs; the provider of this model cannot");
            }
            tools.add(new ChatRequest.Tool(
                    text(tool, "name", "tools"),
                    optional(tool, "description"),
                    tool.path("input_schema") instanceof ObjectNode schema ? schema : null,
                    tool.path("strict").asBoolean()));
        }
        return tools;
    }

    private static @Nullable ToolChoice choice(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        return switch (node.path("type").asText()) {
            case "auto" -> new ToolChoice.Auto();
            case "any" -> new ToolChoice.Required();
            case "none" -> new ToolChoice.None();
            case "tool" -> new ToolChoice.Named(text(node, "name", "tool_choice"));
            default -> throw invalid("tool_choice.type", "must be auto, any, tool or none");
        };
    }

    private static @Nullable ResponseFormat format(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.path("type").asText().equals("json_schema") || !(node.path("schema") instanceof ObjectNode schema)) {
            throw invalid("output_config.format", "must have the type json_schema and a schema");
        }
        return new ResponseFormat.JsonSchema("answer", schema, true);
    }

    private static @Nullable Reasoning reasoning(JsonNode thinking, JsonNode effort) {
        Effort wanted = switch (effort.asText("")) {
            case "", "null" -> null;
            case "low" -> Effort.LOW;
            case "medium" -> Effort.MEDIUM;
            case "high" -> Effort.HIGH;
            case "xhigh", "max" -> Effort.MAX;
            default -> throw invalid("output_config.effort", "must be low, medium, high, xhigh or max");
        };
        return switch (thinking.path("type").asText("")) {
            case "" -> wanted == null ? null : new Reasoning(wanted, null);
            case "disabled" -> new Reasoning(Effort.NONE, null);
            case "adaptive" -> new Reasoning(wanted, null);
            case "enabled" -> {
                if (!thinking.path("budget_tokens").canConvertToInt() || thinking.path("budget_tokens").asInt() < 1) {
                    throw invalid("thinking.budget_tokens", "must be a whole number of at least 1024");
                }
                yield new Reasoning(wanted, thinking.path("budget_tokens").asInt());
            }
            default -> throw invalid("thinking.type", "must be enabled, adaptive or disabled");
        };
    }

    private static List<String> stop(JsonNode node) {
        List<String> stop = new ArrayList<>();
        for (JsonNode item : node) {
            if (!item.isTextual()) {
                throw invalid("stop_sequences", "must be an array of strings");
            }
            stop.add(item.textValue());
        }
        return stop;
    }

    private static @Nullable Extra extra(ObjectNode root) {
        ObjectNode extra = JsonBody.besides(root, KNOWN, HARMLESS);
        return extra.isEmpty() ? null : new Extra(WireWorker.ANTHROPIC, extra);
    }

    private static @Nullable Integer integer(JsonNode root, String name, int least) {
        JsonNode node = root.path(name);
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.asInt() < least) {
            throw invalid(name, "must be a whole number of at least " + least);
        }
        return node.asInt();
    }

    private static @Nullable Double number(JsonNode root, String name) {
        JsonNode node = root.path(name);
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isNumber() || node.asDouble() < 0 || node.asDouble() > 1) {
            throw invalid(name, "must be a number between 0 and 1");
        }
        return node.asDouble();
    }

    private static String text(JsonNode node, String name, String at) {
        if (!node.path(name).isTextual()) {
            throw invalid(at, "needs a string '" + name + "'");
        }
        return node.path(name).textValue();
    }

    private static @Nullable String optional(JsonNode node, String name) {
        return node.path(name).isTextual() ? node.path(name).textValue() : null;
    }

    private static ProblemException invalid(String member, String what) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, "INVALID_BODY", "'" + member + "' " + what);
    }
}

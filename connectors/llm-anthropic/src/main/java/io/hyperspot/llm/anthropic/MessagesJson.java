// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.anthropic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.ChatRequest.Reasoning.Effort;
import io.hyperspot.llm.ChatRequest.ResponseFormat;
import io.hyperspot.llm.ChatRequest.ToolChoice;
import io.hyperspot.llm.Content;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.Message.Role;
import io.hyperspot.llm.provider.Problems;
import io.hyperspot.llm.spi.WireWorker;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes chat requests as Anthropic's messages. The protocol wants turns of user and assistant that alternate,
 * so messages that follow each other in one role become one; what a tool gave back is the user's.
 */
final class MessagesJson {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** The least that the protocol takes for thinking. */
    private static final int LEAST_BUDGET = 1024;

    private final Problems problems;
    private final int usualMaxTokens;

    /**
     * @param usualMaxTokens the limit of a request that has none
     */
    MessagesJson(Problems problems, int usualMaxTokens) {
        this.problems = problems;
        this.usualMaxTokens = usualMaxTokens;
    }

    /** A request for a stream. */
    ObjectNode write(ChatRequest request) {
        ObjectNode root = counted(request);
        refuse(request.seed() != null, "a seed");
        refuse(request.presencePenalty() != null && request.presencePenalty() != 0, "presence_penalty");
        refuse(request.frequencyPenalty() != null && request.frequencyPenalty() != 0, "frequency_penalty");
        root.put("max_tokens", maxTokens(request));
        Double temperature = request.temperature();
        if (temperature != null) {
            refuse(temperature > 1, "a temperature above 1");
            root.put("temperature", temperature);
        }
        if (request.topP() != null) {
            root.put("top_p", request.topP());
        }
        if (request.topK() != null) {
            root.put("top_k", request.topK());
        }
        if (!request.stop().isEmpty()) {
            ArrayNode stop = root.putArray("stop_sequences");
            request.stop().forEach(stop::add);
        }
        return root.put("stream", true);
    }

    /** The budget for thinking is part of the limit, so that a limit that is not the caller's grows with it. */
    private int maxTokens(ChatRequest request) {
        if (request.maxTokens() != null) {
            return request.maxTokens();
        }
        ChatRequest.Reasoning reasoning = request.reasoning();
        Integer budget = reasoning == null ? null : reasoning.budgetTokens();
        return budget == null ? usualMaxTokens : Math.max(usualMaxTokens, Math.addExact(budget, usualMaxTokens));
    }

    /** As much of a request as counts towards its input tokens. */
    ObjectNode counted(ChatRequest request) {
        request.refuseForeign(WireWorker.ANTHROPIC);
        ObjectNode root = JSON.createObjectNode();
        if (request.extra() != null) {
            root.setAll(request.extra().members());
        }
        root.put("model", request.model());
        ArrayNode system = JSON.createArrayNode();
        ArrayNode messages = root.putArray("messages");
        for (Message message : request.messages()) {
            if (message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER) {
                for (Content part : message.content()) {
                    system.add(part(part));
                }
            } else {
                turn(messages, message.role() == Role.ASSISTANT ? "assistant" : "user").addAll(blocks(message));
            }
        }
        if (!system.isEmpty()) {
            root.set("system", system);
        }
        tools(root, request);
        reasoning(root, request.reasoning());
        format(root, request.responseFormat());
        return root;
    }

    private static ArrayNode turn(ArrayNode messages, String role) {
        JsonNode last = messages.path(messages.size() - 1);
        if (last.path("role").asText().equals(role) && last.path("content") instanceof ArrayNode content) {
            return content;
        }
        return messages.addObject().put("role", role).putArray("content");
    }

    private List<ObjectNode> blocks(Message message) {
        List<ObjectNode> blocks = new ArrayList<>();
        if (message.role() == Role.TOOL) {
            ObjectNode result = JSON.createObjectNode().put("type", "tool_result");
            result.put("tool_use_id", message.toolCallId() == null ? "" : message.toolCallId());
            if (!message.content().isEmpty()) {
                ArrayNode content = result.putArray("content");
                message.content().forEach(part -> content.add(part(part)));
            }
            if (message.toolFailed()) {
                result.put("is_error", true);
            }
            blocks.add(result);
            return blocks;
        }
        for (Content part : message.content()) {
            // unsigned reasoning is another provider's, and empty text is refused
            boolean foreign = part instanceof Content.Reasoning(String _, String signature) && signature == null;
            boolean empty = part instanceof Content.Text(String text) && text.isEmpty();
            if (!foreign && !empty) {
                blocks.add(part(part));
            }
        }
        for (Message.ToolCall call : message.toolCalls()) {
            ObjectNode use = JSON.createObjectNode().put("type", "tool_use");
            use.put("id", call.id()).put("name", call.name()).set("input", arguments(call));
            blocks.add(use);
        }
        return blocks;
    }

    private ObjectNode arguments(Message.ToolCall call) {
        if (call.arguments().isBlank()) {
            return JSON.createObjectNode();
        }
        try {
            if (JSON.readTree(call.arguments()) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw problems.unsupported("arguments of the tool call '" + call.id() + "' that are not valid JSON");
        }
        throw problems.unsupported("arguments of the tool call '" + call.id() + "' that are not a JSON object");
    }

    private ObjectNode part(Content part) {
        return switch (part) {
            case Content.Text(String text) -> block("text").put("text", text);
            case Content.Image(String source, String _) -> source("image", source, "");
            case Content.Document(String source, String mediaType, String name) -> {
                ObjectNode document = source("document", source, mediaType);
                if (name != null) {
                    document.put("title", name);
                }
                yield document;
            }
            case Content.Reasoning(String text, String signature) ->
                block("thinking").put("thinking", text).put("signature", signature);
            case Content.HiddenReasoning(String data) -> block("redacted_thinking").put("data", data);
            case Content.Unknown(String _, ObjectNode json) -> json;
            case Content.Audio _ -> throw problems.unsupported("audio");
        };
    }

    private static ObjectNode block(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    private ObjectNode source(String type, String source, String mediaType) {
        ObjectNode block = block(type);
        ObjectNode target = block.putObject("source");
        if (!source.startsWith("data:")) {
            target.put("type", "url").put("url", source);
            return block;
        }
        int comma = source.indexOf(',');
        int semicolon = source.indexOf(';');
        if (comma < 0 || !source.substring(0, comma).endsWith(";base64")) {
            throw problems.unsupported("a data URL that is not base64");
        }
        String type64 = source.substring("data:".length(), semicolon);
        target.put("type", "base64")
                .put("media_type", type64.isEmpty() ? mediaType : type64)
                .put("data", source.substring(comma + 1));
        return block;
    }

    private static void tools(ObjectNode root, ChatRequest request) {
        if (!request.tools().isEmpty()) {
            ArrayNode tools = root.putArray("tools");
            for (ChatRequest.Tool tool : request.tools()) {
                ObjectNode node = tools.addObject().put("name", tool.name());
                if (tool.description() != null) {
                    node.put("description", tool.description());
                }
                ObjectNode schema = tool.parameters();
                node.set("input_schema", schema == null ? JSON.createObjectNode().put("type", "object") : schema);
                if (tool.strict()) {
                    node.put("strict", true);
                }
            }
        }
        boolean serial = Boolean.FALSE.equals(request.parallelToolCalls()) && !request.tools().isEmpty();
        ObjectNode choice = choice(request.toolChoice(), serial);
        if (choice != null) {
            if (serial && !choice.path("type").asText().equals("none")) {
                choice.put("disable_parallel_tool_use", true);
            }
            root.set("tool_choice", choice);
        }
    }

    private static @Nullable ObjectNode choice(@Nullable ToolChoice choice, boolean needed) {
        return switch (choice) {
            case null -> needed ? block("auto") : null;
            case ToolChoice.Auto() -> block("auto");
            case ToolChoice.None() -> block("none");
            case ToolChoice.Required() -> block("any");
            case ToolChoice.Named(String name) -> block("tool").put("name", name);
        };
    }

    /** A budget is what older models know, an effort what newer ones do. */
    private static void reasoning(ObjectNode root, ChatRequest.@Nullable Reasoning reasoning) {
        if (reasoning == null) {
            return;
        }
        Effort effort = reasoning.effort();
        Integer budget = reasoning.budgetTokens();
        if (effort == Effort.NONE || (budget != null && budget == 0)) {
            root.putObject("thinking").put("type", "disabled");
        } else if (budget != null) {
            root.putObject("thinking").put("type", "enabled").put("budget_tokens", Math.max(LEAST_BUDGET, budget));
        } else {
            root.putObject("thinking").put("type", "adaptive");
        }
        if (effort != null && effort != Effort.NONE) {
            root.withObjectProperty("output_config")
                    .put("effort", effort == Effort.MINIMAL ? "low" : effort.name().toLowerCase(Locale.ROOT));
        }
    }

    private void format(ObjectNode root, @Nullable ResponseFormat format) {
        switch (format) {
            case null -> {}
            case ResponseFormat.Json() -> throw problems.unsupported(
                    "response_format of type json_object; use json_schema, with the schema of the answer");
            case ResponseFormat.JsonSchema(String _, ObjectNode schema, boolean _) -> {
                ObjectNode target = root.withObjectProperty("output_config").putObject("format");
                target.put("type", "json_schema").set("schema", schema);
            }
        }
    }

    private void refuse(boolean there, String what) {
        if (there) {
            throw problems.unsupported(what);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.openai;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.ChatRequest.Reasoning.Effort;
import io.hyperspot.llm.ChatRequest.ResponseFormat;
import io.hyperspot.llm.ChatRequest.ToolChoice;
import io.hyperspot.llm.Content;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.provider.Problems;
import io.hyperspot.llm.spi.WireWorker;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes chat requests in OpenAI's form. */
final class ChatJson {
    private final ObjectMapper json;
    private final Problems problems;
    private final String maxTokens;

    /**
     * @param maxTokens the name of that member: OpenAI's newer models refuse the old one, most others
     *     know only that
     */
    ChatJson(ObjectMapper json, Problems problems, String maxTokens) {
        this.json = json;
        this.problems = problems;
        this.maxTokens = maxTokens;
    }

    /** A request for a stream that ends with its usage. */
    ObjectNode write(ChatRequest request) {
        ObjectNode root = json.createObjectNode();
        request.refuseForeign(WireWorker.OPENAI);
        if (request.extra() != null) {
            root.setAll(request.extra().members());
        }
        if (request.topK() != null) {
            // not OpenAI's, but vLLM, LM Studio, llama.cpp and others know it; OpenAI says that it does not
            root.put("top_k", request.topK());
        }
        root.put("model", request.model());
        ArrayNode messages = root.putArray("messages");
        for (Message message : request.messages()) {
            messages.add(message(message));
        }
        if (!request.tools().isEmpty()) {
            tools(root.putArray("tools"), request.tools());
        }
        toolChoice(root, request.toolChoice());
        if (request.parallelToolCalls() != null && !request.tools().isEmpty()) {
            root.put("parallel_tool_calls", request.parallelToolCalls());
        }
        if (request.maxTokens() != null) {
            root.put(maxTokens, request.maxTokens());
        }
        if (request.temperature() != null) {
            root.put("temperature", request.temperature());
        }
        if (request.topP() != null) {
            root.put("top_p", request.topP());
        }
        if (request.presencePenalty() != null) {
            root.put("presence_penalty", request.presencePenalty());
        }
        if (request.frequencyPenalty() != null) {
            root.put("frequency_penalty", request.frequencyPenalty());
        }
        reasoning(root, request.reasoning());
        if (request.seed() != null) {
            root.put("seed", request.seed());
        }
        if (!request.stop().isEmpty()) {
            ArrayNode stop = root.putArray("stop");
            request.stop().forEach(stop::add);
        }
        responseFormat(root, request.responseFormat());
        root.put("stream", true);
        root.putObject("stream_options").put("include_usage", true);
        return root;
    }

    private ObjectNode message(Message message) {
        ObjectNode node = json.createObjectNode();
        if (message.extra() != null) {
            node.setAll(message.extra().members());
        }
        node.put("role", message.role().name().toLowerCase(Locale.ROOT));
        content(node, message.content());
        if (message.name() != null) {
            node.put("name", message.name());
        }
        if (message.toolCallId() != null) {
            node.put("tool_call_id", message.toolCallId());
        }
        if (!message.toolCalls().isEmpty()) {
            ArrayNode calls = node.putArray("tool_calls");
            for (Message.ToolCall call : message.toolCalls()) {
                ObjectNode entry = calls.addObject().put("id", call.id()).put("type", "function");
                if (call.signature() != null) {
                    entry.putObject("extra_content").putObject("google").put("thought_signature", call.signature());
                }
                entry.putObject("function").put("name", call.name()).put("arguments", call.arguments());
            }
        }
        return node;
    }

    private void content(ObjectNode node, List<Content> content) {
        StringBuilder reasoning = new StringBuilder();
        ArrayNode parts = json.createArrayNode();
        for (Content part : content) {
            switch (part) {
                case Content.Text(String text) -> parts.addObject().put("type", "text").put("text", text);
                case Content.Image(String source, String detail) -> {
                    ObjectNode image =
                            parts.addObject().put("type", "image_url").putObject("image_url").put("url", source);
                    if (detail != null) {
                        image.put("detail", detail);
                    }
                }
                case Content.Audio(String base64, String format) ->
                    parts.addObject()
                            .put("type", "input_audio")
                            .putObject("input_audio")
                            .put("data", base64)
                            .put("format", format);
                case Content.Document document -> document(parts, document);
                case Content.Reasoning(String text, String _) -> reasoning.append(text);
                // another provider's: nobody else can read it
                case Content.HiddenReasoning _ -> {}
                case Content.Unknown(String _, ObjectNode unknown) -> parts.add(unknown);
            }
        }
        if (!reasoning.isEmpty()) {
            node.put("reasoning_content", reasoning.toString());
        }
        if (parts.isEmpty()) {
            node.putNull("content");
        } else if (parts.size() == 1 && parts.get(0).path("type").asText().equals("text")) {
            node.set("content", parts.get(0).get("text"));
        } else {
            node.set("content", parts);
        }
    }

    private void document(ArrayNode parts, Content.Document document) {
        if (!document.source().startsWith("data:")) {
            throw problems.unsupported("a document by its address; send its content as a data URL");
        }
        ObjectNode file = parts.addObject().put("type", "file").putObject("file");
        file.put("filename", document.name() == null ? "document" : document.name());
        file.put("file_data", document.source());
    }

    private static void tools(ArrayNode array, List<ChatRequest.Tool> tools) {
        for (ChatRequest.Tool tool : tools) {
            ObjectNode function =
                    array.addObject().put("type", "function").putObject("function").put("name", tool.name());
            if (tool.description() != null) {
                function.put("description", tool.description());
            }
            if (tool.parameters() != null) {
                function.set("parameters", tool.parameters());
            }
            if (tool.strict()) {
                function.put("strict", true);
            }
        }
    }

    /** A budget in tokens, which this protocol does not know, becomes the effort that comes next to it. */
    private static void reasoning(ObjectNode root, ChatRequest.@Nullable Reasoning reasoning) {
        if (reasoning == null) {
            return;
        }
        Effort effort = reasoning.effort();
        Integer budget = reasoning.budgetTokens();
        if (effort == null && budget != null) {
            effort = budget == 0 ? Effort.NONE : budget <= 2048 ? Effort.LOW : budget <= 12_288 ? Effort.MEDIUM : Effort.HIGH;
        }
        if (effort != null) {
            root.put("reasoning_effort", effort == Effort.MAX ? "xhigh" : effort.name().toLowerCase(Locale.ROOT));
        }
    }

    private static void toolChoice(ObjectNode root, @Nullable ToolChoice choice) {
        switch (choice) {
            case null -> {}
            case ToolChoice.Auto() -> root.put("tool_choice", "auto");
            case ToolChoice.None() -> root.put("tool_choice", "none");
            case ToolChoice.Required() -> root.put("tool_choice", "required");
            case ToolChoice.Named(String name) -> {
                ObjectNode named = root.putObject("tool_choice").put("type", "function");
                named.putObject("function").put("name", name);
            }
        }
    }

    private static void responseFormat(ObjectNode root, @Nullable ResponseFormat format) {
        switch (format) {
            case null -> {}
            case ResponseFormat.Json() -> root.putObject("response_format").put("type", "json_object");
            case ResponseFormat.JsonSchema(String name, ObjectNode schema, boolean strict) -> {
                ObjectNode node = root.putObject("response_format").put("type", "json_schema");
                ObjectNode inner = node.putObject("json_schema").put("name", name);
                inner.set("schema", schema);
                if (strict) {
                    inner.put("strict", true);
                }
            }
        }
    }
}

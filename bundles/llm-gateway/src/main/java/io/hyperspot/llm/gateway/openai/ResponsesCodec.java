// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.ChatRequest.Reasoning;
import io.hyperspot.llm.ChatRequest.Reasoning.Effort;
import io.hyperspot.llm.ChatRequest.ResponseFormat;
import io.hyperspot.llm.ChatRequest.ToolChoice;
import io.hyperspot.llm.Extra;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.gateway.calls.JsonBody;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a request of OpenAI's Responses API into the gateway's own form. */
final class ResponsesCodec {
    private static final Set<String> KNOWN = Set.of(
            "model", "input", "instructions", "max_output_tokens", "temperature", "top_p", "tools", "tool_choice",
            "parallel_tool_calls", "reasoning", "text", "stream", "stream_options", "include");

    /** What OpenAI alone makes something of, and what is not missed elsewhere: the answer stays the same. */
    private static final Set<String> HARMLESS = Set.of(
            "user", "metadata", "store", "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention",
            "previous_response_id", "conversation", "background");

    private ResponsesCodec() {}

    /**
     * @throws ProblemException INVALID_ARGUMENT that names the member
     */
    static ChatRequest read(ObjectNode root, String model) {
        List<Message> messages = new ArrayList<>();
        String instructions = Members.text(root, "instructions");
        if (instructions != null) {
            messages.add(Message.of(Message.Role.SYSTEM, instructions));
        }
        JsonNode input = root.path("input");
        if (input.isTextual()) {
            messages.add(Message.of(Message.Role.USER, input.asText()));
        } else {
            messages.addAll(new InputItems().read(input));
        }
        return ChatRequest.builder(model, messages)
                .tools(tools(root.path("tools")))
                .toolChoice(toolChoice(root.path("tool_choice")))
                .parallelToolCalls(root.path("tools").isEmpty() ? null : Members.flag(root, "parallel_tool_calls"))
                .maxTokens(Members.integer(root, "max_output_tokens", null))
                .temperature(Members.number(root, "temperature", 0, 2))
                .topP(Members.number(root, "top_p", 0, 1))
                .responseFormat(format(root.path("text").path("format")))
                .reasoning(reasoning(root.path("reasoning")))
                .extra(extra(root))
                .build();
    }

    private static List<ChatRequest.Tool> tools(JsonNode array) {
        List<ChatRequest.Tool> tools = new ArrayList<>();
        for (JsonNode tool : array) {
            String type = tool.path("type").asText();
            if (!type.equals("function")) {
                throw Members.invalid(
                        "tools",
                        "holds a tool of type '" + type + "', which OpenAI itself runs; the provider of this model cannot");
            }
            if (!tool.path("name").isTextual()) {
                throw Members.invalid("tools", "each function needs a name");
            }
            tools.add(new ChatRequest.Tool(
                    tool.path("name").asText(),
                    Members.text(tool, "description"),
                    tool.path("parameters") instanceof ObjectNode parameters ? parameters : null,
                    tool.path("strict").asBoolean()));
        }
        return tools;
    }

    private static @Nullable ToolChoice toolChoice(JsonNode node) {
        if (node.path("type").asText().equals("function") && node.path("name").isTextual()) {
            return new ToolChoice.Named(node.path("name").asText());
        }
        return switch (node.asText("")) {
            case "" -> {
                if (!Members.absent(node)) {
                    throw Members.invalid("tool_choice", "of type '" + node.path("type").asText() + "' is not taken here");
                }
                yield null;
            }
            case "null" -> null;
            case "auto" -> new ToolChoice.Auto();
            case "none" -> new ToolChoice.None();
            case "required" -> new ToolChoice.Required();
            default -> throw Members.invalid("tool_choice", "must be auto, none, required or a function");
        };
    }

    private static @Nullable ResponseFormat format(JsonNode node) {
        return switch (node.path("type").asText("text")) {
            case "text" -> null;
            case "json_object" -> new ResponseFormat.Json();
            case "json_schema" -> {
                if (!(node.path("schema") instanceof ObjectNode schema)) {
                    throw Members.invalid("text.format.schema", "must be a JSON Schema object");
                }
                yield new ResponseFormat.JsonSchema(
                        node.path("name").asText("answer"), schema, node.path("strict").asBoolean());
            }
            default -> throw Members.invalid("text.format", "must have the type text, json_object or json_schema");
        };
    }

    private static @Nullable Reasoning reasoning(JsonNode node) {
        JsonNode effort = node.path("effort");
        return Members.absent(effort) ? null : new Reasoning(effort(effort.asText()), null);
    }

    private static Effort effort(String name) {
        return switch (name) {
            case "none" -> Effort.NONE;
            case "minimal" -> Effort.MINIMAL;
            case "low" -> Effort.LOW;
            case "medium" -> Effort.MEDIUM;
            case "high" -> Effort.HIGH;
            case "xhigh", "max" -> Effort.MAX;
            default ->
                throw Members.invalid("reasoning.effort", "must be none, minimal, low, medium, high, xhigh or max");
        };
    }

    /** What is said and would be missed: not null, not the default, not harmless. */
    private static @Nullable Extra extra(ObjectNode root) {
        ObjectNode extra = JsonBody.besides(root, KNOWN, HARMLESS);
        if (extra.path("truncation").asText().equals("disabled")) {
            extra.remove("truncation");
        }
        for (JsonNode included : root.path("include")) {
            // always there
            if (!included.asText().equals("reasoning.encrypted_content")) {
                extra.withArrayProperty("include").add(included);
            }
        }
        JsonNode verbosity = root.path("text").path("verbosity");
        if (!Members.absent(verbosity) && extra.isEmpty()) {
            // chat completions have it too
            ObjectNode chat = JsonNodeFactory.instance.objectNode().set("verbosity", verbosity);
            return new Extra(WireWorker.OPENAI, chat);
        }
        return extra.isEmpty() ? null : new Extra(WireWorker.OPENAI_RESPONSES, extra);
    }
}

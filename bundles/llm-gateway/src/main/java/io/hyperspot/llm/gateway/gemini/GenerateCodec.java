// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.ChatRequest.Reasoning;
import io.hyperspot.llm.ChatRequest.Reasoning.Effort;
import io.hyperspot.llm.ChatRequest.ResponseFormat;
import io.hyperspot.llm.ChatRequest.ToolChoice;
import io.hyperspot.llm.Extra;
import io.hyperspot.llm.gateway.calls.JsonBody;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a request for content of Google's protocol into the gateway's own form. */
final class GenerateCodec {
    private static final String OPTIONS = "generationConfig.";
    private static final Set<String> KNOWN =
            both("model", "contents", "systemInstruction", "tools", "toolConfig", "generationConfig");

    /** What only Google makes something of, and what is not missed elsewhere: the answer stays the same. */
    private static final Set<String> HARMLESS = both("labels", "store", "serviceTier");

    private static final Set<String> KNOWN_OPTIONS = both(
            "temperature", "topP", "topK", "maxOutputTokens", "stopSequences", "candidateCount", "responseMimeType",
            "responseSchema", "responseJsonSchema", "presencePenalty", "frequencyPenalty", "seed", "thinkingConfig",
            "responseModalities", "responseLogprobs");

    private GenerateCodec() {}

    private static Set<String> both(String... names) {
        List<String> all = new ArrayList<>();
        for (String name : names) {
            all.add(name);
            if (!ProtoJson.snake(name).equals(name)) {
                all.add(ProtoJson.snake(name));
            }
        }
        return Set.copyOf(all);
    }

    /**
     * @throws ProblemException INVALID_ARGUMENT that names the member
     */
    static ChatRequest read(ObjectNode root, String model) {
        ContentCodec contents = new ContentCodec();
        contents.system(ProtoJson.get(root, "systemInstruction"));
        JsonNode options = ProtoJson.get(root, "generationConfig");
        refuseForeign(options);
        JsonNode calling = ProtoJson.get(ProtoJson.get(root, "toolConfig"), "functionCallingConfig");
        List<ChatRequest.Tool> tools = tools(root.path("tools"));
        Set<String> allowed = Set.copyOf(strings(ProtoJson.get(calling, "allowedFunctionNames"), "allowedFunctionNames"));
        Integer seed = ProtoJson.integer(options, OPTIONS, "seed", Integer.MIN_VALUE);
        return ChatRequest.builder(model, contents.read(root.path("contents")))
                .tools(tools.stream().filter(tool -> allowed.isEmpty() || allowed.contains(tool.name())).toList())
                .toolChoice(choice(calling.path("mode").asText(""), allowed))
                .maxTokens(ProtoJson.integer(options, OPTIONS, "maxOutputTokens", 1))
                .temperature(ProtoJson.number(options, OPTIONS, "temperature", 0, 2))
                .topP(ProtoJson.number(options, OPTIONS, "topP", 0, 1))
                .topK(topK(options))
                .presencePenalty(ProtoJson.number(options, OPTIONS, "presencePenalty", -2, 2))
                .frequencyPenalty(ProtoJson.number(options, OPTIONS, "frequencyPenalty", -2, 2))
                .seed(seed == null ? null : seed.longValue())
                .stop(strings(ProtoJson.get(options, "stopSequences"), OPTIONS + "stopSequences"))
                .responseFormat(format(options))
                .reasoning(reasoning(ProtoJson.get(options, "thinkingConfig")))
                .extra(extra(root))
                .build();
    }

    /** Numbers that are whole, though they may be written as 40.0. */
    private static @Nullable Integer topK(JsonNode options) {
        Double topK = ProtoJson.number(options, OPTIONS, "topK", 0, Integer.MAX_VALUE);
        return topK == null ? null : Integer.valueOf((int) Math.round(topK));
    }

    private static void refuseForeign(JsonNode options) {
        options.fieldNames().forEachRemaining(name -> {
            if (!KNOWN_OPTIONS.contains(name)) {
                throw foreign(name);
            }
        });
        if (ProtoJson.get(options, "candidateCount").asInt(1) != 1) {
            throw foreign("candidateCount");
        }
        if (ProtoJson.get(options, "responseLogprobs").asBoolean()) {
            throw foreign("responseLogprobs");
        }
        for (JsonNode modality : ProtoJson.get(options, "responseModalities")) {
            if (!modality.asText().equals("TEXT")) {
                throw foreign("responseModalities");
            }
        }
    }

    private static ProblemException foreign(String name) {
        return ProtoJson.invalid(
                OPTIONS + name, "has no place in the protocol that the provider of this model speaks; leave it out");
    }

    private static List<ChatRequest.Tool> tools(JsonNode array) {
        List<ChatRequest.Tool> tools = new ArrayList<>();
        for (JsonNode tool : array) {
            tool.fieldNames().forEachRemaining(kind -> {
                if (!kind.equals("functionDeclarations") && !kind.equals("function_declarations")) {
                    throw ProtoJson.invalid(
                            "tools", "holds '" + kind + "', which Google itself runs; the provider of this model cannot");
                }
            });
            for (JsonNode function : ProtoJson.get(tool, "functionDeclarations")) {
                tools.add(new ChatRequest.Tool(
                        ProtoJson.text(function, "tools.functionDeclarations.", "name"),
                        ProtoJson.optional(function, "description"),
                        schema(function, "parameters", "parametersJsonSchema"),
                        false));
            }
        }
        return tools;
    }

    private static @Nullable ObjectNode schema(JsonNode node, String google, String json) {
        if (ProtoJson.get(node, json) instanceof ObjectNode schema) {
            return schema;
        }
        return ProtoJson.get(node, google) instanceof ObjectNode schema ? GoogleSchema.jsonSchema(schema) : null;
    }

    private static @Nullable ToolChoice choice(String mode, Set<String> allowed) {
        return switch (mode.toUpperCase(Locale.ROOT)) {
            case "", "MODE_UNSPECIFIED" -> null;
            case "AUTO", "VALIDATED" -> new ToolChoice.Auto();
            case "NONE" -> new ToolChoice.None();
            case "ANY" ->
                allowed.size() == 1 ? new ToolChoice.Named(allowed.iterator().next()) : new ToolChoice.Required();
            default ->
                throw ProtoJson.invalid("toolConfig.functionCallingConfig.mode", "must be AUTO, ANY, NONE or VALIDATED");
        };
    }

    private static @Nullable ResponseFormat format(JsonNode options) {
        String type = ProtoJson.get(options, "responseMimeType").asText("text/plain");
        ObjectNode schema = schema(options, "responseSchema", "responseJsonSchema");
        return switch (type) {
            case "text/plain" -> null;
            case "application/json" ->
                schema == null ? new ResponseFormat.Json() : new ResponseFormat.JsonSchema("answer", schema, false);
            default -> throw foreign("responseMimeType");
        };
    }

    private static @Nullable Reasoning reasoning(JsonNode thinking) {
        String level = ProtoJson.get(thinking, "thinkingLevel").asText("").toUpperCase(Locale.ROOT);
        Effort effort = switch (level) {
            case "", "THINKING_LEVEL_UNSPECIFIED" -> null;
            case "MINIMAL", "LOW", "MEDIUM", "HIGH" -> Effort.valueOf(level);
            default ->
                throw ProtoJson.invalid(
                        OPTIONS + "thinkingConfig.thinkingLevel", "must be MINIMAL, LOW, MEDIUM or HIGH");
        };
        Integer budget = ProtoJson.integer(thinking, OPTIONS + "thinkingConfig.", "thinkingBudget", -1);
        if (budget != null && budget == 0) {
            return new Reasoning(Effort.NONE, null);
        }
        if (budget != null && budget > 0) {
            return new Reasoning(effort, budget);
        }
        return effort == null && budget == null ? null : new Reasoning(effort, null);
    }

    private static List<String> strings(JsonNode node, String at) {
        List<String> all = new ArrayList<>();
        for (JsonNode item : node) {
            if (!item.isTextual()) {
                throw ProtoJson.invalid(at, "must be an array of strings");
            }
            all.add(item.textValue());
        }
        return all;
    }

    private static @Nullable Extra extra(ObjectNode root) {
        ObjectNode extra = JsonBody.besides(root, KNOWN, HARMLESS);
        return extra.isEmpty() ? null : new Extra(WireWorker.GEMINI, extra);
    }
}

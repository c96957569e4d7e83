// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests.providers;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Google's reference asks of a request for content; the words are like those of its 400s. */
final class GeminiRules {
    private static final Set<String> MEMBERS = Set.of(
            "contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "safetySettings", "cachedContent");
    private static final Set<String> OPTIONS = Set.of(
            "temperature", "topP", "topK", "maxOutputTokens", "stopSequences", "candidateCount", "responseMimeType",
            "responseSchema", "responseJsonSchema", "presencePenalty", "frequencyPenalty", "seed", "thinkingConfig",
            "responseModalities", "responseLogprobs", "logprobs");
    private static final Set<String> DATA =
            Set.of("text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode", "codeExecutionResult");
    private static final Set<String> MODES = Set.of("AUTO", "ANY", "NONE", "VALIDATED");
    private static final String SKIPPED = "skip_thought_signature_validator";

    private GeminiRules() {}

    /** What is wrong with a request; null: nothing. */
    static @Nullable String wrong(String model, String method, JsonNode body) {
        List<String> wrong = new ArrayList<>();
        switch (method) {
            case "embedContent" -> embed(wrong, model, body, false);
            case "batchEmbedContents" -> {
                unknown(wrong, "", body, Set.of("requests"));
                if (body.path("requests").isEmpty()) {
                    wrong.add("BatchEmbedContentsRequest.requests: must not be empty");
                }
                body.path("requests").forEach(request -> embed(wrong, model, request, true));
            }
            case "countTokens" -> count(wrong, model, body);
            default -> generate(wrong, model, body, MEMBERS);
        }
        return wrong.isEmpty() ? null : wrong.getFirst();
    }

    private static void count(List<String> wrong, String model, JsonNode body) {
        JsonNode wrapped = body.path("generateContentRequest");
        if (!wrapped.isObject()) {
            generate(wrong, model, body, MEMBERS);
            return;
        }
        unknown(wrong, "", body, Set.of("generateContentRequest"));
        if (!wrapped.path("model").asText().equals("models/" + model)) {
            wrong.add("GenerateContentRequest.model: unexpected model name format");
        }
        Set<String> members = new HashSet<>(MEMBERS);
        members.add("model");
        generate(wrong, model, wrapped, members);
    }

    private static void embed(List<String> wrong, String model, JsonNode body, boolean named) {
        unknown(wrong, "", body, Set.of("model", "content", "taskType", "title", "outputDimensionality"));
        if ((named || body.has("model")) && !body.path("model").asText().equals("models/" + model)) {
            wrong.add("BatchEmbedContentsRequest.requests[0].model: must be that of the URL, models/" + model);
        }
        if (body.at("/content/parts").isEmpty()) {
            wrong.add("EmbedContentRequest.content: contents is not specified");
        }
    }

    private static void generate(List<String> wrong, String model, JsonNode body, Set<String> members) {
        unknown(wrong, "", body, members);
        options(wrong, model, body.path("generationConfig"));
        for (JsonNode part : body.path("systemInstruction").path("parts")) {
            part(wrong, "systemInstruction", part);
        }
        Set<String> functions = functions(wrong, body.path("tools"));
        JsonNode calling = body.at("/toolConfig/functionCallingConfig");
        if (calling.isObject()) {
            unknown(wrong, "tool_config.function_calling_config", calling, Set.of("mode", "allowedFunctionNames"));
            if (!MODES.contains(calling.path("mode").asText())) {
                wrong.add("Invalid value at 'tool_config.function_calling_config.mode'");
            }
            for (JsonNode name : calling.path("allowedFunctionNames")) {
                if (!functions.contains(name.asText())) {
                    wrong.add("tool_config.allowed_function_names: is not a declared function");
                }
            }
        }
        contents(wrong, model, body.path("contents"));
    }

    private static void unknown(List<String> wrong, String at, JsonNode node, Set<String> known) {
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                wrong.add("Invalid JSON payload received. Unknown name \"" + name + "\" at '" + at + "': Cannot find field.");
            }
        });
    }

    private static void options(List<String> wrong, String model, JsonNode options) {
        unknown(wrong, "generation_config", options, OPTIONS);
        number(wrong, options, "temperature", 0, 2);
        number(wrong, options, "topP", 0, 1);
        number(wrong, options, "topK", 1, 1000);
        number(wrong, options, "maxOutputTokens", 1, 1_000_000);
        number(wrong, options, "presencePenalty", -2, 2);
        number(wrong, options, "frequencyPenalty", -2, 2);
        number(wrong, options, "seed", Integer.MIN_VALUE, Integer.MAX_VALUE);
        boolean schema = options.has("responseSchema") || options.has("responseJsonSchema");
        if (schema && !options.path("responseMimeType").asText().equals("application/json")) {
            wrong.add("GenerateContentRequest.generation_config.response_mime_type: must be application/json with a schema");
        }
        JsonNode thinking = options.path("thinkingConfig");
        unknown(wrong, "generation_config.thinking_config", thinking, Set.of("includeThoughts", "thinkingBudget", "thinkingLevel"));
        if (thinking.has("thinkingLevel") && model.startsWith("gemini-2")) {
            wrong.add("Thinking level is not supported for this model.");
        }
        if (thinking.has("thinkingLevel") && thinking.has("thinkingBudget")) {
            wrong.add("You can only set only one of thinking budget and thinking level.");
        }
        if (thinking.has("thinkingLevel") && !Set.of("MINIMAL", "LOW", "MEDIUM", "HIGH").contains(thinking.path("thinkingLevel").asText())) {
            wrong.add("Invalid value at 'generation_config.thinking_config.thinking_level'");
        }
    }

    private static void number(List<String> wrong, JsonNode node, String name, double least, double most) {
        JsonNode value = node.path(name);
        if (!value.isMissingNode() && (!value.isNumber() || value.asDouble() < least || value.asDouble() > most)) {
            wrong.add("GenerateContentRequest.generation_config." + name + ": must be from " + least + " to " + most);
        }
    }

    private static Set<String> functions(List<String> wrong, JsonNode tools) {
        Set<String> names = new HashSet<>();
        for (JsonNode tool : tools) {
            unknown(wrong, "tools", tool, Set.of("functionDeclarations", "googleSearch", "codeExecution"));
            for (JsonNode function : tool.path("functionDeclarations")) {
                unknown(wrong, "tools.function_declarations", function, Set.of(
                        "name", "description", "parameters", "parametersJsonSchema", "response", "responseJsonSchema"));
                String name = function.path("name").asText();
                if (!name.matches("[a-zA-Z_][\\w.:-]{0,127}") || !names.add(name)) {
                    wrong.add("GenerateContentRequest.tools[0].function_declarations: invalid or duplicate function name");
                }
            }
        }
        return names;
    }

    private static void contents(List<String> wrong, String model, JsonNode contents) {
        if (!contents.isArray() || contents.isEmpty()) {
            wrong.add("GenerateContentRequest.contents: contents is not specified");
            return;
        }
        List<String> owed = List.of();
        for (JsonNode content : contents) {
            unknown(wrong, "contents", content, Set.of("role", "parts"));
            String role = content.path("role").asText("user");
            if (!role.equals("user") && !role.equals("model")) {
                wrong.add("Please use a valid role: user, model.");
            }
            if (content.path("parts").isEmpty()) {
                wrong.add("GenerateContentRequest.contents.parts: contents.parts must not be empty.");
            }
            List<String> calls = new ArrayList<>();
            List<String> responses = new ArrayList<>();
            for (JsonNode part : content.path("parts")) {
                part(wrong, "contents.parts", part);
                if (part.has("functionCall")) {
                    if (calls.isEmpty() && model.startsWith("gemini-3") && !part.has("thoughtSignature")) {
                        wrong.add("Function call is missing a thought_signature in functionCall parts.");
                    }
                    calls.add(part.at("/functionCall/name").asText());
                } else if (part.has("functionResponse")) {
                    responses.add(part.at("/functionResponse/name").asText());
                }
            }
            if (role.equals("user") && !responses.equals(owed)) {
                wrong.add("Please ensure that the number of function response parts is equal to the number of function call"
                        + " parts of the function call turn.");
            }
            owed = role.equals("model") ? calls : List.of();
        }
    }

    private static void part(List<String> wrong, String at, JsonNode part) {
        Set<String> known = new HashSet<>(DATA);
        known.add("thought");
        known.add("thoughtSignature");
        unknown(wrong, at, part, known);
        long data = DATA.stream().filter(part::has).count();
        if (data != 1) {
            wrong.add(at + ".data: required oneof field 'data' must have one initialized field");
        }
        if (part.has("thoughtSignature")) {
            String signature = part.path("thoughtSignature").asText();
            boolean skipped = part.has("functionCall") && signature.equals(SKIPPED);
            if (!skipped && !signature.equals(GeminiServer.SIGNATURE)) {
                wrong.add("Thought signature is not valid.");
            }
        }
        JsonNode inline = part.path("inlineData");
        if (inline.isObject()) {
            unknown(wrong, at + ".inline_data", inline, Set.of("mimeType", "data"));
            try {
                if (Base64.getDecoder().decode(inline.path("data").asText()).length == 0 || !inline.path("mimeType").asText().contains("/")) {
                    wrong.add(at + ".inline_data: no data, or no type");
                }
            } catch (IllegalArgumentException e) {
                wrong.add("Invalid value at '" + at + ".inline_data.data' (TYPE_BYTES), Base64 decoding failed");
            }
        }
        JsonNode file = part.path("fileData");
        if (file.isObject()) {
            unknown(wrong, at + ".file_data", file, Set.of("mimeType", "fileUri"));
            if (!file.path("fileUri").asText().startsWith("https://")) {
                wrong.add("Unsupported file URI type");
            }
        }
        JsonNode call = part.path("functionCall");
        if (call.isObject()) {
            unknown(wrong, at + ".function_call", call, Set.of("id", "name", "args"));
            if (!call.path("args").isObject() && call.has("args")) {
                wrong.add("Invalid value at '" + at + ".function_call.args'");
            }
        }
        JsonNode response = part.path("functionResponse");
        if (response.isObject()) {
            unknown(wrong, at + ".function_response", response, Set.of("id", "name", "response", "parts"));
            if (!response.path("response").isObject()) {
                wrong.add("Invalid value at '" + at + ".function_response.response'");
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gemini;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.ChatRequest.Reasoning;
import io.hyperspot.llm.ChatRequest.Reasoning.Effort;
import io.hyperspot.llm.ChatRequest.ResponseFormat;
import io.hyperspot.llm.ChatRequest.ToolChoice;
import io.hyperspot.llm.Content;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.provider.Problems;
import io.hyperspot.llm.spi.WireWorker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes chat requests as Google's contents. The protocol wants turns of user and model that alternate, so messages
 * that follow each other in one role become one; what a tool gave back is the user's.
 */
final class GenerateJson {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /**
     * What a call carries that another provider asked for: models since Gemini 3 refuse calls without a signature, but
     * for this one (ai.google.dev/gemini-api/docs/thought-signatures, November 2026).
     */
    private static final String FOREIGN_CALL = "skip_thought_signature_validator";

    private final Problems problems;

    GenerateJson(Problems problems) {
        this.problems = problems;
    }

    /** A request for an answer. */
    ObjectNode write(ChatRequest request) {
        ObjectNode root = counted(request);
        ObjectNode options = root.withObjectProperty("generationConfig");
        put(options, "maxOutputTokens", request.maxTokens());
        put(options, "temperature", request.temperature());
        put(options, "topP", request.topP());
        put(options, "topK", request.topK());
        put(options, "presencePenalty", request.presencePenalty());
        put(options, "frequencyPenalty", request.frequencyPenalty());
        if (request.seed() != null) {
            refuse(request.seed() != request.seed().intValue(), "a seed of more than 32 bits");
            options.put("seed", request.seed().intValue());
        }
        if (!request.stop().isEmpty()) {
            ArrayNode stop = options.putArray("stopSequences");
            request.stop().forEach(stop::add);
        }
        format(options, request.responseFormat());
        reasoning(options, request);
        if (options.isEmpty()) {
            root.remove("generationConfig");
        }
        return root;
    }

    private static void put(ObjectNode options, String name, @Nullable Number value) {
        if (value != null) {
            options.putPOJO(name, value);
        }
    }

    /** As much of a request as counts towards its input tokens. */
    ObjectNode counted(ChatRequest request) {
        request.refuseForeign(WireWorker.GEMINI);
        ObjectNode root = JSON.createObjectNode();
        if (request.extra() != null) {
            root.setAll(request.extra().members());
        }
        ArrayNode system = JSON.createArrayNode();
        ArrayNode contents = root.putArray("contents");
        Map<String, String> names = new HashMap<>();
        boolean signed = needsSignatures(request.model());
        for (Message message : request.messages()) {
            switch (message.role()) {
                case SYSTEM, DEVELOPER -> message.content().forEach(part -> system.add(part(part)));
                case USER -> turn(contents, "user").addAll(parts(message));
                case ASSISTANT -> {
                    message.toolCalls().forEach(call -> names.put(call.id(), call.name()));
                    turn(contents, "model").addAll(parts(message)).addAll(calls(message, signed));
                }
                case TOOL -> turn(contents, "user").add(result(message, names));
            }
        }
        if (!system.isEmpty()) {
            root.putObject("systemInstruction").set("parts", system);
        }
        tools(root, request);
        return root;
    }

    private static boolean needsSignatures(String model) {
        return !older(model) && model.startsWith("gemini-");
    }

    /** Of the generations that know a budget for thinking, and no level. */
    private static boolean older(String model) {
        return model.startsWith("gemini-1") || model.startsWith("gemini-2");
    }

    private static ArrayNode turn(ArrayNode contents, String role) {
        JsonNode last = contents.path(contents.size() - 1);
        if (last.path("role").asText().equals(role) && last.path("parts") instanceof ArrayNode parts) {
            return parts;
        }
        return contents.addObject().put("role", role).putArray("parts");
    }

    private List<ObjectNode> parts(Message message) {
        List<ObjectNode> parts = new ArrayList<>();
        for (Content part : message.content()) {
            // thoughts that are not signed, or are encrypted as a whole, are another provider's
            boolean foreign = part instanceof Content.HiddenReasoning
                    || (part instanceof Content.Reasoning(String _, String signature) && signature == null);
            boolean empty = part instanceof Content.Text(String text) && text.isEmpty();
            if (!foreign && !empty) {
                parts.add(part(part));
            }
        }
        return parts;
    }

    private List<ObjectNode> calls(Message message, boolean signed) {
        List<ObjectNode> calls = new ArrayList<>();
        for (Message.ToolCall call : message.toolCalls()) {
            ObjectNode part = object();
            part.putObject("functionCall")
                    .put("id", call.id())
                    .put("name", call.name())
                    .set("args", arguments(call));
            if (call.signature() != null) {
                part.put("thoughtSignature", call.signature());
            } else if (signed && calls.isEmpty()) {
                part.put("thoughtSignature", FOREIGN_CALL);
            }
            calls.add(part);
        }
        return calls;
    }

    private ObjectNode result(Message message, Map<String, String> names) {
        String id = message.toolCallId() == null ? "" : message.toolCallId();
        String name = names.getOrDefault(id, message.name());
        if (name == null) {
            throw problems.unsupported("a result of the tool call '" + id + "', which no message before it asks for");
        }
        StringBuilder text = new StringBuilder();
        List<ObjectNode> more = new ArrayList<>();
        for (Content part : message.content()) {
            if (part instanceof Content.Text(String said)) {
                text.append(said);
            } else {
                more.add(part(part));
            }
        }
        ObjectNode part = object();
        ObjectNode result = part.putObject("functionResponse").put("id", id).put("name", name);
        result.putObject("response").put(message.toolFailed() ? "error" : "output", text.toString());
        if (!more.isEmpty()) {
            more.forEach(result.putArray("parts")::add);
        }
        return part;
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
            case Content.Text(String text) -> object().put("text", text);
            case Content.Image(String source, String _) -> file(source, "");
            case Content.Document(String source, String type, String _) -> file(source, type);
            case Content.Audio(String base64, String format) -> {
                ObjectNode audio = object();
                audio.putObject("inlineData").put("mimeType", "audio/" + format).put("data", base64);
                yield audio;
            }
            case Content.Reasoning(String text, String signature) ->
                object().put("text", text).put("thought", true).put("thoughtSignature", signature);
            case Content.HiddenReasoning _ -> throw problems.unsupported("encrypted thoughts of another provider");
            case Content.Unknown(String _, ObjectNode json) -> json;
        };
    }

    private ObjectNode file(String source, String type) {
        ObjectNode part = object();
        if (!source.startsWith("data:")) {
            ObjectNode file = part.putObject("fileData").put("fileUri", source);
            if (!type.isEmpty()) {
                file.put("mimeType", type);
            }
            return part;
        }
        int comma = source.indexOf(',');
        int semicolon = source.indexOf(';');
        if (comma < 0 || !source.substring(0, comma).endsWith(";base64")) {
            throw problems.unsupported("a data URL that is not base64");
        }
        String said = source.substring("data:".length(), semicolon);
        part.putObject("inlineData")
                .put("mimeType", said.isEmpty() ? type : said)
                .put("data", source.substring(comma + 1));
        return part;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private void tools(ObjectNode root, ChatRequest request) {
        if (request.tools().isEmpty()) {
            return;
        }
        refuse(Boolean.FALSE.equals(request.parallelToolCalls()), "parallel_tool_calls: false");
        boolean strict = false;
        ArrayNode functions = root.putArray("tools").addObject().putArray("functionDeclarations");
        for (ChatRequest.Tool tool : request.tools()) {
            ObjectNode function = functions.addObject().put("name", tool.name());
            if (tool.description() != null) {
                function.put("description", tool.description());
            }
            if (tool.parameters() != null) {
                function.set("parametersJsonSchema", tool.parameters());
            }
            strict |= tool.strict();
        }
        ObjectNode calling = object();
        switch (request.toolChoice()) {
            case null -> calling.put("mode", strict ? "VALIDATED" : "AUTO");
            case ToolChoice.Auto() -> calling.put("mode", strict ? "VALIDATED" : "AUTO");
            case ToolChoice.None() -> calling.put("mode", "NONE");
            case ToolChoice.Required() -> calling.put("mode", "ANY");
            case ToolChoice.Named(String name) ->
                calling.put("mode", "ANY").putArray("allowedFunctionNames").add(name);
        }
        root.putObject("toolConfig").set("functionCallingConfig", calling);
    }

    private static void format(ObjectNode options, @Nullable ResponseFormat format) {
        switch (format) {
            case null -> {}
            case ResponseFormat.Json() -> options.put("responseMimeType", "application/json");
            case ResponseFormat.JsonSchema(String _, ObjectNode schema, boolean _) ->
                options.put("responseMimeType", "application/json").set("responseJsonSchema", schema);
        }
    }

    /**
     * A budget is what models of generation 2 know, a level what newer ones do; where a request has the other, it is
     * translated as Google's own translation of OpenAI's protocol does it
     * (ai.google.dev/gemini-api/docs/openai, November 2026).
     */
    private static void reasoning(ObjectNode options, ChatRequest request) {
        Reasoning reasoning = request.reasoning();
        if (reasoning == null) {
            return;
        }
        Effort effort = reasoning.effort();
        Integer budget = reasoning.budgetTokens();
        boolean off = effort == Effort.NONE || (budget != null && budget == 0);
        ObjectNode thinking = options.putObject("thinkingConfig");
        if (!off) {
            thinking.put("includeThoughts", true);
        }
        if (older(request.model()) || (budget != null && budget > 0)) {
            thinking.put("thinkingBudget", off ? 0 : budget != null ? budget : budget(effort));
        } else if (off || effort != null) {
            thinking.put("thinkingLevel", level(off ? Effort.MINIMAL : effort));
        }
    }

    private static int budget(@Nullable Effort effort) {
        return switch (effort) {
            // as much as the model finds right
            case null -> -1;
            case NONE -> 0;
            case MINIMAL, LOW -> 1024;
            case MEDIUM -> 8192;
            case HIGH, MAX -> 24_576;
        };
    }

    private static String level(@Nullable Effort effort) {
        return switch (effort) {
            case null -> "HIGH";
            case NONE, MINIMAL -> "MINIMAL";
            case LOW -> "LOW";
            case MEDIUM -> "MEDIUM";
            case HIGH, MAX -> "HIGH";
        };
    }

    private void refuse(boolean there, String what) {
        if (there) {
            throw problems.unsupported(what);
        }
    }
}

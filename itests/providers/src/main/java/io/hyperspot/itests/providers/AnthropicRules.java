// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests.providers;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What Anthropic's reference asks of a request for a message; the words are like those of its 400s. */
final class AnthropicRules {
    private static final Set<String> MEMBERS = Set.of(
            "model", "messages", "system", "max_tokens", "stop_sequences", "stream", "temperature", "top_p", "top_k",
            "tools", "tool_choice", "thinking", "output_config", "metadata", "service_tier", "cache_control");
    /** The version from which on these parameters are gone. */
    private static final String WITHOUT_SAMPLING = "2026-10-21";

    private static final Set<String> COUNTED =
            Set.of("model", "messages", "system", "tools", "tool_choice", "thinking", "output_config", "cache_control");
    private static final Map<String, Set<String>> BLOCKS = Map.of(
            "text", Set.of("type", "text", "cache_control", "citations"),
            "image", Set.of("type", "source", "cache_control"),
            "document", Set.of("type", "source", "title", "context", "citations", "cache_control"),
            "tool_use", Set.of("type", "id", "name", "input", "cache_control"),
            "tool_result", Set.of("type", "tool_use_id", "content", "is_error", "cache_control"),
            "thinking", Set.of("type", "thinking", "signature"),
            "redacted_thinking", Set.of("type", "data"));

    private AnthropicRules() {}

    /** What is wrong with a request; null: nothing. */
    static @Nullable String wrong(String path, UnaryOperator<String> header, JsonNode body) {
        String version = header.apply("anthropic-version");
        if (!version.equals("2023-06-01") && !version.equals(WITHOUT_SAMPLING)) {
            return "anthropic-version: \"" + version + "\" is not a valid version";
        }
        boolean counts = path.equals("/v1/messages/count_tokens");
        if (!counts && !path.equals("/v1/messages")) {
            return "no such path";
        }
        List<String> wrong = new ArrayList<>();
        unknown(wrong, "", body, counts ? COUNTED : MEMBERS);
        if (!counts) {
            number(wrong, body, "max_tokens", 1, 1_000_000, true);
        }
        if (version.equals(WITHOUT_SAMPLING)) {
            for (String removed : List.of("temperature", "top_p", "top_k")) {
                if (body.has(removed)) {
                    wrong.add(removed + ": Extra inputs are not permitted");
                }
            }
        }
        number(wrong, body, "temperature", 0, 1, false);
        number(wrong, body, "top_p", 0, 1, false);
        number(wrong, body, "top_k", 0, 100_000, false);
        JsonNode budget = body.at("/thinking/budget_tokens");
        if (budget.isNumber() && (budget.asInt() < 1024 || (!counts && budget.asInt() >= body.path("max_tokens").asInt()))) {
            wrong.add("thinking.budget_tokens: Input should be greater than or equal to 1024 and less than max_tokens");
        }
        blocks(wrong, "system", body.path("system"), Set.of("text"));
        tools(wrong, body);
        messages(wrong, body.path("messages"));
        return wrong.isEmpty() ? null : wrong.getFirst();
    }

    private static void unknown(List<String> wrong, String at, JsonNode node, Set<String> known) {
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                wrong.add(at + name + ": Extra inputs are not permitted");
            }
        });
    }

    private static void number(List<String> wrong, JsonNode body, String name, double least, double most, boolean required) {
        JsonNode node = body.path(name);
        if (node.isMissingNode() && !required) {
            return;
        }
        if (!node.isNumber() || node.asDouble() < least || node.asDouble() > most) {
            wrong.add(name + ": Input should be a number from " + least + " to " + most);
        }
    }

    private static void tools(List<String> wrong, JsonNode body) {
        for (JsonNode tool : body.path("tools")) {
            unknown(wrong, "tools.", tool, Set.of("name", "description", "input_schema", "strict", "type", "cache_control"));
            if (!tool.path("name").asText().matches("[a-zA-Z0-9_-]{1,128}") || !tool.path("input_schema").path("type").asText().equals("object")) {
                wrong.add("tools: Input should have a name and an input_schema of type object");
            }
        }
        JsonNode choice = body.path("tool_choice");
        if (!choice.isMissingNode()) {
            unknown(wrong, "tool_choice.", choice, Set.of("type", "name", "disable_parallel_tool_use"));
            if (!Set.of("auto", "any", "tool", "none").contains(choice.path("type").asText())) {
                wrong.add("tool_choice.type: Input should be auto, any, tool or none");
            }
        }
    }

    private static void messages(List<String> wrong, JsonNode messages) {
        if (!messages.isArray() || messages.isEmpty()) {
            wrong.add("messages: at least one message is required");
            return;
        }
        if (!messages.get(0).path("role").asText().equals("user")) {
            wrong.add("messages: first message must use the \"user\" role");
        }
        Set<String> owed = Set.of();
        String before = "";
        for (int i = 0; i < messages.size(); i++) {
            JsonNode message = messages.get(i);
            String role = message.path("role").asText();
            String at = "messages." + i + ".content";
            unknown(wrong, "messages." + i + ".", message, Set.of("role", "content"));
            if (role.equals(before) || !(role.equals("user") || role.equals("assistant"))) {
                wrong.add("messages: roles must alternate between \"user\" and \"assistant\"");
            }
            before = role;
            boolean assistant = role.equals("assistant");
            blocks(wrong, at, message.path("content"), assistant
                    ? Set.of("text", "tool_use", "thinking", "redacted_thinking")
                    : Set.of("text", "image", "document", "tool_result"));
            Set<String> answered = ids(message, "tool_result", "tool_use_id");
            if (!assistant && !answered.equals(owed)) {
                wrong.add("messages." + i + ": `tool_use` ids were found without `tool_result` blocks immediately after: " + owed);
            }
            owed = assistant ? ids(message, "tool_use", "id") : Set.of();
        }
    }

    private static Set<String> ids(JsonNode message, String type, String member) {
        Set<String> ids = new HashSet<>();
        for (JsonNode block : message.path("content")) {
            if (block.path("type").asText().equals(type)) {
                ids.add(block.path(member).asText());
            }
        }
        return ids;
    }

    private static void blocks(List<String> wrong, String at, JsonNode content, Set<String> allowed) {
        if (content.isTextual() || content.isMissingNode()) {
            return;
        }
        if (!content.isArray() || content.isEmpty()) {
            wrong.add(at + ": Input should be a string or a list that is not empty");
        }
        for (JsonNode block : content) {
            String type = block.path("type").asText();
            Set<String> known = BLOCKS.get(type);
            if (known == null || !allowed.contains(type)) {
                wrong.add(at + ": Input tag '" + type + "' found is not one of the expected tags");
            } else {
                unknown(wrong, at + ".", block, known);
                block(wrong, at, type, block);
            }
        }
    }

    private static void block(List<String> wrong, String at, String type, JsonNode block) {
        switch (type) {
            case "text" -> {
                if (block.path("text").asText().isEmpty()) {
                    wrong.add(at + ": text content blocks must be non-empty");
                }
            }
            case "image", "document" -> source(wrong, at, block.path("source"));
            case "tool_use" -> {
                if (!block.path("input").isObject()) {
                    wrong.add(at + ".input: Input should be a valid dictionary");
                }
            }
            case "tool_result" -> blocks(wrong, at, block.path("content"), Set.of("text", "image", "document"));
            case "thinking" -> {
                if (!block.path("signature").asText().equals("c2lnbmVk") || !block.path("thinking").asText().equals("Let me see.")) {
                    wrong.add(at + ": Invalid `signature` in `thinking` block");
                }
            }
            default -> {}
        }
    }

    private static void source(List<String> wrong, String at, JsonNode source) {
        switch (source.path("type").asText()) {
            case "base64" -> {
                unknown(wrong, at + ".source.", source, Set.of("type", "media_type", "data"));
                try {
                    if (Base64.getDecoder().decode(source.path("data").asText()).length == 0 || source.path("media_type").asText().isEmpty()) {
                        wrong.add(at + ".source: no data");
                    }
                } catch (IllegalArgumentException e) {
                    wrong.add(at + ".source.base64: invalid base64 data");
                }
            }
            case "url" -> {
                if (!source.path("url").asText().startsWith("https://")) {
                    wrong.add(at + ".source.url: Only HTTPS URLs are supported.");
                }
            }
            default -> wrong.add(at + ".source: Input tag is not one of the expected tags");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.Content;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.spi.WireWorker;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads the items of a conversation of the Responses API as messages. What the model thought, said and asked for are
 * items of their own there; those that follow each other are one message here. Used by one thread, once.
 */
final class InputItems {
    private final List<Message> messages = new ArrayList<>();
    private final List<Content> said = new ArrayList<>();
    private final List<Message.ToolCall> asked = new ArrayList<>();

    List<Message> read(JsonNode items) {
        for (int i = 0; i < items.size(); i++) {
            item(items.get(i), "input[" + i + "]");
        }
        endTurn();
        return messages;
    }

    private void item(JsonNode item, String at) {
        switch (item.path("type").asText("message")) {
            case "message" -> message(item, at);
            case "reasoning" -> said.add(reasoning(item));
            case "function_call" ->
                asked.add(new Message.ToolCall(
                        Members.needed(item, "call_id", at),
                        Members.needed(item, "name", at),
                        item.path("arguments").asText(),
                        Members.text(item.path("extra_content").path("google"), "thought_signature")));
            case "function_call_output" -> {
                endTurn();
                messages.add(Message.toolResult(
                        Members.needed(item, "call_id", at), content(item.path("output"), at + ".output"), false));
            }
            case "item_reference" ->
                throw Members.invalid(at, "refers to an item that is not kept here; send the item itself");
            default -> {
                if (!(item instanceof ObjectNode unknown)) {
                    throw Members.invalid(at, "must be an object");
                }
                endTurn();
                messages.add(Message.of(
                        Message.Role.USER, List.of(new Content.Unknown(WireWorker.OPENAI_RESPONSES, unknown))));
            }
        }
    }

    private void message(JsonNode item, String at) {
        String role = item.path("role").asText();
        List<Content> content = content(item.path("content"), at + ".content");
        if (role.equals("assistant")) {
            said.addAll(content);
            return;
        }
        endTurn();
        if (!List.of("user", "system", "developer").contains(role)) {
            throw Members.invalid(at + ".role", "must be user, assistant, system or developer; got '" + role + "'");
        }
        messages.add(Message.of(Message.Role.valueOf(role.toUpperCase(Locale.ROOT)), content));
    }

    /** The model's turn is over. */
    private void endTurn() {
        if (!said.isEmpty() || !asked.isEmpty()) {
            messages.add(Message.assistant(said, asked));
            said.clear();
            asked.clear();
        }
    }

    private static Content reasoning(JsonNode item) {
        StringBuilder text = new StringBuilder();
        item.path("summary").forEach(part -> text.append(part.path("text").asText()));
        if (text.isEmpty()) {
            item.path("content").forEach(part -> text.append(part.path("text").asText()));
        }
        return ReasoningItem.read(text.toString(), Members.text(item, "encrypted_content"));
    }

    private static List<Content> content(JsonNode node, String at) {
        if (node.isTextual()) {
            return List.of(new Content.Text(node.asText()));
        }
        if (!node.isArray()) {
            throw Members.invalid(at, "must be a string or an array of parts");
        }
        List<Content> parts = new ArrayList<>();
        for (JsonNode part : node) {
            parts.add(switch (part.path("type").asText()) {
                case "input_text", "output_text", "text" -> new Content.Text(Members.needed(part, "text", at));
                case "refusal" -> new Content.Text(Members.needed(part, "refusal", at));
                case "input_image" -> image(part, at);
                case "input_file" -> file(part, at);
                case "input_audio" ->
                    new Content.Audio(
                            Members.needed(part.path("input_audio"), "data", at),
                            Members.needed(part.path("input_audio"), "format", at));
                default -> unknown(part, at);
            });
        }
        return parts;
    }

    /** Images and files by their ids are at OpenAI alone. */
    private static Content image(JsonNode part, String at) {
        String url = Members.text(part, "image_url");
        return url == null ? unknown(part, at) : new Content.Image(url, Members.text(part, "detail"));
    }

    private static Content file(JsonNode part, String at) {
        String url = Members.text(part, "file_url");
        if (url != null) {
            return new Content.Document(url, "application/pdf", Members.text(part, "filename"));
        }
        String data = Members.text(part, "file_data");
        if (data == null) {
            return unknown(part, at);
        }
        int end = data.indexOf(';');
        if (!data.startsWith("data:") || end < 0) {
            throw Members.invalid(at, "has a file whose file_data is not a data URL, 'data:{media type};base64,...'");
        }
        return new Content.Document(data, data.substring("data:".length(), end), Members.text(part, "filename"));
    }

    private static Content unknown(JsonNode part, String at) {
        if (!(part instanceof ObjectNode object)) {
            throw Members.invalid(at, "each part must be an object with a type");
        }
        return new Content.Unknown(WireWorker.OPENAI_RESPONSES, object);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.Content;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.spi.WireWorker;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the contents of one conversation as messages. Calls of tools may come without ids; then a result belongs to
 * the first call of that name which has none yet. Used by one thread, once.
 */
final class ContentCodec {
    private final List<Message> messages = new ArrayList<>();
    private final List<Message.ToolCall> open = new ArrayList<>();
    private int calls;

    /** What the system says, as a content or as its bare parts. */
    void system(JsonNode instruction) {
        if (instruction.isMissingNode()) {
            return;
        }
        List<Content> said = new ArrayList<>();
        if (instruction.isTextual()) {
            said.add(new Content.Text(instruction.textValue()));
        } else {
            for (JsonNode part : parts(instruction, "systemInstruction")) {
                said.add(part(part, "systemInstruction"));
            }
        }
        if (!said.isEmpty()) {
            messages.add(Message.of(Message.Role.SYSTEM, said));
        }
    }

    List<Message> read(JsonNode contents) {
        for (int i = 0; i < contents.size(); i++) {
            JsonNode content = contents.get(i);
            String at = "contents[" + i + "]";
            String role = content.path("role").asText("user");
            switch (role) {
                case "user", "function", "tool", "" -> user(content, at);
                case "model" -> model(content, at);
                case "system" -> system(content);
                default -> throw ProtoJson.invalid(at + ".role", "must be user or model; got '" + role + "'");
            }
        }
        return messages;
    }

    private static JsonNode parts(JsonNode content, String at) {
        JsonNode parts = content.path("parts");
        if (parts.isMissingNode() || parts.isNull()) {
            return content.path("");
        }
        if (!parts.isArray() && !parts.isObject()) {
            throw ProtoJson.invalid(at + ".parts", "must be an array of parts");
        }
        return parts.isArray() ? parts : JsonNodeFactory.instance.arrayNode().add(parts);
    }

    /** Results of tools become messages of their own, before what the user says besides. */
    private void user(JsonNode content, String at) {
        List<Content> said = new ArrayList<>();
        boolean results = false;
        for (JsonNode part : parts(content, at)) {
            JsonNode result = ProtoJson.get(part, "functionResponse");
            if (result.isObject()) {
                messages.add(result(result, at));
                results = true;
            } else {
                said.add(part(part, at));
            }
        }
        if (!said.isEmpty() || !results) {
            messages.add(Message.of(Message.Role.USER, said));
        }
    }

    private Message result(JsonNode result, String at) {
        String name = ProtoJson.text(result, at + ".functionResponse.", "name");
        String id = ProtoJson.optional(result, "id");
        Message.ToolCall call = open.stream()
                .filter(one -> id == null ? one.name().equals(name) : one.id().equals(id))
                .findFirst()
                .orElseThrow(() -> ProtoJson.invalid(
                        at + ".functionResponse", "answers no call of '" + name + "' in the turns before it"));
        open.remove(call);
        JsonNode response = result.path("response");
        boolean failed = response.has("error") && !response.has("output");
        return Message.toolResult(call.id(), List.of(new Content.Text(said(response))), failed);
    }

    /** Its one text, where it is wrapped as Google's clients do; else the JSON. */
    private static String said(JsonNode response) {
        if (response.size() == 1) {
            for (String wrapper : List.of("output", "result", "error")) {
                if (response.path(wrapper).isTextual()) {
                    return response.path(wrapper).textValue();
                }
            }
        }
        return response.isMissingNode() ? "{}" : response.toString();
    }

    private void model(JsonNode content, String at) {
        List<Content> said = new ArrayList<>();
        List<Message.ToolCall> asked = new ArrayList<>();
        StringBuilder thoughts = new StringBuilder();
        open.clear();
        for (JsonNode part : parts(content, at)) {
            String signature = ProtoJson.optional(part, "thoughtSignature");
            JsonNode call = ProtoJson.get(part, "functionCall");
            boolean thought = part.path("thought").asBoolean();
            if (thought) {
                thoughts.append(part.path("text").asText(""));
                if (signature != null) {
                    said.add(Thoughts.read(thoughts.toString(), signature));
                    thoughts.setLength(0);
                }
            } else if (call.isObject()) {
                asked.add(call(call, signature, at));
            } else if (!(part.path("text").isTextual() && part.path("text").textValue().isEmpty())) {
                said.add(part(part, at));
                if (signature != null) {
                    said.add(new Content.Reasoning("", signature));
                }
            }
        }
        if (!thoughts.isEmpty()) {
            said.add(new Content.Reasoning(thoughts.toString(), null));
        }
        open.addAll(asked);
        messages.add(Message.assistant(said, asked));
    }

    private Message.ToolCall call(JsonNode call, @Nullable String signature, String at) {
        String id = ProtoJson.optional(call, "id");
        JsonNode args = call.path("args");
        return new Message.ToolCall(
                id == null ? "call_" + calls++ : id,
                ProtoJson.text(call, at + ".functionCall.", "name"),
                args.isObject() ? args.toString() : "{}",
                signature);
    }

    static Content part(JsonNode part, String at) {
        JsonNode inline = ProtoJson.get(part, "inlineData");
        JsonNode file = ProtoJson.get(part, "fileData");
        if (part.path("text").isTextual()) {
            return new Content.Text(part.path("text").textValue());
        }
        if (inline.isObject()) {
            String type = ProtoJson.text(inline, at + ".inlineData.", "mimeType").toLowerCase(Locale.ROOT);
            String data = ProtoJson.text(inline, at + ".inlineData.", "data");
            if (type.startsWith("audio/")) {
                String format = type.substring("audio/".length());
                return new Content.Audio(data, format.equals("mpeg") ? "mp3" : format);
            }
            return file(type, "data:" + type + ";base64," + data, ProtoJson.optional(inline, "displayName"));
        }
        if (file.isObject()) {
            String type = ProtoJson.optional(file, "mimeType");
            String uri = ProtoJson.text(file, at + ".fileData.", "fileUri");
            return file(type == null ? "" : type, uri, ProtoJson.optional(file, "displayName"));
        }
        if (!(part instanceof ObjectNode object) || object.isEmpty()) {
            throw ProtoJson.invalid(at + ".parts", "each part must be an object with what it is");
        }
        return new Content.Unknown(WireWorker.GEMINI, object);
    }

    private static Content file(String type, String source, @Nullable String name) {
        return type.startsWith("image/") || type.isEmpty()
                ? new Content.Image(source, null)
                : new Content.Document(source, type, name);
    }
}

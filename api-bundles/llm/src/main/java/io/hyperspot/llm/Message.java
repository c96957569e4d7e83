// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message of a conversation.
 *
 * @param toolCalls of an assistant's message
 * @param toolCallId of a tool's message: the call that it answers
 * @param extra members that this contract does not know, passed through untouched
 */
public record Message(
        Role role,
        List<Content> content,
        List<ToolCall> toolCalls,
        @Nullable String toolCallId,
        @Nullable String name,
        @Nullable ObjectNode extra) {
    /** Who speaks. */
    public enum Role {
        SYSTEM,
        DEVELOPER,
        USER,
        ASSISTANT,
        TOOL
    }

    /**
     * A call that the model asks for.
     *
     * @param arguments JSON text as the model wrote it, valid or not
     */
    public record ToolCall(String id, String name, String arguments) {}

    public Message {
        content = List.copyOf(content);
        toolCalls = List.copyOf(toolCalls);
    }

    public static Message of(Role role, String text) {
        return new Message(role, List.of(new Content.Text(text)), List.of(), null, null, null);
    }

    /** The text parts, concatenated. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Content part : content) {
            if (part instanceof Content.Text(String value)) {
                text.append(value);
            }
        }
        return text.toString();
    }
}

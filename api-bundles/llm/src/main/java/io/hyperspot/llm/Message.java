// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message of a conversation.
 *
 * @param toolCalls of an assistant's message
 * @param toolCallId of a tool's message: the call that it answers
 * @param toolFailed of a tool's message: the content says why there is no result
 * @param extra members that this contract does not know
 */
public record Message(
        Role role,
        List<Content> content,
        List<ToolCall> toolCalls,
        @Nullable String toolCallId,
        boolean toolFailed,
        @Nullable String name,
        @Nullable Extra extra) {
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
     * @param signature what the provider wants back with the call, opaque; or null
     */
    public record ToolCall(String id, String name, String arguments, @Nullable String signature) {
        public ToolCall(String id, String name, String arguments) {
            this(id, name, arguments, null);
        }
    }

    public Message {
        content = List.copyOf(content);
        toolCalls = List.copyOf(toolCalls);
    }

    public static Message of(Role role, String text) {
        return of(role, List.of(new Content.Text(text)));
    }

    public static Message of(Role role, List<Content> content) {
        return new Message(role, content, List.of(), null, false, null, null);
    }

    /** What the model answered and which calls it asked for. */
    public static Message assistant(List<Content> content, List<ToolCall> toolCalls) {
        return new Message(Role.ASSISTANT, content, toolCalls, null, false, null, null);
    }

    /** What a tool gave back. */
    public static Message toolResult(String callId, List<Content> content, boolean failed) {
        return new Message(Role.TOOL, content, List.of(), callId, failed, null, null);
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

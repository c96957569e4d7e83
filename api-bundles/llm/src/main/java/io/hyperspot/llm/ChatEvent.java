// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A piece of an answer. A stream is: any number of deltas, then one {@link Finish}. */
public sealed interface ChatEvent {
    /** More text of the answer. */
    record TextDelta(String text) implements ChatEvent {}

    /** More of the reasoning. */
    record ReasoningDelta(String text) implements ChatEvent {}

    /**
     * Ends the part of the reasoning whose text came last, which may be none.
     *
     * @param signature as in {@link Content.Reasoning}
     */
    record ReasoningSignature(String signature) implements ChatEvent {}

    /** A part of the reasoning that the provider sends encrypted, whole. */
    record HiddenReasoning(String data) implements ChatEvent {}

    /**
     * More of a tool call.
     *
     * @param index of the call within the answer
     * @param id empty unless this is the call's first delta
     * @param name empty unless this is the call's first delta
     * @param signature as in {@link Message.ToolCall}; null unless this is the call's first delta
     */
    record ToolCallDelta(int index, String id, String name, String arguments, @Nullable String signature)
            implements ChatEvent {
        public ToolCallDelta(int index, String id, String name, String arguments) {
            this(index, id, name, arguments, null);
        }
    }

    /**
     * The end, exactly once.
     *
     * @param stopSequence the one of the request's that was met; null when there was none or it is not known
     */
    record Finish(Reason reason, Usage usage, @Nullable String stopSequence) implements ChatEvent {
        public Finish(Reason reason, Usage usage) {
            this(reason, usage, null);
        }
    }

    /** An event that this contract does not know, as the provider wrote it. */
    record Unknown(String protocol, ObjectNode json) implements ChatEvent {}

    /** Why an answer ended. */
    enum Reason {
        STOP,
        LENGTH,
        TOOL_CALLS,
        CONTENT_FILTER,
        CANCELLED
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A piece of an answer. A stream is: any number of deltas, then one {@link Finish}. */
public sealed interface ChatEvent {
    /** More text of the answer. */
    record TextDelta(String text) implements ChatEvent {}

    /** More of the reasoning. */
    record ReasoningDelta(String text) implements ChatEvent {}

    /**
     * More of a tool call.
     *
     * @param index of the call within the answer
     * @param id empty unless this is the call's first delta
     * @param name empty unless this is the call's first delta
     */
    record ToolCallDelta(int index, String id, String name, String arguments) implements ChatEvent {}

    /** The end, exactly once. */
    record Finish(Reason reason, Usage usage) implements ChatEvent {}

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

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for an answer, in no provider's shape. Absent options are null: the provider's default.
 *
 * @param model the name within its provider
 * @param responseFormat JSON schema or JSON mode as a JSON Schema document in {@code schema}, or null
 * @param extra members that this contract does not know, passed through untouched
 */
public record ChatRequest(
        String model,
        List<Message> messages,
        List<Tool> tools,
        @Nullable ToolChoice toolChoice,
        @Nullable Integer maxTokens,
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Long seed,
        List<String> stop,
        @Nullable ResponseFormat responseFormat,
        @Nullable ObjectNode extra) {
    /** A function that the model may call. */
    public record Tool(String name, @Nullable String description, @Nullable ObjectNode parameters, boolean strict) {}

    /** Which tool the model must call. */
    public sealed interface ToolChoice {
        record Auto() implements ToolChoice {}

        record None() implements ToolChoice {}

        record Required() implements ToolChoice {}

        record Named(String name) implements ToolChoice {}
    }

    /** The shape of the answer. */
    public sealed interface ResponseFormat {
        record Json() implements ResponseFormat {}

        record JsonSchema(String name, ObjectNode schema, boolean strict) implements ResponseFormat {}
    }

    public ChatRequest {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        stop = List.copyOf(stop);
    }

    public static ChatRequest of(String model, List<Message> messages) {
        return new ChatRequest(model, messages, List.of(), null, null, null, null, null, List.of(), null, null);
    }
}

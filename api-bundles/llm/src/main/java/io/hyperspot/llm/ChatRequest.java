// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
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

    /**
     * Refuses what no model can do: no messages, fewer than one token, a temperature outside 0 to 2, a
     * top_p outside 0 to 1. A worker that does not leave this to its provider begins with it.
     *
     * @throws ProblemException INVALID_ARGUMENT
     */
    public void validate() {
        check(!messages.isEmpty(), "messages must hold at least one message");
        check(maxTokens == null || maxTokens >= 1, "max_tokens must be at least 1");
        check(temperature == null || (temperature >= 0 && temperature <= 2), "temperature must be between 0 and 2");
        check(topP == null || (topP >= 0 && topP <= 1), "top_p must be between 0 and 1");
    }

    private static void check(boolean right, String rule) {
        if (!right) {
            throw new ProblemException(ErrorCategory.INVALID_ARGUMENT, "INVALID_REQUEST", rule);
        }
    }
}

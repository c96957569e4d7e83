// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request for an answer, in no provider's shape. Absent options are null: the provider's default. Made by
 * {@link #builder} or changed by {@link #toBuilder}: the list of options grows.
 *
 * @param model the name within its provider
 * @param parallelToolCalls whether the model may ask for several calls at once
 * @param maxTokens the longest answer, reasoning included
 * @param topK the model chooses among so many most likely tokens
 * @param presencePenalty -2 to 2
 * @param frequencyPenalty -2 to 2
 * @param extra members that this contract does not know
 */
public record ChatRequest(
        String model,
        List<Message> messages,
        List<Tool> tools,
        @Nullable ToolChoice toolChoice,
        @Nullable Boolean parallelToolCalls,
        @Nullable Integer maxTokens,
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Integer topK,
        @Nullable Double presencePenalty,
        @Nullable Double frequencyPenalty,
        @Nullable Long seed,
        List<String> stop,
        @Nullable ResponseFormat responseFormat,
        @Nullable Reasoning reasoning,
        @Nullable Extra extra) {
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

    /**
     * How much the model thinks before it answers. Providers know one or the other; a worker translates
     * what its provider does not know. Both null: it thinks, as much as it finds right.
     *
     * @param budgetTokens the most tokens that it may spend on thinking
     */
    public record Reasoning(@Nullable Effort effort, @Nullable Integer budgetTokens) {
        /** From not at all to as much as the model can. */
        public enum Effort {
            NONE,
            MINIMAL,
            LOW,
            MEDIUM,
            HIGH,
            MAX
        }
    }

    public ChatRequest {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        stop = List.copyOf(stop);
    }

    public static ChatRequest of(String model, List<Message> messages) {
        return builder(model, messages).build();
    }

    public static Builder builder(String model, List<Message> messages) {
        return new Builder(model, messages);
    }

    /** A builder that begins with this request. */
    public Builder toBuilder() {
        Builder builder = new Builder(model, messages);
        builder.tools = tools;
        builder.toolChoice = toolChoice;
        builder.parallelToolCalls = parallelToolCalls;
        builder.maxTokens = maxTokens;
        builder.temperature = temperature;
        builder.topP = topP;
        builder.topK = topK;
        builder.presencePenalty = presencePenalty;
        builder.frequencyPenalty = frequencyPenalty;
        builder.seed = seed;
        builder.stop = stop;
        builder.responseFormat = responseFormat;
        builder.reasoning = reasoning;
        builder.extra = extra;
        return builder;
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

    /**
     * Refuses what only another protocol knows, so that a translation never drops what the client meant. A
     * worker whose provider is not the author of the request's protocol begins with it.
     *
     * @param known the protocol whose members and content parts the caller passes on
     * @throws ProblemException INVALID_ARGUMENT that names every such member
     */
    public void refuseForeign(String known) {
        List<String> foreign = new ArrayList<>();
        collect(foreign, "", extra, known);
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            String at = "messages[" + i + "]";
            collect(foreign, at + ".", message.extra(), known);
            for (Content part : message.content()) {
                if (part instanceof Content.Unknown(String protocol, ObjectNode json) && !protocol.equals(known)) {
                    String first = json.isEmpty() ? "?" : json.fieldNames().next();
                    foreign.add(at + ".content of type '" + json.path("type").asText(first) + "'");
                }
            }
        }
        if (!foreign.isEmpty()) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT,
                    "UNSUPPORTED_MEMBER",
                    "the provider of the model '" + model + "' speaks another protocol, in which there is no place for: "
                            + String.join(", ", foreign) + "; leave it out, or use a model of a provider that knows it",
                    Map.of("members", List.copyOf(foreign)),
                    null);
        }
    }

    private static void collect(List<String> foreign, String at, @Nullable Extra extra, String known) {
        if (extra != null && !extra.protocol().equals(known)) {
            extra.members().fieldNames().forEachRemaining(name -> foreign.add(at + name));
        }
    }

    /** Builds requests. Not thread-safe. */
    public static final class Builder {
        private String model;
        private List<Message> messages;
        private List<Tool> tools = List.of();
        private @Nullable ToolChoice toolChoice;
        private @Nullable Boolean parallelToolCalls;
        private @Nullable Integer maxTokens;
        private @Nullable Double temperature;
        private @Nullable Double topP;
        private @Nullable Integer topK;
        private @Nullable Double presencePenalty;
        private @Nullable Double frequencyPenalty;
        private @Nullable Long seed;
        private List<String> stop = List.of();
        private @Nullable ResponseFormat responseFormat;
        private @Nullable Reasoning reasoning;
        private @Nullable Extra extra;

        private Builder(String model, List<Message> messages) {
            this.model = model;
            this.messages = messages;
        }

        public Builder model(String value) {
            model = value;
            return this;
        }

        public Builder messages(List<Message> value) {
            messages = value;
            return this;
        }

        public Builder tools(List<Tool> value) {
            tools = value;
            return this;
        }

        public Builder toolChoice(@Nullable ToolChoice value) {
            toolChoice = value;
            return this;
        }

        public Builder parallelToolCalls(@Nullable Boolean value) {
            parallelToolCalls = value;
            return this;
        }

        public Builder maxTokens(@Nullable Integer value) {
            maxTokens = value;
            return this;
        }

        public Builder temperature(@Nullable Double value) {
            temperature = value;
            return this;
        }

        public Builder topP(@Nullable Double value) {
            topP = value;
            return this;
        }

        public Builder topK(@Nullable Integer value) {
            topK = value;
            return this;
        }

        public Builder presencePenalty(@Nullable Double value) {
            presencePenalty = value;
            return this;
        }

        public Builder frequencyPenalty(@Nullable Double value) {
            frequencyPenalty = value;
            return this;
        }

        public Builder seed(@Nullable Long value) {
            seed = value;
            return this;
        }

        public Builder stop(List<String> value) {
            stop = value;
            return this;
        }

        public Builder responseFormat(@Nullable ResponseFormat value) {
            responseFormat = value;
            return this;
        }

        public Builder reasoning(@Nullable Reasoning value) {
            reasoning = value;
            return this;
        }

        public Builder extra(@Nullable Extra value) {
            extra = value;
            return this;
        }

        public ChatRequest build() {
            return new ChatRequest(
                    model,
                    messages,
                    tools,
                    toolChoice,
                    parallelToolCalls,
                    maxTokens,
                    temperature,
                    topP,
                    topK,
                    presencePenalty,
                    frequencyPenalty,
                    seed,
                    stop,
                    responseFormat,
                    reasoning,
                    extra);
        }
    }
}

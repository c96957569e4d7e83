// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.Content;
import io.hyperspot.llm.Extra;
import io.hyperspot.llm.Message;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes a chat request for the child, and refuses what a local model cannot do. */
final class ChildRequest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_STOPS = 16;

    private ChildRequest() {}

    /**
     * The request as JSON.
     *
     * @param maxTokens of the answer when the request does not say
     */
    static byte[] write(ChatRequest request, Path model, int contextTokens, int maxTokens, int threads) {
        ObjectNode json = JSON.createObjectNode();
        json.put("model", model.toAbsolutePath().toString());
        json.put("context", contextTokens);
        json.put("threads", threads);
        refuseTools(request);
        messages(request, json.putArray("messages"));
        int limit = request.maxTokens() == null ? maxTokens : request.maxTokens();
        json.put("max_tokens", atLeast("max_tokens", limit, 1));
        number(json, "temperature", request.temperature(), 0, 2);
        number(json, "top_p", request.topP(), 0, 1);
        if (request.seed() != null) {
            json.put("seed", request.seed().intValue());
        }
        if (request.stop().size() > MAX_STOPS) {
            throw invalid("INVALID_STOP", "at most " + MAX_STOPS + " stop strings can be given");
        }
        ArrayNode stops = json.putArray("stop");
        request.stop().stream().filter(stop -> !stop.isEmpty()).forEach(stops::add);
        switch (request.responseFormat()) {
            case null -> {}
            case ChatRequest.ResponseFormat.Json any -> json.putObject("schema").put("type", "object");
            case ChatRequest.ResponseFormat.JsonSchema schema -> json.set("schema", SchemaSubset.of(schema.schema()));
        }
        number(json, "presence_penalty", request.presencePenalty(), -2, 2);
        number(json, "frequency_penalty", request.frequencyPenalty(), -2, 2);
        extra(request);
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void refuseTools(ChatRequest request) {
        boolean none = request.toolChoice() instanceof ChatRequest.ToolChoice.None;
        if (!request.tools().isEmpty() && !none) {
            throw invalid(
                    "TOOLS_NOT_SUPPORTED",
                    "local models cannot call tools; leave tools out, or use a model of another provider");
        }
    }

    private static void messages(ChatRequest request, ArrayNode messages) {
        if (request.messages().isEmpty()) {
            throw invalid("INVALID_MESSAGES", "messages must hold at least one message");
        }
        for (Message message : request.messages()) {
            String role =
                    switch (message.role()) {
                        case SYSTEM, DEVELOPER -> "system";
                        case USER -> "user";
                        case ASSISTANT -> "assistant";
                        case TOOL -> throw invalid(
                                "TOOLS_NOT_SUPPORTED", "local models cannot call tools, so messages cannot answer one");
                    };
            if (!message.toolCalls().isEmpty()) {
                throw invalid("TOOLS_NOT_SUPPORTED", "local models cannot call tools; a message holds tool calls");
            }
            messages.addObject().put("role", role).put("content", text(message));
        }
    }

    private static String text(Message message) {
        StringBuilder text = new StringBuilder();
        for (Content part : message.content()) {
            switch (part) {
                case Content.Text(String value) -> text.append(value);
                case Content.Reasoning _, Content.HiddenReasoning _ -> {}
                case Content.Image image -> throw textOnly("an image");
                case Content.Audio audio -> throw textOnly("audio");
                case Content.Document document -> throw textOnly("a document");
                case Content.Unknown unknown -> throw textOnly("a part of an unknown type");
            }
        }
        return text.toString();
    }

    private static void extra(ChatRequest request) {
        if (request.topK() != null) {
            throw invalid("TOP_K_NOT_SUPPORTED", "local models do not take top_k; use top_p");
        }
        Extra extra = request.extra();
        if (extra != null && extra.members().path("n").asInt(1) != 1) {
            throw invalid("INVALID_N", "local models give one answer a request: n must be 1");
        }
        if (extra != null && extra.members().path("logprobs").asBoolean(false)) {
            throw invalid("LOGPROBS_NOT_SUPPORTED", "local models do not give logprobs");
        }
        request.refuseForeign("");
    }

    private static void number(
            ObjectNode json, String name, @Nullable Double value, double least, double most) {
        if (value == null) {
            return;
        }
        if (!(value >= least && value <= most)) {
            throw invalid(
                    "INVALID_" + name.toUpperCase(Locale.ROOT),
                    name + " must be between " + least + " and " + most + "; got " + value);
        }
        json.put(name, value);
    }

    private static int atLeast(String name, int value, int least) {
        if (value < least) {
            throw invalid("INVALID_MAX_TOKENS", name + " must be at least " + least + "; got " + value);
        }
        return value;
    }

    private static ProblemException textOnly(String what) {
        return invalid("TEXT_ONLY", "local models take text only; a message holds " + what);
    }

    static ProblemException invalid(String code, String detail) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, code, detail);
    }
}

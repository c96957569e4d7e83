// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.anthropic;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.Usage;
import io.hyperspot.web.spi.Exchange;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes the gateway's own events as a message of Anthropic's protocol. Used by one thread. */
abstract class MessageAnswer {
    final Exchange exchange;
    private final String model;
    private ChatEvent.Reason reason = ChatEvent.Reason.STOP;
    private @Nullable String stopSequence;
    private Usage usage = Usage.NONE;

    MessageAnswer(Exchange exchange, String model) {
        this.exchange = exchange;
        this.model = model;
    }

    void event(ChatEvent event) throws IOException {
        switch (event) {
            case ChatEvent.TextDelta(String text) -> text(text);
            case ChatEvent.ReasoningDelta(String text) -> thinking(text);
            case ChatEvent.ReasoningSignature(String signature) -> signature(signature);
            case ChatEvent.HiddenReasoning(String data) -> redacted(data);
            case ChatEvent.ToolCallDelta call -> toolCall(call);
            case ChatEvent.Finish finish -> {
                usage = finish.usage();
                reason = finish.reason();
                stopSequence = finish.stopSequence();
            }
            case ChatEvent.Unknown _ -> {
                // what another protocol's provider adds has no place in this one
            }
        }
    }

    abstract void text(String text) throws IOException;

    abstract void thinking(String text) throws IOException;

    abstract void signature(String signature) throws IOException;

    abstract void redacted(String data) throws IOException;

    abstract void toolCall(ChatEvent.ToolCallDelta call) throws IOException;

    /** The answer is complete. */
    abstract void finish() throws IOException;

    /** A message without content, as far as it is known. */
    ObjectNode message(boolean complete) {
        ObjectNode message = block("message")
                .put("id", "msg_" + exchange.requestId())
                .put("role", "assistant")
                .put("model", model);
        message.putArray("content");
        ending(message, complete);
        message.set("usage", AnthropicUsage.write(usage));
        return message;
    }

    void ending(ObjectNode target, boolean complete) {
        target.put("stop_reason", complete ? stopReason() : null);
        target.put("stop_sequence", complete ? stopSequence : null);
    }

    Usage usage() {
        return usage;
    }

    private String stopReason() {
        return switch (reason) {
            case STOP, CANCELLED -> stopSequence == null ? "end_turn" : "stop_sequence";
            case LENGTH -> "max_tokens";
            case TOOL_CALLS -> "tool_use";
            case CONTENT_FILTER -> "refusal";
        };
    }

    static ObjectNode block(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }
}

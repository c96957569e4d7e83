// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.anthropic;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatEvent;
import io.hyperspot.web.spi.Exchange;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes an answer event by event. Blocks of text and thinking end when another begins; those of tool calls stay
 * open to the end, because a model may write several at once.
 */
final class StreamedMessage extends MessageAnswer {
    private static final int NONE = -1;

    private final Map<Integer, Integer> calls = new TreeMap<>();
    private boolean begun;
    private int blocks;
    private int open = NONE;
    private String openType = "";

    StreamedMessage(Exchange exchange, String model) {
        super(exchange, model);
    }

    @Override
    void text(String text) throws IOException {
        ensure("text", block("text").put("text", ""));
        delta(open, block("text_delta").put("text", text));
    }

    @Override
    void thinking(String text) throws IOException {
        ensure("thinking", block("thinking").put("thinking", "").put("signature", ""));
        delta(open, block("thinking_delta").put("thinking", text));
    }

    @Override
    void signature(String signature) throws IOException {
        ensure("thinking", block("thinking").put("thinking", "").put("signature", ""));
        delta(open, block("signature_delta").put("signature", signature));
        close();
    }

    @Override
    void redacted(String data) throws IOException {
        close();
        stop(start(block("redacted_thinking").put("data", data)));
    }

    @Override
    void toolCall(ChatEvent.ToolCallDelta call) throws IOException {
        close();
        Integer index = calls.get(call.index());
        if (index == null) {
            ObjectNode use = block("tool_use").put("id", call.id()).put("name", call.name());
            use.putObject("input");
            index = start(use);
            calls.put(call.index(), index);
        }
        if (!call.arguments().isEmpty()) {
            delta(index, block("input_json_delta").put("partial_json", call.arguments()));
        }
    }

    @Override
    void finish() throws IOException {
        begin();
        close();
        for (int index : calls.values()) {
            stop(index);
        }
        ObjectNode end = block("message_delta");
        ending(end.putObject("delta"), true);
        end.set("usage", AnthropicUsage.write(usage()));
        send("message_delta", end);
        send("message_stop", block("message_stop"));
        exchange.end();
    }

    private void begin() throws IOException {
        if (!begun) {
            begun = true;
            ObjectNode start = block("message_start");
            start.set("message", message(false));
            send("message_start", start);
        }
    }

    private void ensure(String type, ObjectNode empty) throws IOException {
        if (!openType.equals(type)) {
            close();
            open = start(empty);
            openType = type;
        }
    }

    private void close() throws IOException {
        if (open != NONE) {
            stop(open);
            open = NONE;
            openType = "";
        }
    }

    private int start(ObjectNode content) throws IOException {
        begin();
        int index = blocks++;
        ObjectNode start = block("content_block_start").put("index", index);
        start.set("content_block", content);
        send("content_block_start", start);
        return index;
    }

    private void delta(int index, ObjectNode delta) throws IOException {
        ObjectNode event = block("content_block_delta").put("index", index);
        event.set("delta", delta);
        send("content_block_delta", event);
    }

    private void stop(int index) throws IOException {
        send("content_block_stop", JsonNodeFactory.instance.objectNode().put("type", "content_block_stop").put("index", index));
    }

    private void send(String name, ObjectNode data) throws IOException {
        exchange.events().send(name, null, data.toString());
    }
}

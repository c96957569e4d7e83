// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.anthropic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.hyperspot.llm.ChatEvent;
import io.hyperspot.web.spi.Exchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Gathers an answer into one message. */
final class WholeMessage extends MessageAnswer {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private record Call(String id, String name, StringBuilder arguments) {}

    private final List<ObjectNode> blocks = new ArrayList<>();
    private final StringBuilder open = new StringBuilder();
    private String openType = "";
    private final Map<Integer, Call> calls = new TreeMap<>();

    WholeMessage(Exchange exchange, String model) {
        super(exchange, model);
    }

    @Override
    void text(String text) {
        gather("text", text);
    }

    @Override
    void thinking(String text) {
        gather("thinking", text);
    }

    private void gather(String type, String text) {
        if (!openType.equals(type)) {
            close("");
            openType = type;
        }
        open.append(text);
    }

    private void close(String signature) {
        if (openType.equals("text")) {
            blocks.add(block("text").put("text", open.toString()));
        } else if (openType.equals("thinking")) {
            blocks.add(block("thinking").put("thinking", open.toString()).put("signature", signature));
        }
        openType = "";
        open.setLength(0);
    }

    @Override
    void signature(String signature) {
        gather("thinking", "");
        close(signature);
    }

    @Override
    void redacted(String data) {
        close("");
        blocks.add(block("redacted_thinking").put("data", data));
    }

    @Override
    void toolCall(ChatEvent.ToolCallDelta call) {
        close("");
        calls.computeIfAbsent(call.index(), index -> new Call(call.id(), call.name(), new StringBuilder()))
                .arguments()
                .append(call.arguments());
    }

    @Override
    void finish() throws IOException {
        close("");
        ObjectNode message = message(true);
        message.withArrayProperty("content").addAll(blocks);
        for (Call call : calls.values()) {
            ObjectNode use = block("tool_use").put("id", call.id()).put("name", call.name());
            use.set("input", input(call.arguments().toString()));
            message.withArrayProperty("content").add(use);
        }
        exchange.respond(200, "application/json", message.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** What the model wrote, valid or not: a client that checks its input must see that it is not. */
    private static JsonNode input(String arguments) {
        if (arguments.isBlank()) {
            return JSON.createObjectNode();
        }
        try {
            return JSON.readTree(arguments);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(arguments);
        }
    }
}

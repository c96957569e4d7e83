// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.Content;
import java.util.ArrayList;
import java.util.List;

/**
 * Reasoning in chat completions, which OpenAI itself keeps to itself: the text as {@code reasoning_content},
 * as DeepSeek and vLLM have it, and what must be sent back unchanged as {@code reasoning_details}, as
 * OpenRouter has it.
 */
final class ReasoningDetails {
    static final String MEMBER = "reasoning_details";
    private static final String TEXT = "reasoning.text";
    private static final String ENCRYPTED = "reasoning.encrypted";

    private ReasoningDetails() {}

    /** The reasoning of an assistant's message; the details when there are any, else the bare text. */
    static List<Content> read(JsonNode message) {
        List<Content> content = new ArrayList<>();
        for (JsonNode detail : message.path(MEMBER)) {
            String type = detail.path("type").asText();
            if (type.equals(ENCRYPTED)) {
                content.add(new Content.HiddenReasoning(detail.path("data").asText()));
            } else if (type.equals(TEXT)) {
                JsonNode signature = detail.path("signature");
                content.add(new Content.Reasoning(
                        detail.path("text").asText(), signature.isTextual() ? signature.textValue() : null));
            }
        }
        String text = message.path("reasoning_content").asText("");
        if (content.isEmpty() && !text.isEmpty()) {
            content.add(new Content.Reasoning(text, null));
        }
        return content;
    }

    static void signed(ArrayNode details, String text, String signature) {
        numbered(details, TEXT).put("text", text).put("signature", signature);
    }

    static void encrypted(ArrayNode details, String data) {
        numbered(details, ENCRYPTED).put("data", data);
    }

    private static ObjectNode numbered(ArrayNode details, String type) {
        return details.addObject().put("type", type).put("index", details.size() - 1);
    }
}

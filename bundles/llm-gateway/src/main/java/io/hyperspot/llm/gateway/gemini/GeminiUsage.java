// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.gemini;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.Usage;
import io.hyperspot.llm.gateway.calls.UsageFormat;
import java.io.IOException;

/**
 * {@code usageMetadata} of answers. Here the tokens of thoughts are not among those of the candidates, and what
 * Google's own tools read is not among those of the prompt; every piece of a stream tells all so far.
 */
enum GeminiUsage implements UsageFormat {
    FORMAT;

    @Override
    public String member() {
        return "usageMetadata";
    }

    @Override
    public Usage read(JsonParser parser, Usage before) throws IOException {
        long prompt = 0;
        long tools = 0;
        long cached = 0;
        long candidates = 0;
        long thoughts = 0;
        long audioInput = 0;
        long audioOutput = 0;
        String details = "";
        boolean audio = false;
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            String name = parser.currentName();
            if (token == JsonToken.START_ARRAY && name != null) {
                details = name;
            } else if (token == JsonToken.END_ARRAY) {
                details = "";
            } else if (token == JsonToken.VALUE_STRING && "modality".equals(name)) {
                audio = parser.getText().equals("AUDIO");
            } else if (token == JsonToken.VALUE_NUMBER_INT && name != null) {
                long count = parser.getLongValue();
                switch (name) {
                    case "promptTokenCount" -> prompt = count;
                    case "toolUsePromptTokenCount" -> tools = count;
                    case "cachedContentTokenCount" -> cached = count;
                    case "candidatesTokenCount", "responseTokenCount" -> candidates = count;
                    case "thoughtsTokenCount" -> thoughts = count;
                    case "tokenCount" -> {
                        if (audio && details.equals("promptTokensDetails")) {
                            audioInput = count;
                        } else if (audio && details.equals("candidatesTokensDetails")) {
                            audioOutput = count;
                        }
                    }
                    default -> {}
                }
            }
        }
        return new Usage(prompt + tools, cached, candidates + thoughts, thoughts, 0, 0, audioInput, audioOutput);
    }

    static ObjectNode write(Usage usage) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("promptTokenCount", usage.input())
                .put("candidatesTokenCount", usage.output() - usage.reasoning())
                .put("totalTokenCount", usage.input() + usage.output());
        if (usage.cachedInput() > 0) {
            node.put("cachedContentTokenCount", usage.cachedInput());
        }
        if (usage.reasoning() > 0) {
            node.put("thoughtsTokenCount", usage.reasoning());
        }
        return node;
    }
}

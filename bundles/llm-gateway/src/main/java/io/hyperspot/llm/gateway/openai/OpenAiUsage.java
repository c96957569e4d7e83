// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.hyperspot.llm.Usage;
import io.hyperspot.llm.gateway.calls.UsageFormat;
import java.io.IOException;

/** {@code usage} of chat completions, responses and embeddings. */
enum OpenAiUsage implements UsageFormat {
    FORMAT;

    @Override
    public String member() {
        return "usage";
    }

    @Override
    public Usage read(JsonParser parser, Usage before) throws IOException {
        long input = 0;
        long cached = 0;
        long output = 0;
        long reasoning = 0;
        long audioInput = 0;
        long audioOutput = 0;
        String group = "";
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            if (token == JsonToken.START_OBJECT && parser.currentName() != null) {
                group = parser.currentName();
            } else if (token == JsonToken.VALUE_NUMBER_INT && parser.currentName() != null) {
                switch (parser.currentName()) {
                    case "prompt_tokens", "input_tokens" -> input = parser.getLongValue();
                    case "completion_tokens", "output_tokens" -> output = parser.getLongValue();
                    case "cached_tokens" -> cached = parser.getLongValue();
                    case "reasoning_tokens" -> reasoning = parser.getLongValue();
                    case "audio_tokens" -> {
                        if (group.startsWith("prompt") || group.startsWith("input")) {
                            audioInput = parser.getLongValue();
                        } else {
                            audioOutput = parser.getLongValue();
                        }
                    }
                    default -> {}
                }
            }
        }
        return new Usage(input, cached, output, reasoning, 0, 0, audioInput, audioOutput);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.Usage;
import io.hyperspot.llm.gateway.calls.UsageFormat;
import java.io.IOException;

/**
 * {@code usage} of messages. Here {@code input_tokens} are those that no cache has to do with, and a stream tells
 * it twice: the input at its begin, the output at its end, where it may repeat the input.
 */
enum AnthropicUsage implements UsageFormat {
    FORMAT;

    @Override
    public String member() {
        return "usage";
    }

    @Override
    public Usage read(JsonParser parser, Usage before) throws IOException {
        long plain = before.input() - before.cachedInput() - before.cacheWrite() - before.cacheWriteHour();
        long read = before.cachedInput();
        long written = before.cacheWrite() + before.cacheWriteHour();
        long hour = before.cacheWriteHour();
        long output = before.output();
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            if (token == JsonToken.VALUE_NUMBER_INT && parser.currentName() != null) {
                switch (parser.currentName()) {
                    case "input_tokens" -> plain = parser.getLongValue();
                    case "cache_read_input_tokens" -> read = parser.getLongValue();
                    case "cache_creation_input_tokens" -> written = parser.getLongValue();
                    case "ephemeral_1h_input_tokens" -> hour = parser.getLongValue();
                    case "output_tokens" -> output = parser.getLongValue();
                    default -> {}
                }
            }
        }
        return new Usage(plain + read + written, read, output, 0, written - hour, hour, 0, 0);
    }

    static ObjectNode write(Usage usage) {
        long written = usage.cacheWrite() + usage.cacheWriteHour();
        return JsonNodeFactory.instance
                .objectNode()
                .put("input_tokens", Math.max(0, usage.input() - usage.cachedInput() - written))
                .put("cache_creation_input_tokens", written)
                .put("cache_read_input_tokens", usage.cachedInput())
                .put("output_tokens", usage.output());
    }
}

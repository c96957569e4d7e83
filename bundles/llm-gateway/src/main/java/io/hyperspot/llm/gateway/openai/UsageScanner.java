// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.hyperspot.llm.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Finds the usage in a body that passes by in pieces, by a byte automaton for the key {@code usage},
 * without decoding anything else. The last one wins. Inside a string of the answer the quotes would
 * be escaped, so text cannot be taken for it.
 */
final class UsageScanner {
    private static final byte[] KEY = "\"usage\"".getBytes(StandardCharsets.US_ASCII);
    private static final JsonFactory JSON = new JsonFactory();
    private static final int LONGEST = 2048;

    private int matched;
    private int depth;
    private int length;
    private byte[] capture = new byte[0];
    private boolean capturing;
    private boolean colon;
    private boolean quoted;
    private boolean escaped;
    private Usage usage = Usage.NONE;

    Usage usage() {
        return usage;
    }

    void scan(byte[] bytes, int offset, int count) {
        for (int i = offset, end = offset + count; i < end; i++) {
            byte b = bytes[i];
            if (capturing) {
                take(b);
            } else if (b == KEY[matched]) {
                matched++;
                if (matched == KEY.length) {
                    matched = 0;
                    begin();
                }
            } else {
                matched = b == KEY[0] ? 1 : 0;
            }
        }
    }

    private void begin() {
        capturing = true;
        colon = false;
        quoted = false;
        escaped = false;
        depth = 0;
        length = 0;
        if (capture.length == 0) {
            capture = new byte[LONGEST];
        }
    }

    private void take(byte b) {
        if (length == 0 && (b == ' ' || b == '\n' || b == '\r' || b == '\t')) {
            return;
        }
        if (!colon) {
            // a string of that text, not a key
            colon = b == ':';
            capturing = colon;
            matched = b == KEY[0] ? 1 : 0;
            return;
        }
        if ((length == 0 && b != '{') || length == LONGEST) {
            // null, or no usage of a sensible size
            capturing = false;
            return;
        }
        capture[length++] = b;
        if (quoted) {
            quoted = escaped || b != '"';
            escaped = !escaped && b == '\\';
        } else if (b == '"') {
            quoted = true;
        } else if (b == '{') {
            depth++;
        } else if (b == '}' && --depth == 0) {
            capturing = false;
            parse();
        }
    }

    private void parse() {
        long input = 0;
        long cached = 0;
        long output = 0;
        long reasoning = 0;
        try (JsonParser parser = JSON.createParser(capture, 0, length)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_NUMBER_INT && parser.currentName() != null) {
                    switch (parser.currentName()) {
                        case "prompt_tokens", "input_tokens" -> input = parser.getLongValue();
                        case "completion_tokens", "output_tokens" -> output = parser.getLongValue();
                        case "cached_tokens" -> cached = parser.getLongValue();
                        case "reasoning_tokens" -> reasoning = parser.getLongValue();
                        default -> {}
                    }
                }
            }
            usage = new Usage(input, cached, output, reasoning);
        } catch (IOException e) {
            // not JSON after all: nothing was counted
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.calls;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.hyperspot.llm.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Finds the usage in a body that passes by in pieces, by a byte automaton for its key, without decoding
 * anything else. The last one wins, as the format says. Inside a string of the answer the quotes would
 * be escaped, so text cannot be taken for it.
 */
public final class UsageScanner {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int LONGEST = 4096;

    private final UsageFormat format;
    private final byte[] key;
    private int matched;
    private int depth;
    private int length;
    private byte[] capture = new byte[0];
    private boolean capturing;
    private boolean colon;
    private boolean quoted;
    private boolean escaped;
    private boolean lineBegins;
    private int events;
    private Usage usage = Usage.NONE;

    public UsageScanner(UsageFormat format) {
        this.format = format;
        key = ('"' + format.member() + '"').getBytes(StandardCharsets.US_ASCII);
    }

    public Usage usage() {
        return usage;
    }

    /** How many empty lines have passed: of a stream of events, how many events. */
    public int events() {
        return events;
    }

    public void scan(byte[] bytes, int offset, int count) {
        for (int i = offset, end = offset + count; i < end; i++) {
            byte b = bytes[i];
            if (b == '\n') {
                events += lineBegins ? 1 : 0;
                lineBegins = true;
            } else if (b != '\r') {
                lineBegins = false;
            }
            if (capturing) {
                take(b);
            } else if (b == key[matched]) {
                matched++;
                if (matched == key.length) {
                    matched = 0;
                    begin();
                }
            } else {
                matched = b == key[0] ? 1 : 0;
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
            matched = b == key[0] ? 1 : 0;
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
        try (JsonParser parser = JSON.createParser(capture, 0, length)) {
            usage = format.read(parser, usage);
        } catch (IOException e) {
            // not usage after all: nothing was counted
        }
    }
}

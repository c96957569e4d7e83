// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The lines of the protocol. An event's own JSON is passed on as it is, not read. */
sealed interface Envelope {
    /** The longest line in either direction. */
    int MAX_LINE = 16 * 1024 * 1024;

    record Ready() implements Envelope {}

    record Retire() implements Envelope {}

    record Event(long id, byte[] json) implements Envelope {}

    record Done(long id) implements Envelope {}

    record Failure(long id, String message, String code) implements Envelope {}

    JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(MAX_LINE)
                    .maxNestingDepth(100)
                    .build())
            .build();

    /**
     * @throws IOException when the line is not of the protocol
     */
    static Envelope read(byte[] line) throws IOException {
        long id = -1;
        byte[] event = null;
        String error = null;
        String code = "";
        boolean done = false;
        boolean ready = false;
        boolean retire = false;
        try (JsonParser parser = JSON.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("it wrote a line that is no JSON object");
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                JsonToken value = parser.nextToken();
                switch (name) {
                    case "id" -> id = parser.getLongValue();
                    case "event" -> {
                        if (value != JsonToken.START_OBJECT) {
                            throw new IOException("it wrote an event that is no JSON object");
                        }
                        int start = (int) parser.currentTokenLocation().getByteOffset();
                        parser.skipChildren();
                        event = Arrays.copyOfRange(
                                line, start, (int) parser.currentLocation().getByteOffset());
                    }
                    case "error" -> error = parser.getText();
                    case "code" -> code = parser.getText();
                    case "done" -> done = parser.getBooleanValue();
                    case "ready" -> ready = parser.getBooleanValue();
                    case "retire" -> retire = parser.getBooleanValue();
                    default -> parser.skipChildren();
                }
            }
        }
        if (ready) {
            return new Ready();
        }
        if (retire) {
            return new Retire();
        }
        if (id < 0) {
            throw new IOException("it wrote a line without the id of a request");
        }
        if (error != null) {
            return new Failure(id, error, code);
        }
        if (done) {
            return new Done(id);
        }
        if (event == null) {
            throw new IOException("it wrote a line without event, done or error");
        }
        return new Event(id, event);
    }

    /**
     * The line of a request.
     *
     * @throws IllegalArgumentException when it is no JSON object, or is too large
     */
    static byte[] request(long id, byte[] json) {
        int start = 0;
        while (start < json.length && json[start] <= ' ') {
            start++;
        }
        int next = start + 1;
        while (next < json.length && json[next] <= ' ' && json[next] >= 0) {
            next++;
        }
        if (next >= json.length || json[start] != '{') {
            throw new IllegalArgumentException("a request must be a JSON object");
        }
        if (json.length > MAX_LINE - 64) {
            throw new IllegalArgumentException("a request may have " + MAX_LINE + " bytes; this has " + json.length);
        }
        byte[] head = ("{\"id\":" + id + (json[next] == '}' ? "" : ",")).getBytes(StandardCharsets.US_ASCII);
        byte[] line = Arrays.copyOf(head, head.length + json.length - start);
        System.arraycopy(json, start + 1, line, head.length, json.length - start - 1);
        for (int i = 0; i < line.length; i++) {
            // Between tokens only: a JSON string cannot hold a line end as it is.
            if (line[i] == '\n' || line[i] == '\r') {
                line[i] = ' ';
            }
        }
        line[line.length - 1] = '\n';
        return line;
    }

    static byte[] cancel(long id) {
        return ("{\"cancel\":" + id + "}\n").getBytes(StandardCharsets.US_ASCII);
    }
}

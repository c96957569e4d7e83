// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.llm.spi.WireWorker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** What a client of OpenAI's protocol gets. */
final class WireAnswer implements WireWorker.Sink {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final CountDownLatch begun = new CountDownLatch(1);
    private int status;
    private String contentType = "";
    private long length = -1;
    private int parts;

    @Override
    public void start(int code, String type, long declared, Map<String, String> headers) throws IOException {
        assertThat(status).as("the head comes once").isZero();
        assertThat(code).isBetween(200, 599);
        assertThat(headers).isNotNull();
        status = code;
        contentType = type;
        length = declared;
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        assertThat(status).as("the head comes first").isNotZero();
        parts++;
        body.write(bytes, offset, count);
        begun.countDown();
    }

    CountDownLatch begun() {
        return begun;
    }

    int status() {
        return status;
    }

    String contentType() {
        return contentType;
    }

    int parts() {
        return parts;
    }

    String body() {
        if (length >= 0) {
            assertThat(body.size()).as("the length that the head declares").isEqualTo((int) length);
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    /** The text of an answer that is not streamed. */
    String wholeText() throws IOException {
        return JSON.readTree(body()).at("/choices/0/message/content").asText();
    }

    /** The text of a streamed answer, which must be complete. */
    String streamedText() throws IOException {
        StringBuilder text = new StringBuilder();
        String last = "";
        for (String line : body().lines().toList()) {
            if (line.startsWith("data:")) {
                last = line.substring("data:".length()).strip();
                if (!last.equals("[DONE]")) {
                    JsonNode delta = JSON.readTree(last).at("/choices/0/delta/content");
                    text.append(delta.isTextual() ? delta.textValue() : "");
                }
            }
        }
        assertThat(last).as("the last event").isEqualTo("[DONE]");
        return text.toString();
    }
}

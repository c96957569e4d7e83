// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client sees while a model is slow, and when it is too slow. */
final class StreamingTest {
    private static final String BEAT = ": keep-alive\n\n";

    @TempDir
    static Path home;

    static FakeProvider provider;
    static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        provider = new FakeProvider();
        server = TestServer.start(home, provider.yaml("mock") + """
                  llm-gateway: { stream_heartbeat_seconds: 1, stream_idle_timeout_seconds: 3, request_timeout_seconds: 5 }
                """);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        provider.close();
    }

    private static TestServer.Answer stream(String model) throws Exception {
        return server.post(
                "/openai/v1/chat/completions",
                "{\"model\":\"mock/" + model + "\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
    }

    private static JsonNode lastEvent(TestServer.Answer answer) throws IOException {
        return new ObjectMapper().readTree(answer.body().substring(answer.body().lastIndexOf("data: ") + 6));
    }

    @Test
    void keepsTheClientWhileTheFirstTokenIsWaitedForAndThenGivesUp() throws Exception {
        TestServer.Answer answer = stream("silent");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).isEqualTo("text/event-stream");
        assertThat(answer.header("x-accel-buffering")).isEqualTo("no");
        assertThat(answer.body()).startsWith(BEAT).doesNotContain("[DONE]");
        assertThat(lastEvent(answer).at("/error/code").asText()).isEqualTo("deadline_exceeded");
        assertThat(lastEvent(answer).at("/error/message").asText()).contains("idle deadline");
    }

    @Test
    void endsAStreamThatStallsWithAnErrorAndNotWithDone() throws Exception {
        TestServer.Answer answer = stream("stall");
        assertThat(answer.body()).contains("\"content\":\"two\"", BEAT).doesNotContain("[DONE]");
        assertThat(lastEvent(answer).at("/error/code").asText()).isEqualTo("deadline_exceeded");
    }

    @Test
    void endsAnEndlessStreamAtItsTotalDeadline() throws Exception {
        TestServer.Answer answer = stream("endless");
        assertThat(answer.body()).contains("\"content\":\"more\"").doesNotContain(BEAT).doesNotContain("[DONE]");
        assertThat(lastEvent(answer).at("/error/message").asText()).contains("deadline of 5 s");
    }

    @Test
    void answersAUnaryCallThatTakesTooLong() throws Exception {
        TestServer.Answer answer = server.post("/openai/v1/chat/completions", TestServer.chat("mock/silent", "hi"));
        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.json().at("/error/code").asText()).isEqualTo("deadline_exceeded");
        assertThat(answer.json().at("/error/type").asText()).isEqualTo("server_error");
    }

    @Test
    void changesNothingOfAStreamThatIsFast() throws Exception {
        TestServer.Answer answer = stream("plain");
        assertThat(answer.body()).startsWith("data: {").endsWith("data: [DONE]\n\n").doesNotContain(BEAT);
        assertThat(stream("e429").status()).isEqualTo(429);
    }
}

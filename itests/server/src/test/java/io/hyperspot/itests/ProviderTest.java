// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A configured provider, as a client of the OpenAI surface sees it. */
final class ProviderTest {
    @TempDir
    static Path home;

    static FakeProvider provider;
    static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        provider = new FakeProvider();
        server = TestServer.start(home, provider.yaml("mock"));
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        provider.close();
    }

    @Test
    void answersWithEveryFieldOfTheProvider() throws Exception {
        TestServer.Answer answer = server.post(
                "/openai/v1/chat/completions",
                "{\"model\":\"mock/plain\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"x_mine\":[1,2]}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().at("/choices/0/message/content").asText()).isEqualTo("Hello there!");
        assertThat(answer.json().at("/x_unknown/kept").asBoolean()).isTrue();
        assertThat(provider.received.getLast().body())
                .isEqualTo("{\"model\":\"plain\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"x_mine\":[1,2]}");
    }

    @Test
    void streamsEventsThroughToDone() throws Exception {
        TestServer.Answer answer = server.post(
                "/openai/v1/chat/completions",
                "{\"model\":\"mock/plain\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        assertThat(answer.header("content-type")).startsWith("text/event-stream");
        assertThat(answer.body()).contains("\"content\":\"Hello\"", "\"content\":\" there\"").endsWith("data: [DONE]\n\n");
    }

    @Test
    void listsTheProvidersModels() {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(server.models()).contains("mock/plain"));
    }

    @ParameterizedTest
    @CsvSource({
        "e429, 429, rate", "e400, 400, told to", "e500, 500, told to", "e404, 404, told to",
        "e401, 502, api_key", "garbage, 502, mock", "html, 502, mock"
    })
    void tellsWhatIsWrongWithTheProvider(String model, int status, String words) throws Exception {
        TestServer.Answer answer = server.post("/openai/v1/chat/completions", TestServer.chat("mock/" + model, "hi"));
        assertThat(answer.status()).isEqualTo(status);
        String message = answer.json().at("/error/message").asText();
        assertThat(message).isNotEmpty();
        if (status == 429) {
            assertThat(answer.header("retry-after")).isEqualTo("7");
        }
        if (status == 502) {
            assertThat(message).contains(words);
        }
        assertThat(answer.body()).doesNotContain(FakeProvider.KEY).doesNotContain("Exception").doesNotContain("\tat ");
    }

    @Test
    void tellsInsideTheStreamThatItBrokeOff() throws Exception {
        TestServer.Answer answer = server.post(
                "/openai/v1/chat/completions",
                "{\"model\":\"mock/reset\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("\"content\":\"two\"").contains("\"error\"").doesNotContain("[DONE]");
    }

    @ParameterizedTest
    @CsvSource({"silent, false", "silent, true", "stall, true", "endless, true"})
    void cancelsTheUpstreamCallWhenTheClientLeaves(String model, boolean stream) throws Exception {
        int before = provider.active.get();
        String body = "{\"model\":\"mock/" + model + "\",\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        long left;
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.url().getPort())) {
            client.getOutputStream()
                    .write(("POST /openai/v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                                    + server.firstKey() + "\r\nContent-Type: application/json\r\nContent-Length: "
                                    + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.UTF_8));
            if (!model.equals("silent")) {
                InputStream in = client.getInputStream();
                assertThat(new String(in.readNBytes(12), StandardCharsets.UTF_8)).isEqualTo("HTTP/1.1 200");
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> provider.active.get() == before + 1);
            left = System.nanoTime();
        }
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> provider.active.get() == before);
        System.out.println("cancelled after " + (System.nanoTime() - left) / 1_000_000 + " ms: " + model);
    }

    @Test
    void forwardsEmbeddings() throws Exception {
        TestServer.Answer answer =
                server.post("/openai/v1/embeddings", "{\"model\":\"mock/e\",\"input\":\"hi\"}");
        assertThat(answer.json().at("/data/0/embedding/1").asDouble()).isEqualTo(-0.25);
    }

    @Test
    void appearsAndGoesWithTheConfiguration() throws Exception {
        try (FakeProvider second = new FakeProvider()) {
            String both = provider.yaml("mock") + second.yaml("extra").lines().skip(3).findFirst().orElseThrow() + "\n";
            server.configure(both);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> server.post("/openai/v1/chat/completions", TestServer.chat("extra/anything", "hi")).status()
                            == 200);
            server.configure(provider.yaml("mock"));
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> server.post("/openai/v1/chat/completions", TestServer.chat("extra/anything", "hi")).status()
                            == 404);
            TestServer.Answer gone = server.post("/openai/v1/chat/completions", TestServer.chat("extra/anything", "hi"));
            assertThat(gone.json().at("/error/message").asText()).contains("extra/anything").contains("mock/plain");
            assertThat(gone.json().at("/error/code").asText()).isEqualTo("model_not_found");
        }
    }
}

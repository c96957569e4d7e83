// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperspot.itests.providers.AnthropicServer;
import io.hyperspot.itests.providers.GeminiServer;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client that goes away takes the provider's work with it, on every connector; how soon is printed. */
final class LeaveTest {
    private static final int TIMES = 10;

    @TempDir
    static Path home;

    static GeminiServer google;
    static AnthropicServer claude;
    static FakeProvider mock;
    static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        google = new GeminiServer();
        claude = new AnthropicServer();
        mock = new FakeProvider();
        server = TestServer.start(
                home,
                google.yaml("google") + claude.yaml("claude").replace("modules:\n", "") + mock.yaml("mock").replace("modules:\n", ""));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        mock.close();
        claude.close();
        google.close();
    }

    private static int active() {
        return google.active() + claude.active() + mock.active.get();
    }

    private static Socket ask(String model, boolean stream) throws Exception {
        URI url = server.url();
        String body = "{\"model\":\"" + model + "\",\"stream\":" + stream + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        Socket socket = new Socket(url.getHost(), url.getPort());
        socket.getOutputStream()
                .write(("POST /openai/v1/chat/completions HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\nAuthorization: Bearer "
                                + server.firstKey() + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                                + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @ParameterizedTest
    @CsvSource({
        "google/endless, true", "claude/endless, true", "mock/endless, true",
        "google/silent, false", "claude/silent, false", "mock/silent, false",
    })
    void takesTheProvidersWorkWithIt(String model, boolean stream) throws Exception {
        long longest = 0;
        for (int i = 0; i < TIMES; i++) {
            try (Socket client = ask(model, stream)) {
                await().atMost(Duration.ofSeconds(20)).until(() -> active() == 1);
                if (stream) {
                    InputStream in = client.getInputStream();
                    assertThat(in.readNBytes(400)).hasSize(400);
                }
            }
            long left = System.nanoTime();
            await().atMost(Duration.ofSeconds(20)).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> active() == 0);
            longest = Math.max(longest, System.nanoTime() - left);
        }
        System.out.println(model + (stream ? " streamed" : " unary") + ": provider left " + TIMES + " of " + TIMES
                + " times, at most " + Duration.ofNanos(longest).toMillis() + " ms after the client");
    }
}

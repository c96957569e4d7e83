// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Instances that cannot be used beside one that can. */
final class BrokenProvidersTest {
    @TempDir
    static Path home;

    static FakeProvider provider;
    static ServerSocket silent;
    static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        provider = new FakeProvider();
        // takes connections and never answers
        silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        int closed;
        try (ServerSocket none = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = none.getLocalPort();
        }
        server = TestServer.start(
                home,
                provider.yaml("mock")
                        + instance("noscheme", "api.example.com/v1", FakeProvider.KEY)
                        + instance("userinfo", "https://joe:hunter2@example.com/v1", FakeProvider.KEY)
                        + instance("dead", "http://127.0.0.1:" + closed + "/v1", FakeProvider.KEY)
                        + instance("silent", "http://127.0.0.1:" + silent.getLocalPort() + "/v1", FakeProvider.KEY)
                        + instance("locked", provider.baseUrl(), "sk-wrong-0815"));
    }

    private static String instance(String name, String url, String key) {
        return "      %s: { base_url: \"%s\", api_key: \"%s\" }%n".formatted(name, url, key);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        silent.close();
        provider.close();
    }

    private static JsonNode parts() throws Exception {
        return server.send("GET", "/health/ready", null, null).json().path("parts");
    }

    private static void tells(String instance, String... words) {
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            JsonNode part = parts().path("llm-openai-" + instance);
            assertThat(part.path("status").asText()).isEqualTo("DEGRADED");
            assertThat(part.path("reason").asText())
                    .startsWith("instance '" + instance + "': ")
                    .contains(words)
                    .contains("modules.llm-openai.instances." + instance);
        });
    }

    @Test
    void areNamedInTheHealthReportWithWhatToDo() throws Exception {
        tells("noscheme", "must start with http:// or https://");
        tells("userinfo", "must hold no user name and no password");
        tells("dead", "cannot be reached");
        tells("locked", "refuses its key (status 401)", ".api_key");
        TestServer.Answer ready = server.send("GET", "/health/ready", null, null);
        assertThat(ready.status()).as("the others serve").isEqualTo(200);
        assertThat(parts().at("/llm-openai-mock/status").asText()).isEqualTo("UP");
        assertThat(ready.body()).doesNotContain("hunter2", FakeProvider.KEY, "sk-wrong-0815", "127.0.0.1");
    }

    @Test
    void doNotDelayTheListOfModels() throws Exception {
        await().atMost(Duration.ofSeconds(10)).until(() -> server.models().contains("mock/plain"));
        long start = System.nanoTime();
        assertThat(server.models()).contains("mock/plain").noneMatch(id -> id.startsWith("silent/"));
        // the silent provider is given up after seconds only
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void areExplainedToWhoeverNamesTheirModels() throws Exception {
        TestServer.Answer answer = server.post("/openai/v1/chat/completions", TestServer.chat("noscheme/x", "hi"));
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.json().at("/error/message").asText()).contains("'noscheme'").contains("an operator must correct");
        assertThat(server.post("/openai/v1/chat/completions", TestServer.chat("mock/plain", "hi")).status())
                .isEqualTo(200);
    }

    @Test
    void keepTheirKeysSecret() throws Exception {
        tells("locked", "401");
        assertThat(Files.readString(home.resolve("logs/hyperspot.log")))
                .contains("noscheme")
                .doesNotContain("hunter2", FakeProvider.KEY, "sk-wrong-0815");
    }
}

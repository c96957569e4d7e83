// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A third party's connector is dropped in, used, and taken away. */
final class PluginDropTest {
    static final Path ECHO = Path.of(System.getProperty("hyperspot.echo"));

    @TempDir
    static Path home;

    static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(home, "modules: {}\n");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void offersItsModelWithinASecondAndTakesItAway() throws Exception {
        Path jar = home.resolve("plugins/acme-echo.jar");
        long dropped = System.nanoTime();
        Files.copy(ECHO, jar, StandardCopyOption.REPLACE_EXISTING);
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> server.models().contains("acme/parrot"));
        System.out.println("offered after " + (System.nanoTime() - dropped) / 1_000_000 + " ms");

        TestServer.Answer answer =
                server.post("/openai/v1/chat/completions", TestServer.chat("acme/parrot", "polly wants a cracker"));
        assertThat(answer.json().at("/choices/0/message/content").asText()).isEqualTo("polly wants a cracker");
        assertThat(answer.json().at("/usage/completion_tokens").asInt()).isEqualTo(4);

        JsonNode plugin = server.get("/plugins/v1/plugins/acme.echo").json();
        assertThat(plugin.path("state").asText()).isEqualTo("ACTIVE");
        assertThat(plugin.path("file").asText()).isEqualTo("acme-echo.jar");

        Files.delete(jar);
        await().atMost(Duration.ofSeconds(10)).until(() -> !server.models().contains("acme/parrot"));
        TestServer.Answer gone = server.post("/openai/v1/chat/completions", TestServer.chat("acme/parrot", "hi"));
        assertThat(gone.status()).isEqualTo(404);
    }

    @Test
    void saysWhatIsWrongWithABadJarAndStaysReady() throws Exception {
        Path jar = Files.write(home.resolve("plugins/bad.jar"), "no jar".getBytes(StandardCharsets.UTF_8));
        await().atMost(Duration.ofSeconds(10))
                .until(() -> server.get("/plugins/v1/plugins/bad.jar").status() == 200
                        && server.get("/plugins/v1/plugins/bad.jar").json().path("state").asText().equals("REJECTED"));
        assertThat(server.get("/plugins/v1/plugins/bad.jar").json().path("reason").asText()).contains("not a readable JAR");
        TestServer.Answer ready = server.send("GET", "/health/ready", null, null);
        assertThat(ready.status()).isEqualTo(200);
        assertThat(ready.json().at("/parts/plugins/status").asText()).isEqualTo("DEGRADED");
        Files.delete(jar);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> server.get("/plugins/v1/plugins/bad.jar").status() == 404);
    }

    @Test
    void answersAnUnknownPluginWithAProblem() throws Exception {
        TestServer.Answer answer = server.get("/plugins/v1/plugins/nobody");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        assertThat(answer.json().path("code").asText()).isEqualTo("PLUGIN_NOT_FOUND");
    }
}

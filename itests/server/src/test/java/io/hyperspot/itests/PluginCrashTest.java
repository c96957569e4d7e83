// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins and the end of the process, in every manner. */
final class PluginCrashTest {
    private static final Duration START = Duration.ofSeconds(90);

    @TempDir
    Path home;

    private Path jar(SwapJar jar, String name) throws IOException {
        return Files.write(home.resolve(name), jar.bytes());
    }

    private String key() throws IOException {
        return Files.readString(home.resolve("data/first-api-key")).strip();
    }

    @Test
    void killedAtAnyMomentOfAnUpgradeItComesBackWithOneVersionThatServes() throws Exception {
        Random random = new Random(7);
        byte[][] versions = {new SwapJar("1.0.0").bytes(), new SwapJar("1.1.0").bytes()};
        try (HyperSpotProcess server = HyperSpotProcess.server(home, "--no-model")) {
            URI api = server.awaitGreeting(START);
            assertThat(upload(api, versions[0])).contains("\"ACTIVE\"");
            server.kill();
            server.awaitExit(Duration.ofSeconds(10));
        }
        for (int round = 1; round <= 6; round++) {
            byte[] next = versions[round % 2];
            try (HyperSpotProcess server = HyperSpotProcess.server(home, "--no-model")) {
                URI api = server.awaitGreeting(START);
                String serving = servingVersion(api);
                assertThat(serving).as("round %d", round).isIn("1.0.0", "1.1.0");
                assertThat(answer(api)).as("round %d", round).isEqualTo(serving);
                Thread upgrade = Thread.ofVirtual().start(() -> {
                    try {
                        upload(api, next);
                    } catch (IOException | InterruptedException e) {
                        // the server was killed meanwhile
                        Thread.currentThread().interrupt();
                    }
                });
                // anywhere in an upgrade, which takes about 100 ms: not a wait for something
                Thread.sleep(random.nextLong(120));
                server.kill();
                server.awaitExit(Duration.ofSeconds(10));
                upgrade.join();
            }
        }
    }

    private String upload(URI api, byte[] jar) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(api.resolve("/plugins/v1/upload"))
                .header("Content-Type", "application/java-archive")
                .POST(HttpRequest.BodyPublishers.ofByteArray(jar)));
    }

    private String servingVersion(URI api) throws Exception {
        JsonNode plugin = new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree(send(HttpRequest.newBuilder(api.resolve("/plugins/v1/plugins/acme.swap"))));
        assertThat(plugin.path("state").asText()).as("%s", plugin).isEqualTo("ACTIVE");
        return plugin.path("version").asText();
    }

    private String answer(URI api) throws Exception {
        String body = send(HttpRequest.newBuilder(api.resolve("/openai/v1/chat/completions"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(TestServer.chat("swap/quick", "which version?"))));
        return new com.fasterxml.jackson.databind.ObjectMapper().readTree(body).at("/choices/0/message/content").asText();
    }

    private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            request.header("Authorization", "Bearer " + key()).timeout(Duration.ofSeconds(30)).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    void pluginsThatHangDoNotKeepTheServerFromStopping() throws Exception {
        Files.createDirectories(home.resolve("plugins"));
        Files.write(home.resolve("plugins/stop.jar"), new SwapJar("1.0.0").behaving("stop=hang").bytes());
        Files.write(
                home.resolve("plugins/start.jar"),
                new SwapJar("1.0.0").header("Bundle-SymbolicName", "acme.hanging").behaving("activate=hang").bytes());
        try (HyperSpotProcess server = HyperSpotProcess.server(home, "--no-model")) {
            server.awaitGreeting(START);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> HyperSpotProcess.run(home, "plugins", "list").out().contains("acme.swap"));
            server.terminate();
            server.awaitExit(Duration.ofSeconds(10));
        }
    }

    @Test
    void theCommandLineInstallsTriesAndRollsBack() throws Exception {
        try (HyperSpotProcess server = HyperSpotProcess.server(home, "--no-model")) {
            server.awaitGreeting(START);
            Path v1 = jar(new SwapJar("1.0.0"), "v1.jar");
            Path v2 = jar(new SwapJar("1.1.0"), "v2.jar");

            HyperSpotProcess.Result installed = HyperSpotProcess.run(home, "plugins", "install", v1.toString());
            assertThat(installed.out()).as(installed.err()).contains("started 1.0.0").containsPattern("ACTIVE +acme.swap +1.0.0");

            HyperSpotProcess.Result tried =
                    HyperSpotProcess.run(home, "plugins", "upgrade", v2.toString(), "--canary", "10%");
            assertThat(tried.out()).as(tried.err()).contains("1.1.0 gets 10 % of the requests");
            assertThat(HyperSpotProcess.run(home, "plugins", "canary", "acme.swap", "100%").out())
                    .contains("switched to 1.1.0")
                    .containsPattern("ACTIVE +acme.swap +1.1.0");

            HyperSpotProcess.Result back = HyperSpotProcess.run(home, "plugins", "rollback", "acme.swap");
            assertThat(back.out()).as(back.err()).containsPattern("ACTIVE +acme.swap +1.0.0");
            assertThat(HyperSpotProcess.run(home, "plugins", "explain", "acme.swap").out())
                    .contains("Plugin acme.swap 1.0.0 is ACTIVE", "Versions", "1.1.0", "Last change", "rolled back by");

            HyperSpotProcess.Result wrong = HyperSpotProcess.run(home, "plugins", "install", home.resolve("none.jar").toString());
            assertThat(wrong.exitCode()).isEqualTo(1);
            assertThat(wrong.err()).contains("there is no file");
            Files.writeString(home.resolve("noise.jar"), "not a jar");
            HyperSpotProcess.Result noise = HyperSpotProcess.run(home, "plugins", "install", home.resolve("noise.jar").toString());
            assertThat(noise.exitCode()).isEqualTo(1);
            assertThat(noise.err()).contains("not a readable JAR");

            assertThat(HyperSpotProcess.run(home, "plugins", "remove", "acme.swap").out()).contains("acme.swap goes");
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> HyperSpotProcess.run(home, "plugins", "list").out().contains("no plugins"));
        }
    }
}

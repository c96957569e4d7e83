// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process: its commands, SIGTERM, kill -9. */
final class LifecycleTest {
    private static final Duration START = Duration.ofSeconds(60);

    @TempDir
    Path home;

    @Test
    void saysWhereEverythingIsAndTheCommandsFindIt() throws Exception {
        try (HyperSpotProcess server = HyperSpotProcess.server(home, "--no-model")) {
            server.awaitGreeting(START);
            assertThat(server.output())
                    .contains("is ready in")
                    .contains("/system/console")
                    .contains(home.resolve("data/first-api-key").toString())
                    .contains(home.resolve("data/admin-token").toString())
                    .contains("hyperspot models pull")
                    .contains("curl http://127.0.0.1:")
                    .doesNotContain(Files.readString(home.resolve("data/first-api-key")).strip());
            for (String secret : new String[] {"first-api-key", "admin-token"}) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("data").resolve(secret))))
                        .isEqualTo("rw-------");
            }

            HyperSpotProcess.Result status = HyperSpotProcess.run(home, "status");
            assertThat(status.out()).startsWith("ready").contains("llm-gateway");
            assertThat(status.exitCode()).isZero();

            HyperSpotProcess.Result created = HyperSpotProcess.run(home, "keys", "create", "ci");
            assertThat(created.exitCode()).as(created.err()).isZero();
            assertThat(created.out()).startsWith("hs_");
            HyperSpotProcess.Result keys = HyperSpotProcess.run(home, "keys", "list");
            assertThat(keys.out()).contains("ci").contains("active").doesNotContain(created.out().strip());
            String id = keys.out().lines().filter(line -> line.contains("ci ")).findFirst().orElseThrow().split(" ")[0];
            assertThat(HyperSpotProcess.run(home, "keys", "revoke", id).out()).contains("revoked");
            assertThat(HyperSpotProcess.run(home, "keys", "list").out()).contains("revoked");

            assertThat(HyperSpotProcess.run(home, "models", "list").out()).contains("local-embeddings/all-minilm-l6-v2");
            assertThat(HyperSpotProcess.run(home, "plugins", "list").out()).contains("no plugins");

            server.terminate();
            server.awaitExit(Duration.ofSeconds(10));
        }
        HyperSpotProcess.Result down = HyperSpotProcess.run(home, "status");
        assertThat(down.exitCode()).isEqualTo(1);
        assertThat(down.err()).contains("hyperspot run");
    }

    @Test
    void endsWithinTenSecondsWithAnOpenStream() throws Exception {
        try (FakeProvider provider = new FakeProvider()) {
            Files.createDirectories(home.resolve("config"));
            Files.writeString(home.resolve("config/hyperspot.yaml"), provider.yaml("mock"));
            try (HyperSpotProcess server = HyperSpotProcess.server(home, "--no-model")) {
                URI api = server.awaitGreeting(START);
                try (Socket stream = openStream(api)) {
                    assertThat(new String(stream.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
                            .isEqualTo("HTTP/1.1 200");
                    server.terminate();
                    server.awaitExit(Duration.ofSeconds(10));
                }
                await().atMost(Duration.ofSeconds(10)).until(() -> provider.active.get() == 0);
            }
        }
    }

    private Socket openStream(URI api) throws IOException {
        String body = "{\"model\":\"mock/endless\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.getPort());
        socket.getOutputStream()
                .write(("POST /openai/v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                                + Files.readString(home.resolve("data/first-api-key")).strip()
                                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    @Test
    void startsAgainAfterKillWithItsKeysAndPlugins() throws Exception {
        String key;
        try (HyperSpotProcess server = HyperSpotProcess.server(home, "--no-model")) {
            server.awaitGreeting(START);
            key = HyperSpotProcess.run(home, "keys", "create", "survivor").out().strip();
            Files.copy(PluginDropTest.ECHO, home.resolve("plugins/acme-echo.jar"));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> HyperSpotProcess.run(home, "models", "list").out().contains("acme/parrot"));
            server.kill();
            server.awaitExit(Duration.ofSeconds(10));
        }
        try (TestServer server = TestServer.start(home)) {
            assertThat(server.send("GET", "/openai/v1/models", key, null).body()).contains("acme/parrot");
        }
    }

    @Test
    void explainsWhatItCannotDo() throws Exception {
        HyperSpotProcess.Result usage = HyperSpotProcess.run(home, "fly");
        assertThat(usage.exitCode()).isEqualTo(2);
        assertThat(usage.err()).contains("fly");

        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/hyperspot.yaml"), "modules:\n  web: { prot: 1 }\n");
        HyperSpotProcess.Result config = HyperSpotProcess.run(home, "config", "check");
        assertThat(config.exitCode()).isEqualTo(1);
        assertThat(config.err()).contains("hyperspot.yaml:2").contains("did you mean 'port'?");
        HyperSpotProcess.Result doctor = HyperSpotProcess.run(home, "doctor");
        assertThat(doctor.exitCode()).isEqualTo(1);
        assertThat(doctor.out()).contains("FAIL").contains("did you mean 'port'?");
    }

    @Test
    void refusesAPortThatIsTakenInWords() throws Exception {
        try (TestServer other = TestServer.start(home.resolve("other"), "modules: {}\n");
                HyperSpotProcess server = HyperSpotProcess.server(
                        home.resolve("mine"), "--no-model", "--port", String.valueOf(other.url().getPort()))) {
            await().atMost(Duration.ofSeconds(90)).until(() -> server.output().contains("choose another port"));
        }
    }
}

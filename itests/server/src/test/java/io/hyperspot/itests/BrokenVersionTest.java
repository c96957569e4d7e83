// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broken version is taken back by itself while clients are at work, and they see no failure but those of the requests
 * that it got: it writes down each of them.
 */
final class BrokenVersionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path home;

    static TestServer server;

    private Path journal = home;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(home, """
                modules:
                  plugins: { start_timeout_seconds: 3 }
                """);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void installAGoodVersion(@TempDir Path folder) throws Exception {
        journal = Files.createFile(folder.resolve("journal"));
        assertThat(upload(new SwapJar("1.0.0"), "").status()).isEqualTo(200);
    }

    @AfterEach
    void remove() throws Exception {
        server.send("DELETE", "/plugins/v1/plugins/acme.swap", server.firstKey(), null);
        await().atMost(PATIENCE).until(() -> server.get("/plugins/v1/plugins/acme.swap").status() == 404);
    }

    private TestServer.Answer upload(SwapJar jar, String query) throws Exception {
        return server.send(HttpRequest.newBuilder(server.url().resolve("/plugins/v1/upload" + query))
                .timeout(Duration.ofMinutes(1))
                .header("Authorization", "Bearer " + server.firstKey())
                .header("Content-Type", "application/java-archive")
                .POST(HttpRequest.BodyPublishers.ofByteArray(jar.bytes()))
                .build());
    }

    private SwapJar broken(String behaviour) {
        return new SwapJar("1.1.0").behaving(behaviour, "journal=" + journal);
    }

    private static JsonNode next() throws Exception {
        for (JsonNode version : server.get("/plugins/v1/plugins/acme.swap").json().path("versions")) {
            if (version.path("version").asText().equals("1.1.0")) {
                return version;
            }
        }
        throw new AssertionError("1.1.0 is not known");
    }

    private static void awaitTakenBack() {
        await().atMost(PATIENCE).until(() -> next().path("state").asText().equals("QUARANTINED"));
    }

    private List<String> written(String what) throws Exception {
        return Files.readAllLines(journal).stream()
                .filter(line -> line.startsWith(what + " "))
                .map(line -> line.substring(what.length() + 1))
                .toList();
    }

    /** Asks for a while longer, so that what goes wrong after the return to the good version shows. */
    private static void goOn(SwapLoad load) {
        int answers = load.answers.get();
        int streams = load.streams.get();
        await().atMost(PATIENCE).until(() -> load.answers.get() > answers + 500 && load.streams.get() > streams + 20);
        load.end();
    }

    private void assertFailuresAreItsOwn(SwapLoad load) throws Exception {
        assertThat(load.failures).as("%s", load.failures).extracting(SwapLoad.Failure::text).containsExactlyInAnyOrderElementsOf(written("failed"));
        assertThat(server.get("/plugins/v1/plugins/acme.swap").json().path("version").asText()).isEqualTo("1.0.0");
    }

    @Test
    void leavesTheServerReadyWhileItDoesNotServe() throws Exception {
        try (ExecutorService uploads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<TestServer.Answer> refused = uploads.submit(() -> upload(broken("health=down"), ""));
            await().atMost(PATIENCE).until(() -> {
                TestServer.Answer ready = server.send("GET", "/health/ready", null, null);
                assertThat(ready.status()).as(ready.body()).isEqualTo(200);
                assertThat(ready.json().at("/parts/acme-swap/status").asText()).isEqualTo("UP");
                return ready.json().at("/on_trial/acme-swap/reason").asText().contains("its backend was never there");
            });
            assertThat(refused.get().status()).isGreaterThanOrEqualTo(400);
        }
    }

    @Test
    void failsNoRequestBesideThoseOfTheShareThatItErrorsOn() throws Exception {
        try (SwapLoad load = new SwapLoad(server, 16, 10)) {
            await().atMost(PATIENCE).until(() -> load.answers.get() > 200);
            assertThat(upload(broken("fail_percent=20"), "?percent=10").status()).isEqualTo(200);
            awaitTakenBack();
            goOn(load);
            assertThat(next().path("reason").asText()).contains("calls failed");
            assertThat(written("failed")).hasSizeGreaterThanOrEqualTo(3).hasSizeLessThan(written("answered").size());
            assertFailuresAreItsOwn(load);
        }
    }

    @Test
    void failsNoRequestWhenItsHealthFailsInTheShare() throws Exception {
        try (SwapLoad load = new SwapLoad(server, 16, 10)) {
            assertThat(upload(broken("health_down_after_ms=1000"), "?percent=50").status()).isEqualTo(200);
            awaitTakenBack();
            goOn(load);
            assertThat(next().path("reason").asText()).isEqualTo("acme-swap: its backend has gone");
            assertThat(written("answered")).isNotEmpty();
            assertFailuresAreItsOwn(load);
            assertThat(load.failures).isEmpty();
        }
    }

    @Test
    void getsNoRequestWhenItIsNeverHealthy() throws Exception {
        try (SwapLoad load = new SwapLoad(server, 16, 10)) {
            TestServer.Answer refused = upload(broken("health=down"), "?percent=50");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.json().path("code").asText()).isEqualTo("PLUGIN_NOT_HEALTHY");
            assertThat(refused.json().path("detail").asText()).contains("its backend was never there");
            goOn(load);
            assertThat(journal).isEmptyFile();
            assertFailuresAreItsOwn(load);
            assertThat(load.versions).containsExactly("1.0.0");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plugin is upgraded, tried, taken back and removed while its clients are at work. */
final class HotSwapTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path home;

    static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(home, """
                modules:
                  plugins: { start_timeout_seconds: 3, watch_period_seconds: 2 }
                """);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void remove() throws Exception {
        server.send("DELETE", "/plugins/v1/plugins/acme.swap", server.firstKey(), null);
        await().atMost(PATIENCE).until(() -> plugin() == null);
    }

    private static TestServer.Answer upload(SwapJar jar, String query) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.url().resolve("/plugins/v1/upload" + query))
                .timeout(Duration.ofMinutes(1))
                .header("Authorization", "Bearer " + server.firstKey())
                .header("Content-Type", "application/java-archive")
                .POST(HttpRequest.BodyPublishers.ofByteArray(jar.bytes()))
                .build();
        return server.send(request);
    }

    private static JsonNode install(SwapJar jar, String query) throws Exception {
        TestServer.Answer answer = upload(jar, query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static @Nullable JsonNode plugin() throws Exception {
        TestServer.Answer answer = server.get("/plugins/v1/plugins/acme.swap");
        return answer.status() == 404 ? null : answer.json();
    }

    private static String field(String name) throws Exception {
        JsonNode plugin = plugin();
        return plugin == null ? "" : plugin.path(name).asText();
    }

    private static String versionState(String version) throws Exception {
        JsonNode plugin = plugin();
        if (plugin != null) {
            for (JsonNode known : plugin.path("versions")) {
                if (known.path("version").asText().equals(version)) {
                    return known.path("state").asText();
                }
            }
        }
        return "";
    }

    private static String request(String model, boolean stream) {
        return "{\"model\":\"swap/" + model + "\",\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"which version?\"}]}";
    }

    private static TestServer.Answer ask(String model) throws Exception {
        return server.post("/openai/v1/chat/completions", request(model, false));
    }

    private static String text(TestServer.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().at("/choices/0/message/content").asText();
    }

    private static void until(Check check) {
        await().atMost(PATIENCE).until(check::holds);
    }

    @FunctionalInterface
    private interface Check {
        boolean holds() throws Exception;
    }

    @Test
    void upgradesUnderLoadLoseNothing() throws Exception {
        install(new SwapJar("1.0.0"), "");
        try (SwapLoad load = new SwapLoad(server, 16, 20)) {
            for (int i = 1; i <= 10; i++) {
                String version = i % 2 == 0 ? "1.0.0" : "1.1.0";
                int before = load.answers.get();
                if (i < 6) {
                    install(new SwapJar(version), "");
                } else {
                    // as an operator does: copy over the file
                    Path part = Files.write(home.resolve("plugins/swap.part"), new SwapJar(version).bytes());
                    Files.move(part, home.resolve("plugins/acme.swap.jar"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                    until(() -> field("version").equals(version));
                }
                until(() -> load.answers.get() > before + 100 || !load.failures.isEmpty());
                assertThat(load.failures).isEmpty();
            }
            load.end();
            assertThat(load.failures).isEmpty();
            assertThat(load.versions).containsExactlyInAnyOrder("1.0.0", "1.1.0");
            assertThat(load.streams.get()).isGreaterThanOrEqualTo(20);
        }
        until(() -> versionState("1.1.0").equals("KEPT"));
    }

    @Test
    void aCallThatBeganBeforeTheSwitchEndsOnItsVersion() throws Exception {
        install(new SwapJar("1.0.0"), "");
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<TestServer.Answer> early = clients.submit(() -> ask("late"));
            until(() -> field("in_flight").equals("1"));
            install(new SwapJar("1.1.0"), "");
            assertThat(text(ask("quick"))).isEqualTo("1.1.0");
            // its class is loaded after the switch
            assertThat(text(early.get())).isEqualTo("late class 1.0.0");
        }
    }

    @Test
    void aDeletedPluginFinishesItsStreams() throws Exception {
        install(new SwapJar("1.0.0"), "");
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<TestServer.Answer> stream =
                    clients.submit(() -> server.post("/openai/v1/chat/completions", request("slow", true)));
            until(() -> field("in_flight").equals("1"));
            Files.delete(home.resolve("plugins/acme.swap.jar"));
            until(() -> ask("quick").status() == 404);
            assertThat(stream.get().body()).contains("\"finish_reason\":\"stop\"", "[DONE]").doesNotContain("error");
        }
    }

    @Test
    void aVersionThatFailsIsTakenBackByItself() throws Exception {
        install(new SwapJar("1.0.0"), "");
        try (SwapLoad load = new SwapLoad(server, 16, 0)) {
            until(() -> load.answers.get() > 200);
            install(new SwapJar("1.1.0").behaving("fail_percent=20"), "");
            until(() -> versionState("1.1.0").equals("QUARANTINED"));
            assertThat(field("version")).isEqualTo("1.0.0");
            assertThat(field("reason")).contains("1.1.0").contains("calls failed");
            int failed = load.failures.size();
            int answered = load.answers.get();
            until(() -> load.answers.get() > answered + 500);
            load.end();
            // the broken version itself failed them; once it is gone nothing fails
            assertThat(load.failures.size() - failed).isLessThanOrEqualTo(16);
            assertThat(load.failures).allSatisfy(failure -> assertThat(failure.what()).contains("connector"));
            assertThat(text(ask("quick"))).isEqualTo("1.0.0");
        }
    }

    @Test
    void aVersionWithAMissingClassIsTakenBackByItself() throws Exception {
        install(new SwapJar("1.0.0"), "");
        install(new SwapJar("1.1.0").behaving("needs_missing_class=true").without("acme/swap/Missing.class"), "");
        TestServer.Answer answer = ask("quick");
        assertThat(answer.status()).isIn(200, 502);
        until(() -> text(ask("quick")).equals("1.0.0"));
        until(() -> field("reason").contains("acme/swap/Missing"));
    }

    @Test
    void aVersionThatDoesNotStartChangesNothing() throws Exception {
        install(new SwapJar("1.0.0"), "");
        for (String activate : List.of("activate=throw", "activate=hang")) {
            try (SwapLoad load = new SwapLoad(server, 4, 0)) {
                TestServer.Answer refused = upload(new SwapJar("1.1.0").behaving(activate), "");
                assertThat(refused.status()).as(refused.body()).isEqualTo(400);
                assertThat(refused.json().path("code").asText()).isIn("PLUGIN_NOT_HEALTHY", "PLUGIN_REFUSED");
                assertThat(refused.json().path("detail").asText()).doesNotContain("\tat ");
                load.end();
                assertThat(load.failures).isEmpty();
                assertThat(load.versions).containsExactly("1.0.0");
            }
        }
        // whatever hangs, another upgrade goes on
        assertThat(install(new SwapJar("1.2.0"), "").path("version").asText()).isEqualTo("1.2.0");
        assertThat(text(ask("quick"))).isEqualTo("1.2.0");
    }

    @Test
    void aVersionIsTriedWithAShareAndThenForAll() throws Exception {
        install(new SwapJar("1.0.0"), "");
        JsonNode tried = install(new SwapJar("1.1.0"), "?percent=50");
        assertThat(tried.path("version").asText()).isEqualTo("1.0.0");
        assertThat(versionState("1.1.0")).isEqualTo("CANARY");
        Set<String> answers = ConcurrentHashMap.newKeySet();
        until(() -> {
            answers.add(text(ask("quick")));
            return answers.size() == 2;
        });
        TestServer.Answer all = server.post("/plugins/v1/plugins/acme.swap/canary", "{\"percent\":100}");
        assertThat(all.json().path("version").asText()).isEqualTo("1.1.0");
        assertThat(text(ask("quick"))).isEqualTo("1.1.0");
        TestServer.Answer none = server.post("/plugins/v1/plugins/acme.swap/canary", "{\"percent\":5}");
        assertThat(none.status()).isEqualTo(400);
        assertThat(none.json().path("code").asText()).isEqualTo("NOTHING_IS_TRIED");
    }

    @Test
    void rollsBackByRequest() throws Exception {
        install(new SwapJar("1.0.0"), "");
        install(new SwapJar("1.1.0"), "");
        assertThat(text(ask("quick"))).isEqualTo("1.1.0");
        TestServer.Answer back = server.post("/plugins/v1/plugins/acme.swap/rollback", "{}");
        assertThat(back.json().path("version").asText()).as(back.body()).isEqualTo("1.0.0");
        assertThat(text(ask("quick"))).isEqualTo("1.0.0");
        TestServer.Answer forth = server.post("/plugins/v1/plugins/acme.swap/rollback", "{\"version\":\"1.1.0\"}");
        assertThat(forth.json().path("version").asText()).as(forth.body()).isEqualTo("1.1.0");
        assertThat(text(ask("quick"))).isEqualTo("1.1.0");
        assertThat(server.post("/plugins/v1/plugins/acme.swap/rollback", "{\"version\":\"9.9.9\"}").status()).isEqualTo(404);
        assertThat(server.get("/plugins/v1/plugins/acme.swap/diagnosis").body()).contains("switched to 1.1.0");
    }

    @Test
    void theSameVersionWithOtherContentIsAnUpgrade() throws Exception {
        String before = install(new SwapJar("1.0.0"), "").path("sha256").asText();
        JsonNode after = install(new SwapJar("1.0.0").behaving("# another build"), "");
        assertThat(after.path("sha256").asText()).isNotEqualTo(before);
        assertThat(after.path("versions")).hasSize(2);
        assertThat(text(ask("quick"))).isEqualTo("1.0.0");
    }

    @Test
    void aSecondPluginWithTheSameWorkerWaitsForTheFirstToGo() throws Exception {
        install(new SwapJar("1.0.0"), "");
        Path rival = home.resolve("plugins/rival.jar");
        Files.write(rival, new SwapJar("3.0.0").header("Bundle-SymbolicName", "acme.rival").bytes());
        until(() -> server.get("/plugins/v1/plugins/acme.rival").json().path("state").asText().equals("WAITING"));
        assertThat(server.get("/plugins/v1/plugins/acme.rival").json().path("reason").asText())
                .contains("is offered by acme.swap");
        assertThat(text(ask("quick"))).isEqualTo("1.0.0");

        server.send("DELETE", "/plugins/v1/plugins/acme.swap", server.firstKey(), null);
        until(() -> server.get("/plugins/v1/plugins/acme.rival").json().path("state").asText().equals("ACTIVE"));
        assertThat(text(ask("quick"))).isEqualTo("3.0.0");
        Files.delete(rival);
        until(() -> server.get("/plugins/v1/plugins/acme.rival").status() == 404);
    }

    @Test
    void namesTheThreadThatHoldsAVersion() throws Exception {
        install(new SwapJar("1.0.0").behaving("thread=left"), "");
        assertThat(text(ask("quick"))).isEqualTo("1.0.0");
        install(new SwapJar("1.1.0"), "");
        until(() -> versionState("1.0.0").equals("KEPT"));
        JsonNode versions = server.get("/plugins/v1/plugins/acme.swap/versions").json().path("items");
        assertThat(versions.toString()).contains("held by thread swap-left-behind");
    }

    @Test
    void saysForWhatAComponentWaits() throws Exception {
        JsonNode waiting = install(
                new SwapJar("1.0.0")
                        .replacing(
                                "OSGI-INF/acme.swap.SwapWorker.xml",
                                "<implementation",
                                "<reference name=\"Store\" cardinality=\"1..1\" interface=\"acme.store.Store\"/><implementation"),
                "");
        assertThat(waiting.path("reason").asText()).contains("acme.swap waits for a service acme.store.Store");
        assertThat(server.get("/plugins/v1/plugins/acme.swap/diagnosis").body()).contains("waits for a service acme.store.Store");
    }

    @Test
    void followsChangesAsEvents() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        try (ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor()) {
            HttpRequest request = HttpRequest.newBuilder(server.url().resolve("/plugins/v1/events"))
                    .header("Authorization", "Bearer " + server.firstKey())
                    .build();
            HttpResponse<java.util.stream.Stream<String>> stream =
                    server.http().send(request, HttpResponse.BodyHandlers.ofLines());
            assertThat(stream.statusCode()).isEqualTo(200);
            try (java.util.stream.Stream<String> lines = stream.body()) {
                Future<?> reading = reader.submit(() -> lines.forEach(events::add));
                install(new SwapJar("1.0.0"), "");
                until(() -> events.stream().anyMatch(line -> line.contains("acme.swap") && line.contains("\"ACTIVE\"")));
                assertThat(events).contains("event: plugin");
                reading.cancel(true);
            }
            reader.shutdownNow();
        }
    }

    @Test
    void refusesWhatIsNoPlugin() throws Exception {
        HttpRequest garbage = HttpRequest.newBuilder(server.url().resolve("/plugins/v1/upload"))
                .header("Authorization", "Bearer " + server.firstKey())
                .header("Content-Type", "application/java-archive")
                .POST(HttpRequest.BodyPublishers.ofString("not a jar"))
                .build();
        TestServer.Answer answer = server.send(garbage);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("code").asText()).isEqualTo("PLUGIN_REFUSED");
        assertThat(answer.json().path("detail").asText()).contains("not a readable JAR");
        assertThat(upload(new SwapJar("1.0.0"), "?percent=0").status()).isEqualTo(400);
        assertThat(upload(new SwapJar("1.0.0"), "?percent=101").status()).isEqualTo(400);
        assertThat(upload(new SwapJar("1.0.0"), "?percent=ten").status()).isIn(400, 404);
        assertThat(plugin()).isNull();
    }
}

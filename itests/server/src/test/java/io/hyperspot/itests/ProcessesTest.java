// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.ServiceReference;

/** Supervised processes are shown, stopped and started. */
final class ProcessesTest {
    private static final String PROCESSES = "/process-manager/v1/processes";
    private static final String CHILD = PROCESSES + "/embeddings-minilm";
    private static final String EMBED = "{\"model\":\"local-embeddings/all-minilm-l6-v2\",\"input\":\"hello\"}";

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

    private static JsonNode ok(TestServer.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static void assertRefused(TestServer.Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().path("code").asText()).isEqualTo(code);
    }

    private static JsonNode awaitState(String path, String state) {
        return await().atMost(Duration.ofSeconds(60))
                .until(() -> ok(server.get(path)), process -> process.path("state").asText().equals(state));
    }

    @Test
    void stopsAndStartsTheChildOfAConnector() throws Exception {
        assertThat(ok(server.get(PROCESSES)).path("items").findValuesAsText("name"))
                .isSorted()
                .contains("embeddings-minilm", "llm-local");
        ok(server.post("/openai/v1/embeddings", EMBED));
        JsonNode ready = awaitState(CHILD, "READY");
        assertThat(ready.path("owner").asText()).isEqualTo("io.hyperspot.embeddings.minilm");
        assertThat(ready.path("kind").asText()).isEqualTo("JSON_LINES");
        assertThat(ready.path("environment").toString()).contains("DJL_OFFLINE");
        ProcessHandle first = ProcessHandle.of(ready.path("pid").asLong()).orElseThrow();
        assertThat(ok(server.get(PROCESSES + "?$filter=state%20eq%20'READY'%20and%20kind%20eq%20'JSON_LINES'&$select=name"))
                        .path("items")
                        .toString())
                .contains("{\"name\":\"embeddings-minilm\"}")
                .doesNotContain("llm-local");

        JsonNode stopped = ok(server.post(CHILD + "/stop", "{}"));
        assertThat(stopped.path("state").asText()).isEqualTo("STOPPED");
        assertThat(stopped.path("pid").isIntegralNumber()).isFalse();
        assertThat(first.isAlive()).isFalse();
        assertThat(server.post("/openai/v1/embeddings", EMBED).status()).isEqualTo(503);
        assertRefused(server.post(CHILD + "/stop", "{}"), 400, "PROCESS_NOT_RUNNING");

        ok(server.post(CHILD + "/start", "{}"));
        awaitState(CHILD, "READY");
        assertRefused(server.post(CHILD + "/start", "{}"), 400, "PROCESS_RUNNING");
        ok(server.post("/openai/v1/embeddings", EMBED));
        ok(server.post(CHILD + "/restart", "{}"));
        ok(server.post("/openai/v1/embeddings", EMBED));
        assertThat(awaitState(CHILD, "READY").path("pid").asLong()).isNotEqualTo(first.pid());
        assertThat(ok(server.get(CHILD + "/logs")).path("lines").isArray()).isTrue();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void looksAfterACommandOfABundle() throws Exception {
        try (AutoCloseable command = supervise(server, "acme-server", "echo serving; echo odd >&2; exec sleep 1000")) {
            String path = PROCESSES + "/acme-server";
            JsonNode ready = awaitState(path, "READY");
            assertThat(ready.path("kind").asText()).isEqualTo("COMMAND");
            assertThat(ready.path("program").asText()).isEqualTo("sh");
            assertThat(ready.toString()).contains("ACME_KEY").doesNotContain("s3cr3t").doesNotContain("sleep");

            ProcessHandle.of(ready.path("pid").asLong()).orElseThrow().destroyForcibly();
            JsonNode again = await().atMost(Duration.ofSeconds(30))
                    .until(() -> awaitState(path, "READY"), process -> process.path("restarts").asInt() == 1);
            assertThat(again.path("last_failure").asText()).isEqualTo("it ended with exit code 137 (signal 9)");

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> ok(server.get(path + "/logs?tail=1000")).path("lines").size() == 4);
            assertThat(ok(server.get(path + "/logs?tail=4")).path("lines").findValuesAsText("text"))
                    .containsExactlyInAnyOrder("serving", "odd", "serving", "odd");
            assertThat(ok(server.get(path + "/logs?tail=1")).path("lines")).hasSize(1);
            assertRefused(server.get(path + "/logs?tail=0"), 400, "INVALID_TAIL");
            assertThat(server.get(path + "/logs?tail=many").status()).isEqualTo(400);
            assertThat(home.resolve("logs/processes/acme-server.log")).content().contains("serving", "odd");

            assertThat(ok(server.post(path + "/stop", "{}")).path("state").asText()).isEqualTo("STOPPED");
            assertThat(command).isNotNull();
        }
        assertRefused(server.get(PROCESSES + "/acme-server"), 404, "PROCESS_NOT_FOUND");
        try (var logs = Files.walk(home.resolve("logs"))) {
            for (Path log : logs.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(log)).doesNotContain("s3cr3t");
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void stopsWithinTenSecondsThoughACommandDoesNot(@TempDir Path otherHome) throws Exception {
        ProcessHandle stubborn;
        long began;
        try (TestServer other = TestServer.start(otherHome, "modules: {}\n")) {
            supervise(other, "stubborn", "trap '' TERM; echo deaf; while :; do sleep 1; done");
            String path = PROCESSES + "/stubborn";
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> ok(other.get(path + "/logs")).path("lines").findValuesAsText("text").contains("deaf"));
            stubborn = ProcessHandle.of(ok(other.get(path)).path("pid").asLong()).orElseThrow();
            began = System.nanoTime();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        await().atMost(Duration.ofSeconds(10)).until(() -> !stubborn.isAlive());
    }

    @Test
    void refusesWhatThereIsNot() throws Exception {
        assertRefused(server.get(PROCESSES + "/nothing"), 404, "PROCESS_NOT_FOUND");
        assertRefused(server.get(PROCESSES + "/nothing/logs"), 404, "PROCESS_NOT_FOUND");
        assertRefused(server.post(PROCESSES + "/nothing/start", "{}"), 404, "PROCESS_NOT_FOUND");
        assertThat(server.get(PROCESSES + "?$filter=pid%20eq%201").status()).isEqualTo(400);
        assertThat(server.post(PROCESSES, "{\"name\":\"mine\",\"program\":\"sh\"}").status()).isEqualTo(405);
    }

    /** As a bundle does; this class path does not have the contract's classes. */
    private static AutoCloseable supervise(TestServer on, String name, String script) throws Exception {
        ServiceReference<?> reference = Objects.requireNonNull(
                on.server.context().getAllServiceReferences("io.hyperspot.process.ChildProcesses", null))[0];
        Object processes = Objects.requireNonNull(on.server.context().getService(reference));
        Class<?> contract = Arrays.stream(processes.getClass().getInterfaces())
                .filter(type -> type.getName().equals("io.hyperspot.process.ChildProcesses"))
                .findFirst()
                .orElseThrow();
        Class<?> type = contract.getClassLoader().loadClass("io.hyperspot.process.Command");
        Object builder = type.getMethod("builder", String.class, String.class, Path.class)
                .invoke(null, name, "sh", on.home.resolve("data/acme"));
        Class<?> builderType = builder.getClass();
        builderType.getMethod("arguments", String[].class).invoke(builder, (Object) new String[] {"-c", script});
        builderType.getMethod("environment", Map.class).invoke(builder, Map.of("ACME_KEY", "s3cr3t"));
        builderType.getMethod("stopGrace", Duration.class).invoke(builder, Duration.ofMinutes(2));
        Object command = builderType.getMethod("build").invoke(builder);
        Object process = contract.getMethod("supervise", type).invoke(processes, command);
        assertThat(process).isInstanceOf(AutoCloseable.class);
        // the bundle gives its service back, as its component would when it ends
        return () -> on.server.context().ungetService(reference);
    }
}

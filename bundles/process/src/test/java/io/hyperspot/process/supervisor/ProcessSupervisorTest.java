// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.process.ChildJvm;
import io.hyperspot.process.ChildProcess;
import io.hyperspot.process.ChildProcessException;
import io.hyperspot.process.ChildProcessException.Kind;
import io.hyperspot.process.ChildProcesses;
import io.hyperspot.process.ChildProcesses.Spec;
import io.hyperspot.process.SupervisedProcess;
import io.hyperspot.process.SupervisedProcess.State;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ProcessSupervisorTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @TempDir
    Path logs;

    private ProcessSupervisor supervisor;
    private ChildProcesses processes;
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeEach
    void start() {
        supervisor = new ProcessSupervisor(logs);
        processes = new OwnedProcesses("acme.test", supervisor);
    }

    @AfterEach
    void stop() {
        supervisor.stop();
        callers.shutdownNow();
    }

    @Test
    void startsAtTheFirstCallAndPassesEventsOnUnchanged() throws Exception {
        ChildProcess child = supervise(LONG, LONG, Duration.ZERO, 4);
        assertThat(child.state()).isEqualTo(State.STOPPED);
        assertThat(child.pid()).isEqualTo(-1);

        List<JsonNode> events = call(child, " {\n\"op\": \"echo\", \"text\": \"äö😀\\n\", \"n\": [1, {\"x\": 1.50}]}\n");

        assertThat(events).containsExactly(JSON.readTree("{\"op\":\"echo\",\"text\":\"äö😀\\n\",\"n\":[1,{\"x\":1.50}]}"));
        assertThat(child.state()).isEqualTo(State.READY);
        assertThat(ProcessHandle.of(child.pid())).isPresent();
        assertThat(call(child, "{\"op\":\"count\",\"to\":500}")).hasSize(500);
    }

    @Test
    void refusesWhatIsNotAnObject() {
        ChildProcess child = supervise(LONG, LONG, Duration.ZERO, 1);

        assertThatThrownBy(() -> call(child, "[1]")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> call(child, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> call(child, "{}")).hasMessage("unknown op");
    }

    @Test
    void passesOnFailuresWithTheirCode() {
        ChildProcess child = supervise(LONG, LONG, Duration.ZERO, 4);

        assertThatThrownBy(() -> call(child, "{\"op\":\"fail\"}"))
                .isInstanceOfSatisfying(ChildProcessException.class, e -> {
                    assertThat(e.kind()).isEqualTo(Kind.FAILED);
                    assertThat(e.code()).isEqualTo("TOO_HARD");
                    assertThat(e).hasMessage("this is too hard");
                });
        assertThatThrownBy(() -> call(child, "{\"op\":\"throw\"}"))
                .hasMessageNotContaining("inside detail")
                .hasMessageContaining("IllegalStateException");
    }

    @Test
    void failsRunningCallsAtACrashAndServesTheNext() throws Exception {
        ChildProcess child = supervise(LONG, LONG, Duration.ZERO, 4);
        Future<?> bystander = background(child, "{\"op\":\"stuck\"}");

        assertKind(() -> call(child, "{\"op\":\"crash\"}"), Kind.CRASHED);
        assertThatThrownBy(() -> bystander.get(10, TimeUnit.SECONDS)).hasRootCauseInstanceOf(ChildProcessException.class);
        assertThat(child.lastFailure()).contains("134");
        assertThat(supervisor.health().state()).isEqualTo(HealthContributor.State.DEGRADED);

        assertThat(call(child, "{\"op\":\"echo\"}")).hasSize(1);
        assertThat(child.lastFailure()).isEmpty();
        assertThat(child.restarts()).isEqualTo(1);
        assertThat(supervisor.health().state()).isEqualTo(HealthContributor.State.UP);
    }

    @Test
    void refusesCallsAfterItWasStoppedAndServesAfterItWasStarted() throws Exception {
        ChildProcess child = supervise(LONG, LONG, Duration.ZERO, 4);
        call(child, "{\"op\":\"echo\"}");
        ProcessHandle first = ProcessHandle.of(child.pid()).orElseThrow();

        child.stop();

        assertThat(first.isAlive()).isFalse();
        assertThat(child.state()).isEqualTo(State.STOPPED);
        assertThatThrownBy(() -> call(child, "{\"op\":\"echo\"}")).hasMessageContaining("was stopped");
        child.start();
        await().atMost(LONG).until(() -> child.state() == State.READY);
        assertThat(call(child, "{\"op\":\"echo\"}")).hasSize(1);
        assertThat(child.kind()).isEqualTo(SupervisedProcess.Kind.JSON_LINES);
        assertThat(child.environment()).containsExactly("FAKE");
        child.restart();
        assertThat(call(child, "{\"op\":\"echo\"}")).hasSize(1);
    }

    @Test
    void survivesAChildThatUsesUpItsMemory() throws Exception {
        ChildProcess child = supervise(LONG, LONG, Duration.ZERO, 4);

        assertKind(() -> call(child, "{\"op\":\"memory\"}"), Kind.CRASHED);
        assertThat(call(child, "{\"op\":\"echo\"}")).hasSize(1);
    }

    @Test
    void givesUpAChildThatHangsAtItsStart() {
        ChildProcess child = supervise(Duration.ofMillis(700), LONG, Duration.ZERO, 4, "hangs");

        assertKind(() -> call(child, "{\"op\":\"echo\"}"), Kind.UNAVAILABLE);
        assertThat(child.lastFailure()).contains("not ready within 700 ms");
        assertThat(child.pid()).isEqualTo(-1);
    }

    @Test
    void saysWhyAProgramCannotBeStarted() {
        ChildProcess child = processes.supervise(new Spec(
                "none",
                () -> List.of(folder.resolve("no-such-program").toString()),
                Map.of(),
                folder,
                LONG,
                LONG,
                Duration.ZERO,
                1));

        assertKind(() -> call(child, "{\"op\":\"echo\"}"), Kind.UNAVAILABLE);
        assertThat(child.lastFailure()).contains("no-such-program");
    }

    @Test
    void waitsLongerAfterEachFailureAndRecovers() throws Exception {
        Path mark = Files.createFile(folder.resolve("mark"));
        ChildProcess child = supervise(LONG, LONG, Duration.ZERO, 4, "fails-while-marked", mark.toString());

        assertKind(() -> call(child, "{\"op\":\"echo\"}"), Kind.UNAVAILABLE);
        assertKind(() -> call(child, "{\"op\":\"echo\"}"), Kind.UNAVAILABLE);
        assertThat(child.state()).isEqualTo(State.BACKOFF);
        assertThatThrownBy(() -> call(child, "{\"op\":\"echo\"}"))
                .isInstanceOfSatisfying(ChildProcessException.class, e -> {
                    assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
                    assertThat(e.retryAfter()).isPositive();
                });

        Files.delete(mark);
        await().atMost(LONG).until(() -> child.state() == State.STOPPED);
        assertThat(call(child, "{\"op\":\"echo\"}")).hasSize(1);
        assertThat(child.state()).isEqualTo(State.READY);
    }

    @Test
    void takesPrintedLinesForTheLog() throws Exception {
        ChildProcess child = supervise(LONG, LONG, Duration.ZERO, 4);

        assertThat(call(child, "{\"op\":\"print\"}")).hasSize(1);
        assertThat(call(child, "{\"op\":\"echo\"}")).hasSize(1);
    }

    @Test
    void endsAChildThatWritesGarbage() throws Exception {
        ChildProcess child = supervise(LONG, LONG, Duration.ZERO, 4);

        assertKind(() -> call(child, "{\"op\":\"garbage\"}"), Kind.CRASHED);
        assertThat(call(child, "{\"op\":\"echo\"}")).hasSize(1);
    }

    @Test
    void endsAChildThatWritesALineWithoutEnd() throws Exception {
        ChildProcess child = supervise(LONG, LONG, Duration.ZERO, 4);

        assertKind(() -> call(child, "{\"op\":\"huge\"}"), Kind.CRASHED);
        assertThat(child.lastFailure()).contains("longer than");
        assertThat(call(child, "{\"op\":\"echo\"}")).hasSize(1);
    }

    @Test
    void tellsTheChildOfACancellationAndReturnsAtOnce() throws Exception {
        ChildProcess child = supervise(LONG, LONG, Duration.ZERO, 1);
        Path mark = folder.resolve("cancelled");
        Cancellation cancellation = new Cancellation();

        assertThatThrownBy(() -> child.call(
                        bytes("{\"op\":\"wait\",\"mark\":\"" + mark + "\"}"),
                        event -> cancellation.cancel("the client left"),
                        cancellation))
                .isInstanceOfSatisfying(
                        ChildProcessException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));

        await().atMost(LONG).until(() -> Files.exists(mark));
        await().atMost(LONG).ignoreExceptions().untilAsserted(() -> assertThat(call(child, "{\"op\":\"echo\"}")).hasSize(1));
    }

    @Test
    void cancelsWhenTheReceiverFails() throws Exception {
        ChildProcess child = supervise(LONG, LONG, Duration.ZERO, 1);
        Path mark = folder.resolve("cancelled");

        assertThatThrownBy(() -> child.call(
                        bytes("{\"op\":\"wait\",\"mark\":\"" + mark + "\"}"),
                        event -> {
                            throw new IllegalStateException("the client is gone");
                        },
                        new Cancellation()))
                .hasMessage("the client is gone");

        await().atMost(LONG).until(() -> Files.exists(mark));
    }

    @Test
    void doesNotStartForACallThatIsCancelledAlready() {
        ChildProcess child = supervise(LONG, LONG, Duration.ZERO, 1);
        Cancellation cancellation = new Cancellation();
        cancellation.cancel("at once");

        assertThatThrownBy(() -> child.call(bytes("{\"op\":\"echo\"}"), event -> {}, cancellation))
                .isInstanceOf(ChildProcessException.class);
    }

    @Test
    void killsAChildThatDoesNotEndACancelledCall() throws Exception {
        ChildProcess child = supervise(Duration.ofSeconds(3), LONG, Duration.ZERO, 1);
        Cancellation cancellation = new Cancellation();

        assertThatThrownBy(() -> child.call(
                        bytes("{\"op\":\"stuck\"}"), event -> cancellation.cancel("enough"), cancellation))
                .isInstanceOf(ChildProcessException.class);
        assertKind(() -> call(child, "{\"op\":\"echo\"}"), Kind.OVERLOADED);

        await().atMost(LONG).ignoreExceptions().untilAsserted(() -> assertThat(call(child, "{\"op\":\"echo\"}")).hasSize(1));
    }

    @Test
    void refusesMoreCallsThanMayBePending() throws Exception {
        ChildProcess child = supervise(LONG, LONG, Duration.ZERO, 3);
        CountDownLatch running = new CountDownLatch(2);
        List<Cancellation> cancellations = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Cancellation cancellation = new Cancellation();
            cancellations.add(cancellation);
            Path mark = folder.resolve("mark" + i);
            var _ = callers.submit(() -> {
                child.call(
                        bytes("{\"op\":\"wait\",\"mark\":\"" + mark + "\"}"),
                        event -> running.countDown(),
                        cancellation);
                return null;
            });
        }
        assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
        await().atMost(LONG).ignoreExceptions().untilAsserted(() -> assertKind(() -> call(child, "{\"op\":\"echo\"}"), Kind.OVERLOADED));

        cancellations.forEach(cancellation -> cancellation.cancel("make room"));
        await().atMost(LONG).ignoreExceptions().untilAsserted(() -> assertThat(call(child, "{\"op\":\"echo\"}")).hasSize(1));
    }

    @Test
    void doesNotBlockCallersWhenTheChildDoesNotRead() throws Exception {
        ChildProcess child = supervise(LONG, Duration.ofMillis(100), Duration.ZERO, 4, "deaf");
        String large = "{\"text\":\"" + "x".repeat(1_000_000) + "\"}";
        Cancellation cancellation = new Cancellation();
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            calls.add(callers.submit(() -> {
                child.call(bytes(large), event -> {}, cancellation);
                return null;
            }));
        }
        await().atMost(LONG).until(() -> child.state() == State.READY);

        cancellation.cancel("nobody listens");

        for (Future<?> call : calls) {
            assertThatThrownBy(() -> call.get(10, TimeUnit.SECONDS)).hasRootCauseMessage("the call was cancelled");
        }
    }

    @Test
    void stopsAnIdleChildAndStartsItAgain() throws Exception {
        ChildProcess child = supervise(LONG, LONG, Duration.ofMillis(300), 4);
        call(child, "{\"op\":\"echo\"}");
        ProcessHandle process = ProcessHandle.of(child.pid()).orElseThrow();

        await().atMost(LONG).until(() -> child.state() == State.STOPPED && !process.isAlive());

        assertThat(child.lastFailure()).isEmpty();
        assertThat(call(child, "{\"op\":\"echo\"}")).hasSize(1);
    }

    @Test
    void killsAChildThatDoesNotStop() throws Exception {
        ChildProcess child = supervise(LONG, Duration.ofMillis(200), Duration.ZERO, 4, "ignores-end");
        Future<?> call = background(child, "{\"op\":\"echo\"}");
        await().atMost(LONG).until(() -> child.state() == State.READY);
        ProcessHandle process = ProcessHandle.of(child.pid()).orElseThrow();

        child.close();

        assertThat(process.isAlive()).isFalse();
        assertThat(child.state()).isEqualTo(State.CLOSED);
        assertThatThrownBy(() -> call.get(10, TimeUnit.SECONDS)).hasRootCauseInstanceOf(ChildProcessException.class);
        assertKind(() -> call(child, "{\"op\":\"echo\"}"), Kind.UNAVAILABLE);
    }

    @Test
    void replacesAChildThatRetires() throws Exception {
        ChildProcess child = supervise(LONG, LONG, Duration.ZERO, 4);
        Future<?> running = background(child, "{\"op\":\"stuck\"}");
        long first = call(child, "{\"op\":\"retire\"}").getFirst().path("pid").asLong();

        long second = call(child, "{\"op\":\"pid\"}").getFirst().path("pid").asLong();

        assertThat(second).isNotEqualTo(first);
        assertThat(running.isDone()).isFalse();
        assertThat(ProcessHandle.of(first)).isPresent();
        long third = call(child, "{\"op\":\"retire\"}").getFirst().path("pid").asLong();
        assertThat(third).isEqualTo(second);
        await().atMost(LONG).until(() -> ProcessHandle.of(third).isEmpty());
        assertThat(child.lastFailure()).isEmpty();
    }

    @Test
    void failsACallWhoseEventsAreNotTaken() throws Exception {
        ChildProcess child = supervise(LONG, LONG, Duration.ZERO, 4);

        assertThatThrownBy(() -> child.call(
                        bytes("{\"op\":\"count\",\"to\":20000}"),
                        event -> {
                            // Longer than the child needs for all, and served by the same process.
                            if (JSON.readTree(event).path("n").asInt() == 0) {
                                call(child, "{\"op\":\"count\",\"to\":8000}");
                                call(child, "{\"op\":\"count\",\"to\":8000}");
                                call(child, "{\"op\":\"count\",\"to\":8000}");
                            }
                        },
                        new Cancellation()))
                .isInstanceOfSatisfying(
                        ChildProcessException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FAILED));
        assertThat(call(child, "{\"op\":\"echo\"}")).hasSize(1);
    }

    @Test
    void endsWhatTheChildHasStarted() throws Exception {
        ChildProcess child = supervise(LONG, LONG, Duration.ZERO, 4);
        long pid = call(child, "{\"op\":\"spawn\"}").getFirst().path("pid").asLong();
        ProcessHandle grandchild = ProcessHandle.of(pid).orElseThrow();

        child.close();

        await().atMost(LONG).until(() -> !grandchild.isAlive());
    }

    @Test
    void endsEverythingAtItsStop() throws Exception {
        ChildProcess first = supervise(LONG, LONG, Duration.ZERO, 4);
        ChildProcess second = supervise(LONG, LONG, Duration.ZERO, 4, "ignores-end");
        call(first, "{\"op\":\"echo\"}");
        var _ = background(second, "{\"op\":\"echo\"}");
        await().atMost(LONG).until(() -> second.state() == State.READY);
        List<ProcessHandle> processes = List.of(
                ProcessHandle.of(first.pid()).orElseThrow(),
                ProcessHandle.of(second.pid()).orElseThrow());

        supervisor.stop();

        await().atMost(LONG).until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
        assertKind(() -> call(supervise(LONG, LONG, Duration.ZERO, 1), "{\"op\":\"echo\"}"), Kind.UNAVAILABLE);
        await().atMost(LONG).until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("process-")));
    }

    @Test
    void inheritsOnlyTheBasicEnvironment() throws Exception {
        JsonNode environment = call(supervise(LONG, LONG, Duration.ZERO, 1), "{\"op\":\"environment\"}").getFirst();

        List<String> names = new ArrayList<>();
        environment.fieldNames().forEachRemaining(names::add);
        assertThat(names).contains("PATH", "FAKE").isSubsetOf("PATH", "HOME", "LANG", "TMPDIR", "FAKE", "HYPERSPOT_PROCESS");
    }

    @Test
    void endsByItselfWhenTheServerIsGone() throws Exception {
        Process child = new ProcessBuilder(command().toArray(String[]::new))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(child.inputReader().readLine()).isEqualTo("{\"ready\":true}");
            child.outputWriter().write("{\"id\":1,\"op\":\"stuck\"}\n");
            child.outputWriter().flush();
            assertThat(child.inputReader().readLine()).contains("waiting");

            child.outputWriter().close();

            assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(child.exitValue()).isZero();
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void leavesNoChildBehindWhenTheServerIsKilled() throws Exception {
        endsWithTheServer(command());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void leavesNoCommandBehindWhenTheServerIsKilled() throws Exception {
        endsWithTheServer(List.of("command", "sleep", "1000"));
    }

    private void endsWithTheServer(List<String> arguments) throws Exception {
        List<String> server = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                DoomedServer.class.getName()));
        server.addAll(arguments);
        Process process = new ProcessBuilder(server)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String line = process.inputReader().readLine();
            while (line != null && !line.startsWith("child ")) {
                line = process.inputReader().readLine();
            }
            assertThat(line).isNotNull();
            ProcessHandle child =
                    ProcessHandle.of(Long.parseLong(line.substring(6))).orElseThrow();

            process.destroyForcibly();

            await().atMost(LONG).until(() -> !child.isAlive());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void servesManyCallersAtOnce() throws Exception {
        ChildProcess child = supervise(LONG, LONG, Duration.ZERO, 64);
        AtomicInteger events = new AtomicInteger();
        List<CompletableFuture<Void>> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            calls.add(CompletableFuture.runAsync(
                    () -> {
                        try {
                            events.addAndGet(call(child, "{\"op\":\"count\",\"to\":20}").size());
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    callers));
        }

        CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);

        assertThat(events).hasValue(1_000);
    }

    private ChildProcess supervise(
            Duration startTimeout, Duration stopGrace, Duration idleStop, int maxPending, String... arguments) {
        return processes.supervise(new Spec(
                "fake",
                () -> command(arguments),
                Map.of("FAKE", "yes"),
                folder,
                startTimeout,
                stopGrace,
                idleStop,
                maxPending));
    }

    private List<String> command(String... arguments) throws Exception {
        List<Path> classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
        List<String> command = new ArrayList<>(ChildJvm.ofClassPath(classPath, FakeChild.class.getName())
                .command(folder.resolve("tmp"), List.of("-Xmx64m")));
        command.addAll(List.of(arguments));
        return command;
    }

    private Future<?> background(ChildProcess child, String request) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Future<?> call = callers.submit(() -> {
            child.call(bytes(request), event -> begun.countDown(), new Cancellation());
            return null;
        });
        if (request.contains("stuck")) {
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        }
        return call;
    }

    private static List<JsonNode> call(ChildProcess child, String request) throws Exception {
        List<JsonNode> events = new ArrayList<>();
        child.call(bytes(request), event -> events.add(JSON.readTree(event)), new Cancellation());
        return events;
    }

    private static void assertKind(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, Kind kind) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ChildProcessException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.process.Command;
import io.hyperspot.process.Limits;
import io.hyperspot.process.LogLine;
import io.hyperspot.process.Readiness;
import io.hyperspot.process.RestartPolicy;
import io.hyperspot.process.RestartPolicy.Mode;
import io.hyperspot.process.SupervisedProcess;
import io.hyperspot.process.SupervisedProcess.State;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real processes: shell scripts. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
final class SupervisedCommandTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final RestartPolicy QUICK =
            RestartPolicy.of(Mode.ON_FAILURE).withDelays(Duration.ofMillis(20), Duration.ofSeconds(20));

    @TempDir
    Path folder;

    private ProcessSupervisor supervisor;
    private OwnedProcesses processes;

    @BeforeEach
    void start() {
        restartWith(Tools.ofThisMachine());
    }

    private void restartWith(Tools tools) {
        supervisor = new ProcessSupervisor(folder.resolve("logs"), tools, () -> false);
        processes = new OwnedProcesses("acme.models", supervisor);
    }

    @AfterEach
    void stop() {
        supervisor.stop();
    }

    private SupervisedProcess run(String script, UnaryOperator<Command.Builder> how) {
        return processes.supervise(how.apply(Command.builder("acme", "sh", folder.resolve("work")).arguments("-c", script))
                .build());
    }

    private SupervisedProcess run(String script) {
        return run(script, builder -> builder);
    }

    private static void awaitState(SupervisedProcess process, State state) {
        await().atMost(LONG).untilAsserted(() -> assertThat(process.state()).as(process.lastFailure()).isEqualTo(state));
    }

    private static List<String> said(SupervisedProcess process) {
        return process.log(1_000).stream().map(LogLine::text).toList();
    }

    private static ProcessHandle processIn(Path file) {
        await().atMost(LONG).until(() -> Files.exists(file) && Files.readString(file).endsWith("\n"));
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).orElseThrow();
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void runsAndTellsOfItself() {
        SupervisedProcess process = run("echo hello; echo trouble >&2; exec sleep 100");

        awaitState(process, State.READY);
        await().atMost(LONG).untilAsserted(() -> assertThat(said(process)).containsExactlyInAnyOrder("hello", "trouble"));
        assertThat(process.log(1_000)).extracting(LogLine::stream).contains(LogLine.Stream.OUTPUT, LogLine.Stream.ERROR);
        assertThat(folder.resolve("logs/acme.log")).content().contains(" OUTPUT hello\n", " ERROR trouble\n");
        assertThat(process.name()).isEqualTo("acme");
        assertThat(process.owner()).isEqualTo("acme.models");
        assertThat(process.kind()).isEqualTo(SupervisedProcess.Kind.COMMAND);
        assertThat(process.program()).isEqualTo("sh");
        assertThat(ProcessHandle.of(process.pid())).isPresent();
        assertThat(process.lastFailure()).isEmpty();
        assertThat(supervisor.list()).containsExactly(process);
        assertThat(supervisor.find("acme")).contains(process);
        assertThat(run("exec sleep 100").name()).isEqualTo("acme-2");
    }

    @Test
    void givesItACleanEnvironmentAndShowsNoValues() {
        Map<String, String> environment = Map.of("ACME_KEY", "s3cr3t-value");
        Command command = Command.builder("acme", "env", folder)
                .arguments("--null")
                .environment(environment)
                .restart(RestartPolicy.of(Mode.NEVER))
                .build();
        SupervisedProcess process = processes.supervise(command);

        awaitState(process, State.STOPPED);
        assertThat(String.join("\n", said(process)).split("\0"))
                .contains("ACME_KEY=s3cr3t-value")
                .extracting(variable -> variable.substring(0, variable.indexOf('=')))
                .isSubsetOf("PATH", "HOME", "LANG", "TMPDIR", "ACME_KEY", "HYPERSPOT_PROCESS");
        assertThat(process.environment()).containsExactly("ACME_KEY");
        assertThat(command.toString()).contains("ACME_KEY").doesNotContain("s3cr3t").doesNotContain("--null");
        assertThat(process.toString()).doesNotContain("s3cr3t");
    }

    @Test
    void restartsWithGrowingDelaysAndGivesUp() {
        List<State> states = Collections.synchronizedList(new ArrayList<>());
        Path mark = folder.resolve("go");
        SupervisedProcess process = run(
                "[ -e " + mark + " ] || { sleep 0.2; exit 3; }; exec sleep 100",
                builder -> builder.restart(QUICK.withMaxRestarts(3)));
        process.onState(state -> {
            throw new IllegalStateException("this listener is broken");
        });
        process.onState(states::add);

        awaitState(process, State.FAILED);

        assertThat(process.restarts()).isEqualTo(3);
        assertThat(process.lastFailure()).isEqualTo("it ended with exit code 3");
        assertThat(process.pid()).isEqualTo(-1);
        assertThat(states).contains(State.BACKOFF, State.STARTING).endsWith(State.FAILED);
        assertThat(supervisor.health().state()).isEqualTo(HealthContributor.State.DEGRADED);
        assertThat(supervisor.health().reason()).contains("acme failed", "exit code 3", "not started again");

        assertThat(mark.toFile().mkdir()).isTrue();
        process.start();
        awaitState(process, State.READY);
        assertThat(supervisor.health().state()).isEqualTo(HealthContributor.State.UP);
    }

    @Test
    void showsABackoffThatAnOperatorCanCutShortOrEnd() {
        SupervisedProcess process = run(
                "exit 4", builder -> builder.restart(RestartPolicy.of(Mode.ON_FAILURE).withDelays(LONG, LONG)));
        await().atMost(LONG).until(() -> process.restarts() == 1 && process.state() == State.BACKOFF);
        assertThat(supervisor.health().reason()).contains("exit code 4", "it is started again");

        process.start();
        await().atMost(LONG).until(() -> process.restarts() == 2 && process.state() == State.BACKOFF);

        process.stop();
        assertThat(process.state()).isEqualTo(State.STOPPED);
        assertThat(supervisor.health()).isEqualTo(HealthContributor.Health.up());
    }

    @Test
    void restartsWhatEndsWellOnlyWhenAsked() {
        SupervisedProcess once = run("exit 0");
        awaitState(once, State.STOPPED);
        assertThat(once.restarts()).isZero();

        SupervisedProcess always = run("exit 0", builder -> builder.restart(RestartPolicy.of(Mode.ALWAYS)));
        await().atMost(LONG).until(() -> always.restarts() >= 2);

        SupervisedProcess never = run("exit 1", builder -> builder.restart(RestartPolicy.of(Mode.NEVER)));
        awaitState(never, State.FAILED);
        assertThat(never.restarts()).isZero();
    }

    @Test
    void saysWhyAProgramCannotBeStarted() {
        SupervisedProcess process = processes.supervise(Command.builder("acme", "no-such-program", folder)
                .restart(RestartPolicy.of(Mode.NEVER))
                .build());

        awaitState(process, State.FAILED);
        assertThat(process.lastFailure()).contains("no program 'no-such-program'");
        assertThatThrownBy(() -> new Readiness.Port(70_000)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Readiness.Http(80, "/a b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> processes.supervise(Command.builder("../acme", "sh", folder).build()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void holdsItToItsMemory() {
        String greedy = "echo before; head -c 400000000 /dev/zero | tail -c 390000000 > /dev/null || exit 9; echo unlimited";
        Limits limits = Limits.memory(150_000_000).enforced();

        SupervisedProcess process = run(greedy, builder -> builder.limits(limits).restart(QUICK.withMaxRestarts(1)));

        awaitState(process, State.FAILED);
        assertThat(process.lastFailure()).containsAnyOf("exit code 9", "exit code 137");
        assertThat(process.restarts()).isEqualTo(1);
        assertThat(process.limits().enforced()).startsWith("memory by ");
        assertThat(process.limits().notEnforced()).isEmpty();
        assertThat(said(process)).contains("before").doesNotContain("unlimited");
    }

    @Test
    void holdsItToItsProcessors() {
        SupervisedProcess process = run(
                "grep Cpus_allowed_list /proc/self/status; exec sleep 100",
                builder -> builder.limits(Limits.NONE.withCpus(1).enforced()));

        awaitState(process, State.READY);
        assertThat(process.limits().enforced()).startsWith("cpus by ");
        await().atMost(LONG).until(() -> !said(process).isEmpty());
        if (process.limits().enforced().contains("taskset")) {
            assertThat(said(process).getFirst()).matches("Cpus_allowed_list:\\s+[0-9]+");
        }
    }

    @Test
    void saysWhichLimitsItCannotEnforceAndRefusesWhenTheyAreRequired() {
        restartWith(Tools.NONE);
        SupervisedProcess lenient = run("exec sleep 100", builder -> builder.limits(Limits.memory(1 << 30).withCpus(1)));
        awaitState(lenient, State.READY);
        assertThat(lenient.limits().enforced()).isEmpty();
        assertThat(lenient.limits().notEnforced()).contains("memory: ", "cpus: ");

        SupervisedProcess strict = run("exec sleep 100", builder -> builder.limits(Limits.memory(1 << 30).enforced()));
        awaitState(strict, State.FAILED);
        assertThat(strict.lastFailure()).contains("required", "memory: ");
        assertThat(strict.pid()).isEqualTo(-1);
    }

    @Test
    void isReadyByALineOfOutput() {
        Path mark = folder.resolve("go");
        SupervisedProcess process = run(
                "while [ ! -e " + mark + " ]; do sleep 0.05; done; echo now listening on 80; exec sleep 100",
                builder -> builder.readiness(new Readiness.Output("listening on")));
        await().atMost(LONG).until(() -> process.pid() > 0);
        assertThat(process.state()).isEqualTo(State.STARTING);

        assertThat(mark.toFile().mkdir()).isTrue();
        awaitState(process, State.READY);
    }

    @Test
    void isReadyByAPort() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        SupervisedProcess process = run("exec sleep 100", builder -> builder.readiness(new Readiness.Port(port)));
        await().atMost(LONG).until(() -> process.pid() > 0);
        assertThat(process.state()).isEqualTo(State.STARTING);

        try (ServerSocket server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(server.isBound()).isTrue();
            awaitState(process, State.READY);
        }
    }

    @Test
    void isReadyByAnAnswerOverHttp() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        int[] status = {503};
        server.createContext("/health", exchange -> {
            exchange.sendResponseHeaders(status[0], -1);
            exchange.close();
        });
        server.start();
        try {
            int port = server.getAddress().getPort();
            SupervisedProcess process =
                    run("exec sleep 100", builder -> builder.readiness(new Readiness.Http(port, "/health")));
            await().atMost(LONG).until(() -> process.pid() > 0);
            assertThat(ReadinessProbe.answers(new Readiness.Http(port, "/health"))).isFalse();
            assertThat(process.state()).isEqualTo(State.STARTING);

            status[0] = 200;
            awaitState(process, State.READY);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void killsWhatIsNotReadyInTime() {
        SupervisedProcess process = run("exec sleep 100", builder -> builder
                .readiness(new Readiness.Output("never"))
                .startTimeout(Duration.ofMillis(300))
                .restart(RestartPolicy.of(Mode.NEVER)));

        awaitState(process, State.FAILED);
        assertThat(process.lastFailure()).isEqualTo("it was not ready within 300 ms");
    }

    @Test
    void letsItEndByItself() {
        SupervisedProcess process = run(
                "trap 'echo ending; exit 0' TERM; echo up; while :; do sleep 0.05; done",
                builder -> builder.readiness(new Readiness.Output("up")).stopGrace(LONG));
        awaitState(process, State.READY);

        process.stop();

        assertThat(process.state()).isEqualTo(State.STOPPED);
        assertThat(said(process)).contains("ending");
        assertThat(process.lastFailure()).isEmpty();
        long before = process.restarts();
        process.restart();
        awaitState(process, State.READY);
        assertThat(process.restarts()).isEqualTo((int) before);
    }

    @Test
    void killsWhatIgnoresItsEndWithAllThatItHasStarted() {
        Path deaf = folder.resolve("deaf");
        Path orphan = folder.resolve("orphan");
        SupervisedProcess process = run(
                "trap '' TERM; sh -c 'echo $$ > " + deaf + "; while :; do sleep 1; done' &"
                        // its parent ends at once, so that nobody is told whose child it is
                        + " (sh -c 'echo $$ > " + orphan + "; while :; do sleep 1; done' &) ; echo up; while :; do sleep 1; done",
                builder -> builder.readiness(new Readiness.Output("up")).stopGrace(Duration.ofMillis(300)));
        awaitState(process, State.READY);
        List<ProcessHandle> all = List.of(
                ProcessHandle.of(process.pid()).orElseThrow(), processIn(deaf), processIn(orphan));

        process.close();

        assertThat(process.state()).isEqualTo(State.CLOSED);
        await().atMost(LONG).until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
        assertThat(supervisor.list()).isEmpty();
        assertThatThrownBy(process::start).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void leavesNothingBehindWhenItEndsByItself() {
        Path orphan = folder.resolve("orphan");
        SupervisedProcess process = run("(sh -c 'echo $$ > " + orphan + "; exec sleep 100' &); while [ ! -s " + orphan + " ]; do sleep 0.05; done");

        ProcessHandle left = processIn(orphan);
        awaitState(process, State.STOPPED);
        await().atMost(LONG).until(() -> !left.isAlive());
    }

    @Test
    void endsWithItsOwner() {
        SupervisedProcess mine = run("exec sleep 100");
        OwnedProcesses other = new OwnedProcesses("acme.other", supervisor);
        SupervisedProcess theirs =
                other.supervise(Command.builder("theirs", "sleep", folder).arguments("100").build());
        awaitState(mine, State.READY);
        awaitState(theirs, State.READY);
        ProcessHandle handle = ProcessHandle.of(mine.pid()).orElseThrow();

        processes.end();

        assertThat(handle.isAlive()).isFalse();
        assertThat(mine.state()).isEqualTo(State.CLOSED);
        assertThat(supervisor.list()).containsExactly(theirs);
        assertThat(theirs.state()).isEqualTo(State.READY);
        assertThat(run("exec sleep 100").state()).isEqualTo(State.CLOSED);

        supervisor.stop();
        assertThat(theirs.state()).isEqualTo(State.CLOSED);
        assertThat(supervisor.supervise("late", Command.builder("late", "sleep", folder).arguments("100").build()).state())
                .isEqualTo(State.CLOSED);
    }

    @Test
    void doesNotWaitForStubbornProcessesWhileTheServerStops() {
        supervisor.stop();
        supervisor = new ProcessSupervisor(folder.resolve("logs"), Tools.ofThisMachine(), () -> true);
        List<SupervisedProcess> stubborn = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            stubborn.add(supervisor.supervise(
                    "acme", Command.builder("stubborn", "sh", folder)
                            .arguments("-c", "trap '' TERM; echo up; while :; do sleep 1; done")
                            .readiness(new Readiness.Output("up"))
                            .stopGrace(Duration.ofMinutes(5))
                            .build()));
        }
        stubborn.forEach(process -> awaitState(process, State.READY));
        List<ProcessHandle> handles = stubborn.stream()
                .map(process -> ProcessHandle.of(process.pid()).orElseThrow())
                .toList();

        long began = System.nanoTime();
        stubborn.forEach(SupervisedProcess::close);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(9));
        await().atMost(LONG).until(() -> handles.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void dropsAFloodOfOutput() {
        SupervisedProcess process = run("head -c 20000000 /dev/zero | tr '\\0' x; echo; yes | head -n 100000; echo done; exec sleep 100",
                builder -> builder.readiness(new Readiness.Output("done")));

        awaitState(process, State.READY);
        assertThat(process.log(Integer.MAX_VALUE).size()).isLessThanOrEqualTo(ProcessLog.KEPT_LINES);
        assertThat(process.log(1)).extracting(LogLine::text).containsExactly("done");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** The {@code hyperspot} command of the distribution, as a process of its own. */
final class HyperSpotProcess implements AutoCloseable {
    private static final Path SCRIPT = TestServer.DISTRIBUTION.resolve("hyperspot");

    /** What a command printed and how it ended. */
    record Result(int exitCode, String out, String err) {}

    private final Process process;
    private final Path log;

    private HyperSpotProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static ProcessBuilder builder(Path home, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("sh", SCRIPT.toString()));
        command.addAll(arguments);
        command.addAll(List.of("--home", home.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        // another test may write it at the same time
        environment.put("HYPERSPOT_NO_CACHE", "1");
        return builder;
    }

    /** Runs a command to its end. */
    static Result run(Path home, String... arguments) throws IOException, InterruptedException {
        return run(Duration.ofSeconds(60), home, arguments);
    }

    /** Runs a command to its end, which comes within the deadline. */
    static Result run(Duration deadline, Path home, String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile("hyperspot", ".out");
        Path err = Files.createTempFile("hyperspot", ".err");
        Process process = builder(home, List.of(arguments))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("'hyperspot " + String.join(" ", arguments) + "' did not end: " + Files.readString(out));
        }
        try {
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** Starts a server on a free port. */
    static HyperSpotProcess server(Path home, String... options) throws IOException {
        Path log = Files.createTempFile("hyperspot", ".log");
        List<String> arguments = new ArrayList<>(List.of("run"));
        if (!List.of(options).contains("--port")) {
            arguments.addAll(List.of("--port", "0"));
        }
        arguments.addAll(List.of(options));
        Process process = builder(home, arguments)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new HyperSpotProcess(process, log);
    }

    String output() throws IOException {
        return Files.readString(log);
    }

    /** Waits for the greeting and gives the address in it. */
    URI awaitGreeting(Duration deadline) {
        try {
            Awaitility.await().atMost(deadline).until(() -> output().contains("Try it:") || !process.isAlive());
            return output()
                    .lines()
                    .filter(line -> line.startsWith("  API  "))
                    .findFirst()
                    .map(line -> URI.create(line.substring(6).strip()))
                    .orElseThrow(() -> new AssertionError("no greeting: " + log));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("no greeting in " + deadline + ":\n" + text(), e);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String text() {
        try {
            return output();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** The command that the greeting offers to paste into a shell. */
    String pasted() throws IOException {
        String text = output();
        String command = text.substring(text.indexOf("Try it:") + "Try it:".length()).strip();
        int end = command.indexOf("\n\n");
        return end < 0 ? command : command.substring(0, end);
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Asks to stop (SIGTERM). */
    void terminate() {
        process.destroy();
    }

    /** kill -9 */
    void kill() {
        process.destroyForcibly();
    }

    /** The exit code, or an error when it does not end. */
    int awaitExit(Duration deadline) throws InterruptedException {
        if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still alive after " + deadline);
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        Files.deleteIfExists(log);
    }
}

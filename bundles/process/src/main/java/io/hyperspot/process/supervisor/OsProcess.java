// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import io.hyperspot.process.ChildProcesses.Spec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process of the operating system with its streams and all that it has started. Thread-safe, except
 * that {@link #follow} is called once.
 */
final class OsProcess {
    /** Hears what the process says, on the process's own threads. */
    interface Listener {
        void said(Envelope envelope);

        /** It broke the protocol; it still runs. */
        void broke(String why);

        /** After everything that it said. */
        void exited(int code);
    }

    private static final Logger log = LoggerFactory.getLogger(OsProcess.class);
    private static final List<String> INHERITED = List.of("PATH", "HOME", "LANG", "TMPDIR");
    /** What the streams may take to end when the process has. */
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(1);

    private final String name;
    private final Process process;
    private volatile List<ProcessHandle> descendants = List.of();

    private OsProcess(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    static OsProcess start(Spec spec) throws Exception {
        Files.createDirectories(spec.workDirectory());
        ProcessBuilder builder = new ProcessBuilder(spec.command().call());
        builder.directory(spec.workDirectory().toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(INHERITED);
        environment.putAll(spec.environment());
        return new OsProcess(spec.name(), builder.start());
    }

    /** Writes to it what waits in the outbox, reads what it says, and tells when it has ended. */
    void follow(Outbox outbox, ErrorOutput errors, Listener listener) {
        // Platform threads: a virtual one would hold its carrier while it waits for a pipe.
        Thread output = thread("output", () -> read(errors, listener));
        Thread error = thread("errors", () -> errors.drain(process.getErrorStream()));
        thread("input", () -> write(outbox));
        var _ = process.onExit().thenRun(() -> Thread.ofVirtual().start(() -> exited(output, error, listener)));
    }

    private Thread thread(String purpose, Runnable work) {
        return Thread.ofPlatform().daemon().name("process-" + name + "-" + purpose).start(work);
    }

    private void write(Outbox outbox) {
        try (OutputStream input = process.getOutputStream()) {
            for (byte[] line = outbox.take(); line != null; line = outbox.take()) {
                input.write(line);
                input.flush();
            }
        } catch (IOException | InterruptedException e) {
            // The process ends, or has; whoever waits for it says why.
            log.trace("the input of {} ended", name, e);
        }
    }

    private void read(ErrorOutput errors, Listener listener) {
        Lines lines = new Lines(process.getInputStream(), Envelope.MAX_LINE, Lines.Overlong.FAIL);
        try {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                if (line.length > 0 && line[0] == '{') {
                    listener.said(Envelope.read(line));
                } else {
                    errors.add(new String(line, 0, Math.min(line.length, 4_000), StandardCharsets.UTF_8));
                }
            }
        } catch (IOException | RuntimeException e) {
            listener.broke(e.getMessage() == null ? e.toString() : e.getMessage());
            return;
        }
        try {
            if (!process.waitFor(LAST_OUTPUT.toMillis() * 2, TimeUnit.MILLISECONDS)) {
                listener.broke("it closed its output");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void exited(Thread output, Thread error, Listener listener) {
        killDescendants();
        try {
            output.join(LAST_OUTPUT);
            error.join(LAST_OUTPUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        listener.exited(process.exitValue());
    }

    long pid() {
        return process.pid();
    }

    /** Notes what it has started: those that lose their parent cannot be found any more. */
    void noteDescendants() {
        List<ProcessHandle> found = process.descendants().toList();
        if (!found.isEmpty()) {
            descendants = found;
        }
    }

    /** Kills it and all that it has started. */
    void kill() {
        noteDescendants();
        process.destroyForcibly();
        killDescendants();
    }

    private void killDescendants() {
        descendants.forEach(ProcessHandle::destroyForcibly);
    }
}

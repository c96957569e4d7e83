// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process of the operating system with its streams and all that it has started. Thread-safe. */
final class OsProcess {
    /** Works on the streams, each on a thread of its own, and hears of the end. */
    interface Follower {
        void input(OutputStream in);

        void output(InputStream out);

        void errors(InputStream err);

        /** After everything that it said. */
        void exited(int code);
    }

    private static final Logger log = LoggerFactory.getLogger(OsProcess.class);
    private static final List<String> INHERITED = List.of("PATH", "HOME", "LANG", "TMPDIR");
    /** What the streams may take to end when the process has. */
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(1);

    private final String name;
    private final Process process;
    private final Relatives relatives;
    private final CompletableFuture<Follower> follower = new CompletableFuture<>();
    private volatile long graceEnds = System.nanoTime();

    private OsProcess(String name, Process process, Relatives relatives) {
        this.name = name;
        this.process = process;
        this.relatives = relatives;
    }

    /** Starts it; {@link #follow} must come next. */
    static OsProcess start(
            String name, List<String> command, Map<String, String> environment, Path workDirectory, Confinement confinement)
            throws IOException {
        Files.createDirectories(workDirectory);
        Relatives relatives = new Relatives();
        List<String> whole = new ArrayList<>(confinement.prefix());
        whole.add(Executables.require(command.getFirst()));
        whole.addAll(command.subList(1, command.size()));
        ProcessBuilder builder = new ProcessBuilder(whole).directory(workDirectory.toFile());
        builder.environment()
                .keySet()
                .removeIf(variable -> !INHERITED.contains(variable)
                        && !(confinement.needsBus() && Confinement.BUS.contains(variable)));
        builder.environment().putAll(environment);
        builder.environment().put(Relatives.VARIABLE, relatives.mark());
        // A thread that stays until the end: for the kernel, which kills the process when its parent is
        // gone, the parent is the thread that has started it.
        CompletableFuture<OsProcess> started = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("process-" + name).start(() -> {
            OsProcess running;
            try {
                running = new OsProcess(name, builder.start(), relatives);
            } catch (IOException | RuntimeException e) {
                started.completeExceptionally(e);
                return;
            }
            started.complete(running);
            running.keep();
        });
        try {
            return started.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        }
    }

    void follow(Follower by) {
        follower.complete(by);
    }

    private void keep() {
        Follower by = follower.join();
        // Platform threads: a virtual one would hold its carrier while it waits for a pipe.
        thread("input", () -> by.input(process.getOutputStream()));
        Thread output = thread("output", () -> by.output(process.getInputStream()));
        Thread errors = thread("errors", () -> by.errors(process.getErrorStream()));
        try {
            process.waitFor();
            endRelatives();
            output.join(LAST_OUTPUT);
            errors.join(LAST_OUTPUT);
        } catch (InterruptedException e) {
            // nobody does that
            Thread.currentThread().interrupt();
            kill();
        }
        by.exited(process.isAlive() ? -1 : process.exitValue());
    }

    private Thread thread(String purpose, Runnable work) {
        return Thread.ofPlatform().daemon().name("process-" + name + "-" + purpose).start(work);
    }

    /** What is left has the rest of the grace, if there is one. */
    private void endRelatives() throws InterruptedException {
        for (ProcessHandle relative : relatives.alive(process.toHandle())) {
            try {
                relative.onExit().get(Math.max(0, graceEnds - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException | ExecutionException e) {
                log.debug("{} has left the process {} behind, which is killed", name, relative.pid());
                relative.destroyForcibly();
            }
        }
    }

    long pid() {
        return process.pid();
    }

    boolean awaitExit(Duration atMost) throws InterruptedException {
        return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    void noteDescendants() {
        relatives.note(process.toHandle());
    }

    /** Asks it and all that it has started to end, by SIGTERM where there are signals. Does not wait. */
    void terminate(Duration grace) {
        graceEnds = System.nanoTime() + grace.toNanos();
        noteDescendants();
        // not by the process, which closes the streams: its last words count
        process.toHandle().destroy();
        relatives.alive(process.toHandle()).forEach(ProcessHandle::destroy);
    }

    /** Kills it and all that it has started. */
    void kill() {
        graceEnds = System.nanoTime();
        noteDescendants();
        process.destroyForcibly();
        relatives.alive(process.toHandle()).forEach(ProcessHandle::destroyForcibly);
    }

    /** An end in words. */
    static String words(int exitCode) {
        return "it ended with exit code " + exitCode
                + (exitCode > 128 && exitCode < 160 ? " (signal " + (exitCode - 128) + ")" : "");
    }
}

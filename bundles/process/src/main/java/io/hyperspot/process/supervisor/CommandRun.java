// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import io.hyperspot.process.Command;
import io.hyperspot.process.Limits;
import io.hyperspot.process.LogLine;
import io.hyperspot.process.Readiness;
import io.hyperspot.process.SupervisedProcess.State;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a command, from its start to its end; never restarted. Thread-safe. */
final class CommandRun implements Run, OsProcess.Follower {
    /** How a run ended. */
    sealed interface End {
        /** It was asked to. */
        record Asked() implements End {}

        /** By itself, with exit code 0. */
        record Well() implements End {}

        /**
         * By a failure.
         *
         * @param why in words
         * @param lasting whether another start would fail in the same way
         */
        record Failed(String why, boolean lasting) implements End {}
    }

    /** Hears of a run. Called without any lock held. */
    interface Owner {
        void confined(Limits.Status limits);

        void ready(CommandRun run);

        void ended(CommandRun run, End end);
    }

    private static final Logger log = LoggerFactory.getLogger(CommandRun.class);
    private static final Duration BETWEEN_PROBES = Duration.ofMillis(100);

    private final Command command;
    private final Surroundings surroundings;
    private final ProcessLog output;
    private final Owner owner;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state = State.STARTING;
    private boolean asked;
    private String failure = "";
    private long readySince;
    private @Nullable OsProcess process;

    CommandRun(Command command, Surroundings surroundings, ProcessLog output, Owner owner) {
        this.command = command;
        this.surroundings = surroundings;
        this.output = output;
        this.owner = owner;
    }

    /** Starts the process on another thread. */
    void start() {
        Thread.ofVirtual().name("process-" + command.name() + "-start").start(() -> {
            try {
                launch();
            } catch (IOException | RuntimeException e) {
                kill();
                end(new End.Failed("it could not be started: " + e.getMessage(), false));
            } catch (InterruptedException e) {
                // nobody does that
                Thread.currentThread().interrupt();
                kill();
            }
        });
    }

    private void launch() throws IOException, InterruptedException {
        Confinement confinement = surroundings.confinement(command.limits());
        owner.confined(confinement.status());
        if (command.limits().required() && !confinement.status().notEnforced().isEmpty()) {
            end(new End.Failed(
                    "its limits are required, and cannot be enforced: " + confinement.status().notEnforced(), true));
            return;
        }
        List<String> line = new ArrayList<>(List.of(command.program()));
        line.addAll(command.arguments());
        if (state() != State.STARTING) {
            end(new End.Asked());
            return;
        }
        OsProcess started =
                OsProcess.start(command.name(), line, command.environment(), command.workDirectory(), confinement);
        boolean meanwhile;
        lock.lock();
        try {
            process = started;
            meanwhile = asked;
        } finally {
            lock.unlock();
        }
        started.follow(this);
        if (meanwhile) {
            kill();
        }
        awaitReady();
    }

    private void awaitReady() throws InterruptedException {
        long deadline = System.nanoTime() + command.startTimeout().toNanos();
        while (state() == State.STARTING) {
            if (ReadinessProbe.answers(command.readiness())) {
                becomeReady();
            } else if (System.nanoTime() > deadline) {
                fail("it was not ready within " + command.startTimeout().toMillis() + " ms");
                return;
            } else {
                pause();
            }
        }
    }

    private void pause() throws InterruptedException {
        lock.lock();
        try {
            long left = BETWEEN_PROBES.toNanos();
            while (state == State.STARTING && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void said(String line) {
        if (command.readiness() instanceof Readiness.Output(String text) && line.contains(text)) {
            becomeReady();
        }
    }

    private void becomeReady() {
        lock.lock();
        try {
            if (state != State.STARTING) {
                return;
            }
            state = State.READY;
            readySince = System.nanoTime();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        owner.ready(this);
    }

    State state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    long pid() {
        lock.lock();
        try {
            return process == null || state == State.STOPPED ? -1 : process.pid();
        } finally {
            lock.unlock();
        }
    }

    /** How long it has been ready. */
    Duration served() {
        lock.lock();
        try {
            return readySince == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - readySince);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public CompletableFuture<Void> ended() {
        return ended;
    }

    /** Asks the process to end, and kills it after the grace. Does not wait. */
    void stop() {
        OsProcess running;
        lock.lock();
        try {
            if (asked || state == State.STOPPED) {
                return;
            }
            asked = true;
            state = State.STOPPING;
            running = process;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (running != null) {
            Duration grace = surroundings.budget().of(command.stopGrace());
            running.terminate(grace);
            surroundings.after(grace, this::kill);
        }
    }

    private void fail(String why) {
        lock.lock();
        try {
            if (failure.isEmpty() && !asked) {
                failure = why;
            }
        } finally {
            lock.unlock();
        }
        kill();
    }

    @Override
    public void kill() {
        OsProcess running;
        lock.lock();
        try {
            running = state == State.STOPPED ? null : process;
        } finally {
            lock.unlock();
        }
        if (running != null) {
            running.kill();
        }
    }

    @Override
    public void input(OutputStream in) {
        try {
            in.close();
        } catch (IOException e) {
            log.trace("the input of {} was not closed", command.name(), e);
        }
    }

    @Override
    public void output(InputStream out) {
        output.drain(LogLine.Stream.OUTPUT, out, this::said);
    }

    @Override
    public void errors(InputStream err) {
        output.drain(LogLine.Stream.ERROR, err, this::said);
    }

    @Override
    public void exited(int code) {
        end(howItEnded(code));
    }

    private End howItEnded(int code) {
        lock.lock();
        try {
            if (asked) {
                return new End.Asked();
            }
            if (failure.isEmpty() && code == 0) {
                return new End.Well();
            }
            return new End.Failed(failure.isEmpty() ? OsProcess.words(code) : failure, false);
        } finally {
            lock.unlock();
        }
    }

    private void end(End how) {
        lock.lock();
        try {
            if (state == State.STOPPED) {
                return;
            }
            state = State.STOPPED;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        owner.ended(this, how);
        ended.complete(null);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import io.hyperspot.process.ChildProcessException;
import io.hyperspot.process.ChildProcessException.Kind;
import io.hyperspot.process.ChildProcesses.Spec;
import io.hyperspot.process.Limits;
import io.hyperspot.process.LogLine;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a child, from its start to its end; never restarted. Thread-safe. */
final class ChildRun implements Run, OsProcess.Follower, JsonLines.Listener {
    /** Hears of a run. Called without any lock held. */
    interface Owner {
        void ready(ChildRun run);

        /** It wants no more requests. */
        void retires(ChildRun run);

        /**
         * It has ended, and its calls have failed.
         *
         * @param failure in words; empty when it was asked to end, or ended well without calls
         */
        void ended(ChildRun run, String failure);
    }

    private enum State {
        STARTING,
        READY,
        STOPPING,
        ENDED
    }

    private static final Logger log = LoggerFactory.getLogger(ChildRun.class);

    private final Spec spec;
    private final Surroundings surroundings;
    private final Owner owner;
    private final ProcessLog output;
    private final Outbox outbox = new Outbox();
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, PendingCall> calls = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final List<PendingCall> waiting = new ArrayList<>();
    private State state = State.STARTING;
    private int reserved;
    private boolean retiring;
    private volatile String failure = "";
    private @Nullable OsProcess process;

    ChildRun(Spec spec, Surroundings surroundings, ProcessLog output, Owner owner) {
        this.spec = spec;
        this.surroundings = surroundings;
        this.output = output;
        this.owner = owner;
    }

    /**
     * Starts the process on another thread.
     *
     * @param previous the end of the run before: two must not hold their memory at once
     */
    void start(CompletableFuture<Void> previous) {
        Thread.ofVirtual().name("process-" + spec.name() + "-start").start(() -> {
            try {
                previous.get(spec.stopGrace().toMillis() + 5_000, TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException | InterruptedException e) {
                log.debug("the run of {} before has not ended", spec.name(), e);
            }
            try {
                launch();
            } catch (Exception e) {
                end("it could not be started: " + e.getMessage());
            }
        });
    }

    private void launch() throws Exception {
        if (stopped()) {
            end("");
            return;
        }
        OsProcess started = OsProcess.start(
                spec.name(),
                spec.command().call(),
                spec.environment(),
                spec.workDirectory(),
                surroundings.confinement(Limits.NONE));
        lock.lock();
        try {
            process = started;
        } finally {
            lock.unlock();
        }
        started.follow(this);
        if (stopped()) {
            kill();
        } else {
            surroundings.after(spec.startTimeout(), this::checkStarted);
        }
    }

    private boolean stopped() {
        lock.lock();
        try {
            return state != State.STARTING && state != State.READY;
        } finally {
            lock.unlock();
        }
    }

    private void checkStarted() {
        if (!isReady()) {
            fail("it was not ready within " + spec.startTimeout().toMillis() + " ms");
        }
    }

    boolean isReady() {
        lock.lock();
        try {
            return state == State.READY;
        } finally {
            lock.unlock();
        }
    }

    long pid() {
        lock.lock();
        try {
            return process == null || state == State.ENDED ? -1 : process.pid();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public CompletableFuture<Void> ended() {
        return ended;
    }

    /**
     * Keeps a place for the call, and tells it when the process is ready, or why it will not be.
     * Followed by {@link #send} or {@link #release}.
     *
     * @return false when this run takes no more calls
     */
    boolean reserve(PendingCall call) {
        lock.lock();
        try {
            switch (state) {
                case STARTING -> waiting.add(call);
                case READY -> call.ready();
                case STOPPING, ENDED -> {
                    return false;
                }
            }
            reserved++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void release() {
        lock.lock();
        try {
            reserved--;
        } finally {
            lock.unlock();
        }
        stopWhenRetired();
    }

    void send(PendingCall call, byte[] request) {
        long id = ids.incrementAndGet();
        byte[] line = Envelope.request(id, request);
        boolean ready;
        lock.lock();
        try {
            ready = state == State.READY;
            if (ready) {
                calls.put(id, call);
            }
        } finally {
            lock.unlock();
        }
        if (!ready) {
            call.failed(crashed());
            return;
        }
        outbox.request(id, line);
        call.sent(() -> cancel(id));
    }

    private void cancel(long id) {
        if (outbox.cancel(id)) {
            settled(id, PendingCall::settle);
        } else {
            surroundings.after(spec.startTimeout(), () -> {
                if (calls.containsKey(id)) {
                    fail("it did not end a cancelled call within "
                            + spec.startTimeout().toMillis() + " ms");
                }
            });
        }
    }

    private void settled(long id, Consumer<PendingCall> how) {
        PendingCall call = calls.remove(id);
        if (call != null) {
            how.accept(call);
        }
        stopWhenRetired();
    }

    private void stopWhenRetired() {
        boolean stop;
        lock.lock();
        try {
            stop = retiring && calls.isEmpty() && reserved == 0 && state == State.READY;
        } finally {
            lock.unlock();
        }
        if (stop) {
            stop();
        }
    }

    @Override
    public void input(OutputStream in) {
        JsonLines.write(outbox, in);
    }

    @Override
    public void output(InputStream out) {
        OsProcess running;
        lock.lock();
        try {
            running = Objects.requireNonNull(process);
        } finally {
            lock.unlock();
        }
        JsonLines.read(running, out, output, this);
    }

    @Override
    public void errors(InputStream err) {
        output.drain(LogLine.Stream.ERROR, err, line -> {});
    }

    @Override
    public void said(Envelope envelope) {
        switch (envelope) {
            case Envelope.Ready() -> becomeReady();
            case Envelope.Retire() -> retire();
            case Envelope.Event(long id, byte[] json) -> {
                PendingCall call = calls.get(id);
                if (call != null) {
                    call.event(json);
                }
            }
            case Envelope.Done(long id) -> settled(id, PendingCall::done);
            case Envelope.Failure(long id, String message, String code) -> settled(
                    id, call -> call.failed(
                            new ChildProcessException(Kind.FAILED, message, code, Duration.ZERO, null)));
        }
    }

    private void becomeReady() {
        List<PendingCall> tell;
        lock.lock();
        try {
            if (state != State.STARTING) {
                return;
            }
            state = State.READY;
            tell = List.copyOf(waiting);
            waiting.clear();
        } finally {
            lock.unlock();
        }
        owner.ready(this);
        tell.forEach(PendingCall::ready);
    }

    private void retire() {
        owner.retires(this);
        lock.lock();
        try {
            retiring = true;
        } finally {
            lock.unlock();
        }
        stopWhenRetired();
    }

    /** Asks the process to end, and kills it after the grace. Does not wait. */
    void stop() {
        OsProcess running;
        lock.lock();
        try {
            if (state == State.STOPPING || state == State.ENDED) {
                return;
            }
            state = State.STOPPING;
            running = process;
        } finally {
            lock.unlock();
        }
        if (running != null) {
            running.noteDescendants();
        }
        outbox.close();
        surroundings.after(surroundings.budget().of(spec.stopGrace()), this::kill);
    }

    private void fail(String why) {
        lock.lock();
        try {
            if (failure.isEmpty() && state != State.STOPPING) {
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
            running = process;
        } finally {
            lock.unlock();
        }
        if (running != null) {
            running.kill();
        }
    }

    @Override
    public void broke(String why) {
        fail(why);
    }

    @Override
    public void exited(int code) {
        String why;
        lock.lock();
        try {
            boolean well = state == State.STOPPING || (state == State.READY && code == 0 && calls.isEmpty());
            why = !failure.isEmpty() ? failure : well ? "" : OsProcess.words(code);
        } finally {
            lock.unlock();
        }
        end(why);
    }

    private void end(String why) {
        List<PendingCall> unstarted;
        lock.lock();
        try {
            if (state == State.ENDED) {
                return;
            }
            failure = why;
            state = State.ENDED;
            unstarted = List.copyOf(waiting);
            waiting.clear();
        } finally {
            lock.unlock();
        }
        outbox.close();
        owner.ended(this, why);
        unstarted.forEach(call -> call.failed(notStarted()));
        calls.keySet().forEach(id -> settled(id, call -> call.failed(crashed())));
        ended.complete(null);
    }

    private ChildProcessException notStarted() {
        return new ChildProcessException(
                Kind.UNAVAILABLE,
                spec.name() + " does not start: " + (failure.isEmpty() ? "it was stopped" : failure));
    }

    private ChildProcessException crashed() {
        return new ChildProcessException(
                Kind.CRASHED,
                spec.name() + " ended during the call: " + (failure.isEmpty() ? "it was stopped" : failure));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import io.hyperspot.modkit.Cancellation;
import io.hyperspot.process.ChildProcess;
import io.hyperspot.process.ChildProcessException;
import io.hyperspot.process.ChildProcesses.Spec;
import io.hyperspot.process.Limits;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A child over its runs. */
final class SupervisedChild extends Supervised implements ChildProcess, ChildRun.Owner {
    private static final Logger log = LoggerFactory.getLogger(SupervisedChild.class);
    private static final Duration FIRST_DELAY = Duration.ofMillis(500);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

    private final Spec spec;
    private final ReentrantLock lock = new ReentrantLock();
    private final Backoff backoff = new Backoff(FIRST_DELAY, LONGEST_DELAY);
    /** The one that takes calls. */
    private @Nullable ChildRun run;
    /** With those that retire or are about to stop. */
    private final Set<ChildRun> alive = new HashSet<>();
    private CompletableFuture<Void> previous = CompletableFuture.completedFuture(null);
    private int pending;
    private long lastUse;
    private boolean idleWatched;
    private boolean failedSince;
    private int restarts;
    /** Calls are refused until it is started. */
    private boolean held;
    private boolean closed;
    private String lastFailure = "";

    SupervisedChild(Spec spec, Identity identity, Surroundings surroundings, Consumer<Supervised> onClose) {
        super(identity, surroundings, onClose);
        this.spec = spec;
    }

    @Override
    public Kind kind() {
        return Kind.JSON_LINES;
    }

    @Override
    public String program() {
        return "";
    }

    @Override
    public List<String> environment() {
        return spec.environment().keySet().stream().sorted().toList();
    }

    @Override
    public Limits.Status limits() {
        return Limits.Status.NONE;
    }

    @Override
    public int restarts() {
        lock.lock();
        try {
            return restarts;
        } finally {
            lock.unlock();
        }
    }

    @Override
    String complaint() {
        String failure = lastFailure();
        return failure.isEmpty() ? "" : name() + " failed: " + failure + "; it is started again when it is needed";
    }

    @Override
    public State state() {
        lock.lock();
        try {
            if (closed) {
                return State.CLOSED;
            }
            if (run != null) {
                return run.isReady() ? State.READY : State.STARTING;
            }
            return backoff.remaining().isZero() ? State.STOPPED : State.BACKOFF;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long pid() {
        lock.lock();
        try {
            return run == null ? -1 : run.pid();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String lastFailure() {
        lock.lock();
        try {
            return lastFailure;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void call(byte[] request, Receiver receiver, Cancellation cancellation) throws Exception {
        if (cancellation.isCancelled()) {
            throw new ChildProcessException(ChildProcessException.Kind.CANCELLED, "the call was cancelled before it began");
        }
        enter();
        PendingCall call = new PendingCall(this::settled);
        ChildRun reserved = null;
        boolean sent = false;
        boolean whole = false;
        // Closed by its own: a call that is over must not be cancelled later.
        Cancellation.Registration registration = cancellation.onCancel(call::cancel);
        try {
            reserved = reserve(call);
            call.awaitReady();
            reserved.send(call, request);
            sent = true;
            for (byte[] event = call.next(); event != null; event = call.next()) {
                receiver.event(event);
            }
            whole = true;
        } finally {
            registration.close();
            if (!whole) {
                call.cancel();
            }
            if (!sent) {
                call.settle();
            }
            if (reserved != null) {
                reserved.release();
            }
        }
        succeeded();
    }

    private ChildRun reserve(PendingCall call) throws ChildProcessException {
        // A run may end between the two steps, but not every time.
        for (int attempt = 0; attempt < 3; attempt++) {
            ChildRun target = acquire();
            if (target.reserve(call)) {
                return target;
            }
        }
        throw unavailable(spec.name() + " ends as soon as it is started");
    }

    private static ChildProcessException unavailable(String why) {
        return new ChildProcessException(ChildProcessException.Kind.UNAVAILABLE, why);
    }

    private void enter() throws ChildProcessException {
        lock.lock();
        try {
            if (pending >= spec.maxPending()) {
                throw new ChildProcessException(
                        ChildProcessException.Kind.OVERLOADED, spec.name() + " has " + pending + " calls pending, as many as it may");
            }
            pending++;
        } finally {
            lock.unlock();
        }
    }

    private ChildRun acquire() throws ChildProcessException {
        ChildRun acquired = runningOrStarted();
        changed();
        return acquired;
    }

    private ChildRun runningOrStarted() throws ChildProcessException {
        lock.lock();
        try {
            if (closed) {
                throw unavailable(spec.name() + " is closed");
            }
            if (held) {
                throw unavailable(spec.name() + " was stopped, and is not started by calls");
            }
            if (run != null) {
                return run;
            }
            Duration wait = backoff.remaining();
            if (!wait.isZero()) {
                throw new ChildProcessException(
                        ChildProcessException.Kind.UNAVAILABLE, spec.name() + " failed: " + lastFailure, "", wait, null);
            }
            ChildRun started = new ChildRun(spec, surroundings, output, this);
            run = started;
            restarts += failedSince ? 1 : 0;
            failedSince = false;
            alive.add(started);
            started.start(previous);
            previous = started.ended();
            return started;
        } finally {
            lock.unlock();
        }
    }

    private void settled() {
        lock.lock();
        try {
            pending--;
            lastUse = System.nanoTime();
            if (pending == 0 && !idleWatched && !spec.idleStop().isZero() && !closed) {
                idleWatched = true;
                watchIdle(spec.idleStop().toNanos());
            }
        } finally {
            lock.unlock();
        }
    }

    private void watchIdle(long delay) {
        surroundings.after(Duration.ofNanos(delay), this::stopWhenIdle);
    }

    private void stopWhenIdle() {
        ChildRun idle;
        lock.lock();
        try {
            long left = spec.idleStop().toNanos() - (System.nanoTime() - lastUse);
            if (pending > 0 || closed || run == null) {
                // The end of the last of the calls watches again.
                idleWatched = false;
                return;
            }
            if (left > 0) {
                watchIdle(left);
                return;
            }
            idleWatched = false;
            idle = run;
            run = null;
        } finally {
            lock.unlock();
        }
        log.atInfo().addKeyValue("process", spec.name()).log("stopping a process that is not used");
        idle.stop();
        changed();
    }

    private void succeeded() {
        lock.lock();
        try {
            backoff.succeeded();
            lastFailure = "";
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void ready(ChildRun ready) {
        log.atInfo()
                .addKeyValue("process", spec.name())
                .addKeyValue("pid", ready.pid())
                .log("process is ready");
        changed();
    }

    @Override
    public void retires(ChildRun retiring) {
        lock.lock();
        try {
            if (run == retiring) {
                run = null;
                // It may go on for as long as its calls do; the next need not wait for that.
                previous = CompletableFuture.completedFuture(null);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void ended(ChildRun gone, String failure) {
        lock.lock();
        try {
            alive.remove(gone);
            if (run == gone) {
                run = null;
            }
            if (!failure.isEmpty()) {
                lastFailure = failure;
                failedSince = true;
                backoff.failed();
            }
        } finally {
            lock.unlock();
        }
        if (!failure.isEmpty()) {
            log.atWarn()
                    .addKeyValue("process", spec.name())
                    .log("process failed: {}; the last it said:\n{}", failure, output.lastWords());
        }
        changed();
    }

    @Override
    public void start() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException(spec.name() + " is closed");
            }
            held = false;
            backoff.succeeded();
        } finally {
            lock.unlock();
        }
        try {
            acquire();
        } catch (ChildProcessException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        await(end(false));
    }

    @Override
    Duration stopGrace() {
        return spec.stopGrace();
    }

    @Override
    List<ChildRun> end() {
        List<ChildRun> last = end(true);
        closed();
        return last;
    }

    private List<ChildRun> end(boolean forGood) {
        List<ChildRun> last;
        lock.lock();
        try {
            held = true;
            lastFailure = "";
            closed |= forGood;
            last = List.copyOf(alive);
            run = null;
        } finally {
            lock.unlock();
        }
        last.forEach(ChildRun::stop);
        changed();
        return last;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import io.hyperspot.modkit.Cancellation;
import io.hyperspot.process.ChildProcess;
import io.hyperspot.process.ChildProcessException;
import io.hyperspot.process.ChildProcessException.Kind;
import io.hyperspot.process.ChildProcesses.Spec;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A child over its runs. */
final class SupervisedProcess implements ChildProcess, ProcessRun.Owner {
    private static final Logger log = LoggerFactory.getLogger(SupervisedProcess.class);

    private final Spec spec;
    private final ScheduledExecutorService timer;
    private final Consumer<SupervisedProcess> onClose;
    private final ReentrantLock lock = new ReentrantLock();
    private final Backoff backoff = new Backoff();
    /** The one that takes calls. */
    private @Nullable ProcessRun run;
    /** With those that retire or are about to stop. */
    private final Set<ProcessRun> alive = new HashSet<>();
    private CompletableFuture<Void> previous = CompletableFuture.completedFuture(null);
    private int pending;
    private long lastUse;
    private boolean idleWatched;
    private boolean closed;
    private String lastFailure = "";

    SupervisedProcess(Spec spec, ScheduledExecutorService timer, Consumer<SupervisedProcess> onClose) {
        this.spec = spec;
        this.timer = timer;
        this.onClose = onClose;
    }

    String name() {
        return spec.name();
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
            throw new ChildProcessException(Kind.CANCELLED, "the call was cancelled before it began");
        }
        enter();
        PendingCall call = new PendingCall(this::settled);
        ProcessRun reserved = null;
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

    private ProcessRun reserve(PendingCall call) throws ChildProcessException {
        // A run may end between the two steps, but not every time.
        for (int attempt = 0; attempt < 3; attempt++) {
            ProcessRun target = acquire();
            if (target.reserve(call)) {
                return target;
            }
        }
        throw new ChildProcessException(Kind.UNAVAILABLE, spec.name() + " ends as soon as it is started");
    }

    private void enter() throws ChildProcessException {
        lock.lock();
        try {
            if (pending >= spec.maxPending()) {
                throw new ChildProcessException(
                        Kind.OVERLOADED, spec.name() + " has " + pending + " calls pending, as many as it may");
            }
            pending++;
        } finally {
            lock.unlock();
        }
    }

    private ProcessRun acquire() throws ChildProcessException {
        lock.lock();
        try {
            if (closed) {
                throw new ChildProcessException(Kind.UNAVAILABLE, spec.name() + " is closed");
            }
            if (run != null) {
                return run;
            }
            Duration wait = backoff.remaining();
            if (!wait.isZero()) {
                throw new ChildProcessException(
                        Kind.UNAVAILABLE, spec.name() + " failed: " + lastFailure, "", wait, null);
            }
            ProcessRun started = new ProcessRun(spec, timer, this);
            run = started;
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
        var _ = timer.schedule(this::stopWhenIdle, delay, TimeUnit.NANOSECONDS);
    }

    private void stopWhenIdle() {
        ProcessRun idle;
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
    public void ready(ProcessRun ready) {
        log.atInfo()
                .addKeyValue("process", spec.name())
                .addKeyValue("pid", ready.pid())
                .log("process is ready");
    }

    @Override
    public void retires(ProcessRun retiring) {
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
    public void ended(ProcessRun gone, String failure, List<String> lastWords) {
        lock.lock();
        try {
            alive.remove(gone);
            if (run == gone) {
                run = null;
            }
            if (!failure.isEmpty()) {
                lastFailure = failure;
                backoff.failed();
            }
        } finally {
            lock.unlock();
        }
        if (!failure.isEmpty()) {
            log.atWarn()
                    .addKeyValue("process", spec.name())
                    .log("process failed: {}; the last it said:\n{}", failure, String.join("\n", lastWords));
        }
    }

    @Override
    public void close() {
        Duration time = spec.stopGrace().plusSeconds(2);
        end().forEach(last -> awaitEnd(last, time));
    }

    /** Asks its processes to end; the runs to wait for. */
    List<ProcessRun> end() {
        List<ProcessRun> last;
        lock.lock();
        try {
            closed = true;
            last = List.copyOf(alive);
            run = null;
        } finally {
            lock.unlock();
        }
        onClose.accept(this);
        last.forEach(ProcessRun::stop);
        return last;
    }

    /** Kills the process when it has not ended within the time. */
    static void awaitEnd(ProcessRun run, Duration time) {
        try {
            run.ended().get(Math.max(1, time.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            run.kill();
        } catch (InterruptedException e) {
            run.kill();
            Thread.currentThread().interrupt();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.modkit.Cancellation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a client has left while its request is at work, and that the request's deadline has
 * passed. A request that is older than a short grace gets a read interest on the server's own selector.
 * A client that half-closes counts as gone, as it does with most proxies. Only a read tells that a client
 * has left, and it may read the beginning of its next request instead: that is given back to the connection.
 *
 * <p>A request whose deadline passes is cancelled; after a grace its thread is interrupted; after another
 * its answer is taken away from it.
 */
final class RequestWatch implements Callback {
    private static final long INTERRUPT_NANOS = 500_000_000;
    private static final long ABANDON_NANOS = 2_500_000_000L;

    /** Enough to tell bytes from the end. */
    private static final int READ_AHEAD = 8;

    /** Takes a read interest back. */
    private static final class Over extends Exception {
        private static final long serialVersionUID = 1L;

        Over() {
            super("the request is over", null, false, false);
        }
    }

    /** The read interest. */
    private enum State {
        IDLE,
        ARMED,
        DONE
    }

    /** What was done to a request whose deadline has passed. */
    private enum Stage {
        AT_WORK,
        CANCELLED,
        INTERRUPTED,
        ABANDONED
    }

    private final Cancellation cancellation;
    private final Runnable abandon;
    private final Thread thread = Thread.currentThread();
    private final long begin;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile long deadline;
    private volatile @Nullable String expiry;
    private @Nullable HttpConnection watched;
    private State state = State.IDLE;
    private Stage stage = Stage.AT_WORK;
    private boolean mature;
    private boolean calm;
    private @Nullable ByteBuffer readAhead;

    /**
     * @param begin when the request came, as {@link System#nanoTime}
     * @param abandon gives the answer in the handler's place; runs on a thread of its own
     */
    RequestWatch(Cancellation cancellation, long begin, long timeoutNanos, Runnable abandon) {
        this.cancellation = cancellation;
        this.begin = begin;
        this.abandon = abandon;
        deadline = begin + timeoutNanos;
    }

    long begin() {
        return begin;
    }

    /** Sets the deadline of the operation, once it is known. */
    void timeout(long nanos) {
        deadline = begin + nanos;
    }

    /** Why a deadline ended the request, or null. */
    @Nullable String expiry() {
        return expiry;
    }

    /** Lets a deadline pass now. */
    void expire(String why) {
        lock.lock();
        try {
            if (expiry != null || state == State.DONE) {
                return;
            }
            expiry = why;
            stage = Stage.CANCELLED;
            deadline = System.nanoTime();
        } finally {
            lock.unlock();
        }
        cancellation.cancel(why);
    }

    /**
     * Watches for the client's leaving from now on: nothing more is expected of it. One that has sent its
     * next request already is not watched.
     */
    void awaitLeave(HttpConnection connection) {
        if (!connection.isRequestBufferEmpty()) {
            return;
        }
        lock.lock();
        try {
            watched = connection;
            if (mature) {
                arm();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The request takes longer than most; false when it is over already. */
    boolean mature() {
        lock.lock();
        try {
            mature = true;
            arm();
            return state != State.DONE;
        } finally {
            lock.unlock();
        }
    }

    private void arm() {
        HttpConnection connection = watched;
        if (connection != null && state == State.IDLE && connection.getEndPoint().tryFillInterested(this)) {
            state = State.ARMED;
        }
    }

    /** Does what time asks for; false when the request is over. */
    boolean tick(long now) {
        boolean passed = false;
        lock.lock();
        try {
            if (state == State.DONE) {
                return false;
            }
            long late = now - deadline;
            switch (stage) {
                case AT_WORK -> passed = late >= 0;
                case CANCELLED -> {
                    if (late >= INTERRUPT_NANOS) {
                        stage = Stage.INTERRUPTED;
                        if (!calm) {
                            thread.interrupt();
                        }
                    }
                }
                case INTERRUPTED -> {
                    if (late >= ABANDON_NANOS) {
                        stage = Stage.ABANDONED;
                        Thread.ofVirtual().name("abandon-request").start(abandon);
                    }
                }
                case ABANDONED -> {}
            }
        } finally {
            lock.unlock();
        }
        if (passed) {
            expire("the deadline of " + (deadline - begin) / 1_000_000_000 + " s has passed");
        }
        return true;
    }

    /** Does something that does not wait, unless the request is over. */
    void whileAtWork(Runnable action) {
        lock.lock();
        try {
            if (state != State.DONE) {
                action.run();
            }
        } finally {
            lock.unlock();
        }
    }

    /** From now on the thread is not interrupted: it writes the error itself. */
    void calm() {
        boolean interrupted;
        lock.lock();
        try {
            interrupted = !calm && stage.compareTo(Stage.INTERRUPTED) >= 0;
            calm = true;
        } finally {
            lock.unlock();
        }
        if (interrupted) {
            // ours, and it has done its work
            Thread.interrupted();
        }
    }

    /** Takes the read interest back, so that the connection can register its own. */
    void done() {
        calm();
        boolean armed;
        HttpConnection connection;
        lock.lock();
        try {
            armed = state == State.ARMED;
            state = State.DONE;
            connection = watched;
        } finally {
            lock.unlock();
        }
        if (armed && connection != null && connection.getEndPoint() instanceof AbstractEndPoint jetty) {
            jetty.getFillInterest().onFail(new Over());
        }
    }

    /**
     * Gives the connection what was read of the next request. After {@link #done}, by the thread of the request,
     * which is the only one that reads of the connection then.
     */
    void giveBack() {
        lock.lock();
        try {
            if (watched != null && readAhead != null) {
                // its buffer was empty when the watch began, and nothing but the watch has read since
                watched.onUpgradeTo(readAhead);
                readAhead = null;
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void succeeded() {
        boolean gone = false;
        lock.lock();
        try {
            HttpConnection connection = watched;
            if (state != State.ARMED || connection == null) {
                return;
            }
            state = State.IDLE;
            gone = !stillThere(connection.getEndPoint());
        } catch (IOException e) {
            gone = true;
        } finally {
            lock.unlock();
        }
        if (gone) {
            cancellation.cancel("the client left");
        }
    }

    /**
     * A selector's event may be stale: only a read tells the end for certain. A next request waits its turn, and
     * this one goes on unwatched.
     */
    private boolean stillThere(EndPoint connection) throws IOException {
        ByteBuffer next = BufferUtil.allocate(READ_AHEAD);
        int n = connection.fill(next);
        if (n > 0) {
            readAhead = next;
        } else if (n == 0 && connection.tryFillInterested(this)) {
            state = State.ARMED;
        }
        return n >= 0;
    }

    @Override
    public void failed(Throwable failure) {
        if (!(failure instanceof Over) && !(failure instanceof java.util.concurrent.TimeoutException)) {
            cancellation.cancel("the client left");
        }
    }

    /**
     * Blocking, although it never waits: between the selector's question and its call the connection may have
     * registered its own callback, which handles the next request and must not do so on the selector's thread.
     */
    @Override
    public InvocationType getInvocationType() {
        return InvocationType.BLOCKING;
    }
}

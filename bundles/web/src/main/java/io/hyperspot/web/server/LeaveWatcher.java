// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.modkit.Cancellation;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a client has left while its request is at work, and ends requests that pass their
 * total deadline. A request that is older than a short grace gets a read interest on the server's
 * own selector; short requests pay one queue entry. A client that half-closes counts as gone, as it
 * does with most proxies.
 */
final class LeaveWatcher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LeaveWatcher.class);
    private static final long GRACE_NANOS = 25_000_000;

    /** Takes a read interest back. */
    private static final class Over extends Exception {
        private static final long serialVersionUID = 1L;

        Over() {
            super("the request is over", null, false, false);
        }
    }

    private final ConcurrentLinkedQueue<Watch> young = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Watch> old = new ConcurrentLinkedQueue<>();
    private final long totalNanos;
    private final Thread sweeper;
    private volatile boolean closed;

    LeaveWatcher(Duration totalTimeout) {
        totalNanos = totalTimeout.toNanos();
        sweeper = Thread.ofPlatform().daemon().name("web-leave-watcher").start(this::sweep);
    }

    /** Watches from now on; call {@link Watch#done} before the answer is completed. */
    Watch watch(EndPoint endPoint, Cancellation cancellation) {
        Watch watch = new Watch(endPoint, cancellation);
        young.add(watch);
        return watch;
    }

    private void sweep() {
        long nextOld = System.nanoTime();
        while (!closed) {
            LockSupport.parkNanos(GRACE_NANOS);
            long now = System.nanoTime();
            try {
                for (Watch watch = young.peek();
                        watch != null && now - watch.since > GRACE_NANOS;
                        watch = young.peek()) {
                    young.poll();
                    if (watch.arm()) {
                        old.add(watch);
                    }
                }
                if (now >= nextOld) {
                    nextOld = now + 250_000_000;
                    sweepOld(now);
                }
            } catch (RuntimeException e) {
                log.error("the leave watcher failed once and goes on", e);
            }
        }
    }

    private void sweepOld(long now) {
        for (Iterator<Watch> watches = old.iterator(); watches.hasNext(); ) {
            Watch watch = watches.next();
            if (watch.isDone()) {
                watches.remove();
            } else if (now - watch.since > totalNanos) {
                watches.remove();
                watch.cancellation.cancel("the request passed its total deadline");
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(sweeper);
    }

    /** One request. */
    static final class Watch implements Callback {
        private enum State {
            IDLE,
            ARMED,
            DONE
        }

        private final EndPoint endPoint;
        private final Cancellation cancellation;
        private final long since = System.nanoTime();
        private final ReentrantLock lock = new ReentrantLock();
        private State state = State.IDLE;
        private boolean ateBytes;

        Watch(EndPoint endPoint, Cancellation cancellation) {
            this.endPoint = endPoint;
            this.cancellation = cancellation;
        }

        /** Registers the read interest; false when the request is over already. */
        private boolean arm() {
            lock.lock();
            try {
                if (state == State.IDLE && endPoint.tryFillInterested(this)) {
                    state = State.ARMED;
                }
                return state != State.DONE;
            } finally {
                lock.unlock();
            }
        }

        private boolean isDone() {
            lock.lock();
            try {
                return state == State.DONE;
            } finally {
                lock.unlock();
            }
        }

        /**
         * Takes the read interest back, so that the connection can register its own. True when bytes of
         * a pipelined request were read by the watch: the connection must be closed then, and its client
         * sends that request again.
         */
        boolean done() {
            boolean armed;
            lock.lock();
            try {
                armed = state == State.ARMED;
                state = State.DONE;
            } finally {
                lock.unlock();
            }
            if (armed && endPoint instanceof AbstractEndPoint jetty) {
                jetty.getFillInterest().onFail(new Over());
            }
            return ateBytes;
        }

        @Override
        public void succeeded() {
            boolean gone = false;
            lock.lock();
            try {
                if (state != State.ARMED) {
                    return;
                }
                state = State.IDLE;
                gone = !pipelined() && !stillThere();
            } catch (IOException e) {
                gone = true;
            } finally {
                lock.unlock();
            }
            if (gone) {
                cancellation.cancel("the client left");
            }
        }

        /** A next request on the same connection: it waits its turn, this one goes on unwatched. */
        private boolean pipelined() throws IOException {
            return endPoint.getTransport() instanceof SocketChannel channel
                    && channel.isOpen()
                    && channel.socket().getInputStream().available() > 0;
        }

        /** A selector's event may be stale: only a read tells the end for certain. */
        private boolean stillThere() throws IOException {
            int n = endPoint.fill(BufferUtil.allocate(8));
            ateBytes = n > 0;
            if (n == 0 && endPoint.tryFillInterested(this)) {
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

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }
}

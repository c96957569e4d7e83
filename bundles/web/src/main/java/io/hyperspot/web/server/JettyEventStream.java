// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.web.EventStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Events on an exchange. The producer writes under the lock and waits for the client there; the
 * sweeper's heartbeat only tries the lock and leaves its write to be waited for by the producer.
 */
final class JettyEventStream implements EventStream {
    private static final byte[] HEARTBEAT = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END_OF_EVENT = "\n\n".getBytes(StandardCharsets.US_ASCII);

    private final JettyExchange exchange;
    private final @Nullable RequestWatch watch;
    private final long heartbeatNanos;
    private final long idleNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Written heartbeat;
    private volatile long produced = System.nanoTime();
    private volatile long written = produced;
    private volatile boolean open;
    private volatile boolean closed;
    private boolean betweenEvents = true;

    JettyEventStream(JettyExchange exchange, @Nullable RequestWatch watch, Duration heartbeat, Duration idle) {
        this.exchange = exchange;
        this.watch = watch;
        heartbeatNanos = heartbeat.toNanos();
        idleNanos = idle.toNanos();
    }

    @Override
    public void open() throws IOException {
        lock.lock();
        try {
            ready();
            exchange.send(false, HEARTBEAT, 0, 0);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void send(@Nullable String event, @Nullable String id, String data) throws IOException {
        byte[] frame = EventFrame.of(event, id, data);
        write(frame, 0, frame.length);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return;
        }
        lock.lock();
        try {
            ready();
            produced = System.nanoTime();
            betweenEvents = EventFrame.endsEvent(bytes, offset, length);
            exchange.send(false, bytes, offset, length);
            written = System.nanoTime();
            // time that the client takes is not the producer's
            produced = written;
        } finally {
            lock.unlock();
        }
    }

    /** Makes the answer this stream's, and waits for a heartbeat that is on its way. */
    private void ready() throws IOException {
        if (exchange.cancellation().isCancelled()) {
            String why = exchange.expiry();
            if (why != null) {
                throw new ProblemException(ErrorCategory.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", why);
            }
            throw new IOException("the stream is over: " + exchange.cancellation().reason());
        }
        if (closed) {
            throw new IOException("the stream is closed");
        }
        if (!open) {
            claim();
        }
        awaitHeartbeat();
    }

    private void claim() {
        if (!exchange.claimEvents()) {
            closed = true;
            throw new IllegalStateException("the answer has started already, and is no stream of events");
        }
        open = true;
    }

    private void awaitHeartbeat() throws IOException {
        Written pending = heartbeat;
        if (pending != null) {
            pending.await();
            heartbeat = null;
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (!closed) {
                if (!open) {
                    claim();
                }
                closed = true;
                awaitHeartbeat();
                exchange.sendLast();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends a stream that has started with an event that says why. */
    void fail(byte[] event) throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("the stream is closed");
            }
            closed = true;
            awaitHeartbeat();
            if (!betweenEvents) {
                exchange.send(false, END_OF_EVENT, 0, END_OF_EVENT.length);
            }
            exchange.send(false, event, 0, event.length);
            exchange.sendLast();
        } finally {
            lock.unlock();
        }
    }

    /** Does something to the answer while no heartbeat does. */
    void exclusively(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is written from now on. */
    void release() {
        exclusively(() -> closed = true);
    }

    /** Sends a heartbeat or lets the idle deadline pass; false when the stream is over. Never waits. */
    boolean tick(long now) {
        if (closed || (!open && exchange.started())) {
            return false;
        }
        if (watch != null && idleNanos > 0 && now - produced > idleNanos && !lock.isLocked()) {
            watch.expire("no event came for " + idleNanos / 1_000_000_000 + " s, the idle deadline of this stream");
        } else if (heartbeatNanos > 0 && now - written >= heartbeatNanos && lock.tryLock()) {
            try {
                beat(now);
            } finally {
                lock.unlock();
            }
        }
        return true;
    }

    private void beat(long now) {
        Written last = heartbeat;
        if (last != null && last.hasFailed()) {
            exchange.cancellation().cancel("the client left");
        }
        // one that the client has not read yet is enough
        if (closed || !betweenEvents || exchange.cancellation().isCancelled() || (last != null && !last.isDone())) {
            return;
        }
        if (!open) {
            if (!exchange.claimEvents()) {
                closed = true;
                return;
            }
            open = true;
        }
        heartbeat = exchange.sendLater(false, HEARTBEAT, 0, HEARTBEAT.length);
        written = now;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import java.util.Iterator;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that looks after requests that take long: who has left, whose deadline has passed,
 * which stream of events has been quiet. A short request pays one queue entry. Nothing that it calls
 * waits for a client.
 */
final class RequestSweeper implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RequestSweeper.class);
    private static final long YOUNG_NANOS = 25_000_000;
    private static final long PERIOD_NANOS = 250_000_000;

    private final ConcurrentLinkedQueue<RequestWatch> young = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<RequestWatch> old = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<JettyEventStream> streams = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    RequestSweeper() {
        thread = Thread.ofPlatform().daemon().name("web-request-sweeper").start(this::sweep);
    }

    /** Looks after a request until it is done. */
    void add(RequestWatch watch) {
        young.add(watch);
    }

    /** Looks after a stream until it is closed. */
    void add(JettyEventStream stream) {
        streams.add(stream);
    }

    private void sweep() {
        long next = System.nanoTime();
        while (!closed) {
            LockSupport.parkNanos(YOUNG_NANOS);
            long now = System.nanoTime();
            try {
                grow(now);
                if (now - next >= 0) {
                    next = now + PERIOD_NANOS;
                    for (Iterator<RequestWatch> watches = old.iterator(); watches.hasNext(); ) {
                        if (!watches.next().tick(now)) {
                            watches.remove();
                        }
                    }
                    for (Iterator<JettyEventStream> all = streams.iterator(); all.hasNext(); ) {
                        if (!all.next().tick(now)) {
                            all.remove();
                        }
                    }
                }
            } catch (RuntimeException e) {
                log.error("the request sweeper failed once and goes on", e);
            }
        }
    }

    private void grow(long now) {
        for (RequestWatch watch = young.peek(); watch != null && now - watch.begin() > YOUNG_NANOS; watch = young.peek()) {
            young.poll();
            if (watch.mature()) {
                old.add(watch);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}

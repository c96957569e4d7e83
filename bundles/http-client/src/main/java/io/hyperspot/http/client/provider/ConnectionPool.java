// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one provider. Last in, first out, so that the surplus of a peak grows old and
 * goes. A permit is held for each connection in use, and a new connection is opened only when none
 * is idle: so idle and used ones together never exceed the permits.
 */
final class ConnectionPool {
    /** How often a caller that waits for a permit looks whether it was cancelled. */
    private static final long PATIENCE_MILLIS = 10;

    private final Endpoint endpoint;
    private final long maxIdleNanos;
    private final Semaphore permits;
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    ConnectionPool(Endpoint endpoint, int maxConnections, long maxIdleNanos) {
        this.endpoint = endpoint;
        this.maxIdleNanos = maxIdleNanos;
        permits = new Semaphore(maxConnections);
    }

    /** All that are open. Live. */
    Set<Connection> open() {
        return open;
    }

    /** A connection that serves the exchange; give it back or discard it. */
    Connection take(Exchange exchange) throws UpstreamException {
        permit(exchange);
        try {
            Connection found = pollIdle();
            if (found != null) {
                found.serve(exchange);
                return found;
            }
            return connect(exchange);
        } catch (UpstreamException | RuntimeException | Error e) {
            permits.release();
            throw e;
        }
    }

    /** In place of one that the exchange had to discard; takes over its permit. */
    Connection replace(Connection stale, Exchange exchange) throws UpstreamException {
        drop(stale);
        try {
            return connect(exchange);
        } catch (UpstreamException | RuntimeException | Error e) {
            permits.release();
            throw e;
        }
    }

    private void permit(Exchange exchange) throws UpstreamException {
        if (permits.tryAcquire()) {
            return;
        }
        try {
            while (!permits.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                if (exchange.isAborted() || closed) {
                    throw exchange.failure(Kind.OVERLOADED, "the client is closed");
                }
                if (exchange.remaining() <= 0) {
                    throw exchange.failure(Kind.OVERLOADED, "all connections are in use");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw exchange.failure(Kind.CANCELLED, "the calling thread was interrupted");
        }
    }

    private @Nullable Connection pollIdle() {
        long now = System.nanoTime();
        for (Connection found; (found = idle.pollFirst()) != null; ) {
            if (now - found.idleSince() < maxIdleNanos && found.isQuiet()) {
                return found;
            }
            drop(found);
        }
        return null;
    }

    private Connection connect(Exchange exchange) throws UpstreamException {
        Connection fresh = new Connection();
        open.add(fresh);
        boolean connected = false;
        try {
            if (closed) {
                throw exchange.failure(Kind.CONNECT, "the client is closed");
            }
            fresh.serve(exchange);
            fresh.connect(endpoint);
            connected = true;
            return fresh;
        } catch (IOException e) {
            throw e instanceof UpstreamException known
                    ? known
                    : exchange.failure(Kind.CONNECT, "cannot connect", e);
        } finally {
            if (!connected) {
                drop(fresh);
            }
        }
    }

    /** After an answer that was read to its proper end. */
    void giveBack(Connection connection) {
        connection.rest(System.nanoTime());
        idle.addFirst(connection);
        permits.release();
        if (closed) {
            closeIdle();
        }
    }

    void discard(Connection connection) {
        drop(connection);
        permits.release();
    }

    private void drop(Connection connection) {
        open.remove(connection);
        connection.kill();
    }

    /** Ends what is late, and closes what is idle for too long. */
    void sweep(long now) {
        for (Connection connection : open) {
            Exchange exchange = connection.exchange();
            if (exchange != null) {
                exchange.sweep(now);
            }
        }
        for (Connection oldest; (oldest = idle.peekLast()) != null && now - oldest.idleSince() >= maxIdleNanos; ) {
            if (idle.removeLastOccurrence(oldest)) {
                drop(oldest);
            }
        }
    }

    /** Closes what is idle now, and the others when they are given back. */
    void close() {
        closed = true;
        closeIdle();
    }

    void abort(String why) {
        for (Connection connection : open) {
            Exchange exchange = connection.exchange();
            if (exchange != null) {
                exchange.abort(Kind.CANCELLED, why);
            }
        }
    }

    private void closeIdle() {
        for (Connection found; (found = idle.pollFirst()) != null; ) {
            drop(found);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, whichever connections it takes. It ends once: properly, by its
 * deadline or by its cancellation; whoever comes second finds it ended and touches nothing, so a late
 * sweep or cancellation can never close a connection that meanwhile serves another exchange.
 */
final class Exchange {
    /** What the exchange waits for, and so which deadline applies. */
    enum Phase {
        CONNECT("no connection"),
        FIRST_BYTE("no answer"),
        IDLE("silence in the middle of the answer"),
        TOTAL("the answer was not complete");

        private final String words;

        Phase(String words) {
            this.words = words;
        }
    }

    private record End(@Nullable Kind kind, String why) {}

    private static final End PROPER = new End(null, "");

    private final String peer;
    private final long start;
    private final long total;
    private final AtomicReference<@Nullable End> end = new AtomicReference<>();
    private volatile long deadline;
    private volatile Phase phase = Phase.CONNECT;
    private volatile @Nullable Connection connection;

    /**
     * @param peer the other side, for messages
     * @param start now
     * @param connectNanos until there must be a connection
     * @param end when all must be over
     */
    Exchange(String peer, long start, long connectNanos, long end) {
        this.peer = peer;
        this.start = start;
        total = end;
        deadline = start + Math.min(connectNanos, end - start);
    }

    /** From now on, the end of this exchange closes that connection. */
    void use(Connection next) {
        connection = next;
        if (isAborted()) {
            next.kill();
        }
    }

    /** Now waits for the given phase, at most that long. */
    void expect(Phase next, long nanos) {
        long now = System.nanoTime();
        phase = next;
        deadline = total - now <= nanos ? total : now + nanos;
    }

    /** Now works, or waits for its caller: only the total deadline applies. */
    void proceed() {
        deadline = total;
        phase = Phase.TOTAL;
    }

    long remaining() {
        return deadline - System.nanoTime();
    }

    /** Ends the exchange when its deadline has passed. */
    void sweep(long now) {
        if (deadline - now <= 0) {
            expire();
        }
    }

    void expire() {
        long seconds = (System.nanoTime() - start) / 1_000_000_000L;
        abort(Kind.TIMEOUT, phase.words + " within the time allowed (" + seconds + " s after the start)");
    }

    void cancel() {
        abort(Kind.CANCELLED, "the caller cancelled");
    }

    void abort(Kind kind, String why) {
        if (end.compareAndSet(null, new End(kind, why))) {
            Connection used = connection;
            if (used != null) {
                used.kill();
            }
        }
    }

    /** Ends properly; false when it had been aborted. */
    boolean finish() {
        return end.compareAndSet(null, PROPER);
    }

    boolean isAborted() {
        End how = end.get();
        return how != null && how.kind() != null;
    }

    /** What to throw for a failure: the reason of the abort when there was one. */
    UpstreamException failure(Kind kind, String what, @Nullable Throwable cause) {
        End how = end.get();
        if (how != null && how.kind() != null) {
            return new UpstreamException(how.kind(), peer + ": " + how.why());
        }
        if (Thread.currentThread().isInterrupted()) {
            return new UpstreamException(Kind.CANCELLED, peer + ": the calling thread was interrupted");
        }
        return new UpstreamException(kind, peer + ": " + what + reason(cause), cause);
    }

    UpstreamException failure(Kind kind, String what) {
        return failure(kind, what, null);
    }

    private static String reason(@Nullable Throwable cause) {
        if (!(cause instanceof IOException) || cause.getMessage() == null) {
            return "";
        }
        return " (" + cause.getMessage() + ")";
    }
}

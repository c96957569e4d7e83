// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.resilience;

import io.hyperspot.http.client.ProviderClients.Breaking;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Stops calls to a peer that does not answer. Opens after a number of failures in a row; then lets
 * one call at a time through, and closes with any answer. Thread-safe; while closed, a call costs one
 * read.
 */
public final class Breaker {
    /** What becomes of calls. */
    public enum State {
        CLOSED(0),
        HALF_OPEN(1),
        OPEN(2);

        private final int metric;

        State(int metric) {
            this.metric = metric;
        }

        /** As a meter shows it; the worse, the more. */
        public int metric() {
            return metric;
        }
    }

    /** Leave to make one call. */
    public sealed interface Pass permits Closed, Probing {}

    private sealed interface Phase permits Closed, Open, Probing {}

    private record Closed(int failures) implements Phase, Pass {}

    private record Open(long until, int failures, String last) implements Phase {}

    /** Until when the probe has to be decided; then another one may go, so that none blocks for ever. */
    private record Probing(long until, int failures, String last) implements Phase, Pass {}

    private static final Closed SOUND = new Closed(0);

    /** In periods. An answer of a language model may take its time. */
    private static final int PATIENCE = 6;

    private final int threshold;
    private final long openNanos;
    private final AtomicReference<Phase> phase = new AtomicReference<>(SOUND);

    public Breaker(Breaking settings) {
        threshold = settings.failures();
        openNanos = settings.openFor().toNanos();
    }

    /**
     * Leave to call, or null. Whoever has it says how the call went: {@link #answered}, {@link
     * #failed} or {@link #abandoned}.
     */
    public @Nullable Pass admit(long now) {
        while (true) {
            Phase seen = phase();
            Probing probe;
            switch (seen) {
                case Closed closed -> {
                    return closed;
                }
                case Open open when open.until() - now <= 0 -> probe = probe(open.failures(), open.last(), now);
                case Probing late when late.until() - now <= 0 -> probe = probe(late.failures(), late.last(), now);
                case Open _, Probing _ -> {
                    return null;
                }
            }
            if (phase.compareAndSet(seen, probe)) {
                return probe;
            }
        }
    }

    private Phase phase() {
        return Objects.requireNonNull(phase.get());
    }

    private Probing probe(int failures, String last, long now) {
        return new Probing(now + PATIENCE * openNanos, failures, last);
    }

    /** True when that closed the breaker. */
    public boolean answered() {
        Phase seen = phase();
        if (seen instanceof Closed(int failures) && failures == 0) {
            return false;
        }
        return !(phase.getAndSet(SOUND) instanceof Closed);
    }

    /**
     * True when that opened the breaker.
     *
     * @param why for the words of those who are refused from now on
     */
    public boolean failed(Pass pass, long now, String why) {
        if (threshold == 0) {
            return false;
        }
        if (pass instanceof Probing probe) {
            phase.compareAndSet(probe, new Open(now + openNanos, probe.failures() + 1, why));
            return false;
        }
        while (phase() instanceof Closed closed) {
            int failures = closed.failures() + 1;
            boolean opens = failures >= threshold;
            if (phase.compareAndSet(closed, opens ? new Open(now + openNanos, failures, why) : new Closed(failures))) {
                return opens;
            }
        }
        return false;
    }

    /** The call was given up by its caller, and so says nothing of the peer. */
    public void abandoned(Pass pass, long now) {
        if (pass instanceof Probing probe) {
            phase.compareAndSet(probe, new Open(now, probe.failures(), probe.last()));
        }
    }

    public State state() {
        return switch (phase()) {
            case Closed _ -> State.CLOSED;
            case Probing _ -> State.HALF_OPEN;
            case Open _ -> State.OPEN;
        };
    }

    /** Until a call is let through at the earliest. */
    public Duration remaining(long now) {
        return switch (phase()) {
            case Open open -> Duration.ofNanos(Math.max(0, open.until() - now));
            case Probing _, Closed _ -> Duration.ZERO;
        };
    }

    /** Why calls are refused, to follow the peer's name. */
    public String refusal(long now) {
        return switch (phase()) {
            case Open open ->
                "is not called for another " + Math.max(1, Math.ceilDiv(open.until() - now, 1_000_000_000L))
                        + " s after " + failures(open.failures(), open.last());
            case Probing probe ->
                "is not called until one call has shown that it answers again, after "
                        + failures(probe.failures(), probe.last());
            case Closed _ -> "was not called";
        };
    }

    private static String failures(int count, String last) {
        return count + (count == 1 ? " failure: " : " failures: last ") + last;
    }
}

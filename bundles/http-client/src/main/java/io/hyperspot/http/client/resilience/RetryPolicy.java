// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.resilience;

import io.hyperspot.http.client.ProviderClients.Retries;
import io.hyperspot.http.client.UpstreamException.Kind;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Decides which calls are made again, and when. Thread-safe. */
public final class RetryPolicy {
    /** Not again: the result stands. */
    public static final long NO = -1;

    /** It would be made again, but the budget is spent. */
    public static final long OVER_BUDGET = -2;

    private static final int MAX_DOUBLINGS = 20;

    private final Retries settings;
    private final DoubleSupplier jitter;
    private final Clock clock;
    private final RetryBudget budget = new RetryBudget();

    /**
     * @param jitter numbers from 0 to 1
     * @param clock for a {@code Retry-After} that is a date
     */
    public RetryPolicy(Retries settings, DoubleSupplier jitter, Clock clock) {
        this.settings = settings;
        this.jitter = jitter;
        this.clock = clock;
    }

    /** A call begins. */
    public void called() {
        budget.called();
    }

    /**
     * After a call that got no answer.
     *
     * @param retries made before
     * @param left of the call's time, in nanoseconds
     * @return the nanoseconds to wait, or {@link #NO} or {@link #OVER_BUDGET}
     */
    public long afterFailure(Kind kind, boolean idempotent, int retries, long left) {
        boolean again = kind == Kind.CONNECT || (idempotent && kind == Kind.CLOSED);
        return again ? decide(retries, left, 0) : NO;
    }

    /**
     * As {@link #afterFailure}, after an answer.
     *
     * @param retryAfter the header, or null
     */
    public long afterAnswer(int status, @Nullable String retryAfter, boolean idempotent, int retries, long left) {
        if (!idempotent || !isPassing(status)) {
            return NO;
        }
        Duration demanded = demanded(retryAfter);
        return demanded.compareTo(settings.maxRetryAfter()) > 0 ? NO : decide(retries, left, demanded.toNanos());
    }

    /** The statuses that a peer is expected to recover from. */
    public static boolean isPassing(int status) {
        return status == 429 || status == 502 || status == 503 || status == 504;
    }

    private long decide(int retries, long left, long atLeast) {
        if (retries >= settings.most()) {
            return NO;
        }
        long most = settings.maxDelay().toNanos();
        long first = settings.firstDelay().toNanos();
        int doublings = Math.min(retries, MAX_DOUBLINGS);
        long bound = first > most >> doublings ? most : first << doublings;
        long delay = atLeast + (long) (bound * jitter.getAsDouble());
        if (delay >= left) {
            return NO;
        }
        return budget.spend() ? delay : OVER_BUDGET;
    }

    /** What the peer asks for; a header that nobody understands asks for nothing. */
    private Duration demanded(@Nullable String header) {
        if (header == null) {
            return Duration.ZERO;
        }
        String text = header.strip();
        try {
            if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Duration.ofSeconds(text.length() > 9 ? Integer.MAX_VALUE : Long.parseLong(text));
            }
            Instant date = DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
            Duration until = Duration.between(clock.instant(), date);
            return until.isNegative() ? Duration.ZERO : until;
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }
}

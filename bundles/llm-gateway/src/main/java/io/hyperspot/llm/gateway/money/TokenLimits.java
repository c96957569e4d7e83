// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.money;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Limits in tokens a minute, of each tenant and of each caller, on this server. Before a call as many are taken as it
 * is likely to use, after it the difference is given back, or owed. Thread-safe.
 */
final class TokenLimits {
    private static final int MOST_CALLERS = 100_000;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final long ofTenant;
    private final long ofCaller;
    private final ConcurrentMap<Key, Limit> limits = new ConcurrentHashMap<>();

    /** Whose tokens they are; without a subject the whole tenant's. */
    private record Key(TenantId tenant, String subject) {}

    /** What is left of so many tokens a minute. */
    private record Limit(Bucket bucket, long perMinute) {
        static Limit of(long perMinute) {
            return new Limit(
                    Bucket.builder()
                            .addLimit(bandwidth -> bandwidth.capacity(perMinute).refillGreedy(perMinute, MINUTE))
                            .withNanosecondPrecision()
                            .build(),
                    perMinute);
        }

        boolean isUntouched() {
            return bucket.getAvailableTokens() >= perMinute;
        }
    }

    /** What was taken for a call. */
    static final class Taken {
        private static final Taken NOTHING = new Taken();
        private final List<Share> shares = new ArrayList<>(2);
    }

    /** What was taken from one limit. */
    private record Share(Limit limit, long tokens) {}

    /**
     * @param ofTenant tokens a minute; 0: no limit
     * @param ofCaller likewise, of one key or user
     */
    TokenLimits(long ofTenant, long ofCaller) {
        this.ofTenant = ofTenant;
        this.ofCaller = ofCaller;
    }

    /**
     * Takes what a call is likely to use. One that is larger than a limit takes all of it.
     *
     * @throws ProblemException RESOURCE_EXHAUSTED with the seconds to wait
     */
    Taken take(SecurityContext caller, long tokens) {
        if (ofTenant == 0 && ofCaller == 0) {
            return Taken.NOTHING;
        }
        Taken taken = new Taken();
        try {
            if (ofTenant > 0) {
                take(taken, new Key(caller.tenant(), ""), ofTenant, tokens, "this tenant");
            }
            if (ofCaller > 0) {
                take(taken, new Key(caller.tenant(), caller.subject()), ofCaller, tokens, "this caller");
            }
            return taken;
        } catch (ProblemException e) {
            settle(taken, 0);
            throw e;
        }
    }

    private void take(Taken taken, Key key, long perMinute, long tokens, String whose) {
        long wanted = Math.clamp(tokens, 1, perMinute);
        Limit limit = limit(key, perMinute);
        ConsumptionProbe probe = limit.bucket().tryConsumeAndReturnRemaining(wanted);
        if (!probe.isConsumed()) {
            long seconds = Math.max(1, Duration.ofNanos(probe.getNanosToWaitForRefill()).plusMillis(999).toSeconds());
            long left = Math.max(0, probe.getRemainingTokens());
            throw new ProblemException(
                    ErrorCategory.RESOURCE_EXHAUSTED,
                    "TOKEN_RATE_EXCEEDED",
                    "the limit of " + perMinute + " tokens a minute of " + whose + " does not suffice now: this call takes about "
                            + wanted + ", and " + left + " are left; try again in " + seconds
                            + " s, or lower max_tokens",
                    Map.of("limit", perMinute, "left", left, "retry_after_seconds", seconds),
                    null);
        }
        taken.shares.add(new Share(limit, wanted));
    }

    private Limit limit(Key key, long perMinute) {
        Limit known = limits.get(key);
        if (known != null) {
            return known;
        }
        if (limits.size() >= MOST_CALLERS) {
            // whoever has everything left is as good as new
            limits.values().removeIf(Limit::isUntouched);
        }
        return limits.computeIfAbsent(key, each -> Limit.of(perMinute));
    }

    /** After the call: what it did not use is given back, what it used beyond is owed, for two minutes at the most. */
    void settle(Taken taken, long used) {
        for (Share share : taken.shares) {
            long more = used - share.tokens();
            if (more < 0) {
                share.limit().bucket().addTokens(-more);
            } else if (more > 0) {
                share.limit().bucket().consumeIgnoringRateLimits(Math.min(more, 2 * share.limit().perMinute()));
            }
        }
    }
}

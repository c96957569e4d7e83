// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.money;

import io.hyperspot.llm.ModelId;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.usage.Admission;
import io.hyperspot.usage.Quotas;
import io.hyperspot.usage.ReservationRequest;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds before a call the most that it can use, of what a quota limits, and gives back the rest after it. A tenant
 * without such quotas waits for no database. Thread-safe.
 */
final class Budgets {
    private static final Logger log = LoggerFactory.getLogger(Budgets.class);
    private static final Set<String> TYPES = Set.of(RecordWriter.CALLS, RecordWriter.INPUT, RecordWriter.OUTPUT, RecordWriter.COST);
    private static final String NONE = "";

    private final Supplier<@Nullable Quotas> quotas;
    private final Prices prices;
    private final RecordWriter writer;
    private final Duration lifetime;
    private final Duration outage;
    private volatile long answered = System.nanoTime();

    /**
     * @param quotas null while there are none
     * @param lifetime of the longest call
     * @param outage how long calls pass when the quotas cannot be asked; then they are refused
     */
    Budgets(
            Supplier<@Nullable Quotas> quotas,
            Prices prices,
            RecordWriter writer,
            Duration lifetime,
            Duration outage) {
        this.quotas = quotas;
        this.prices = prices;
        this.writer = writer;
        this.lifetime = lifetime;
        this.outage = outage;
    }

    /**
     * Holds the most that a call can use.
     *
     * @param inputTokens the most
     * @param outputTokens the most
     * @return the reservation; empty: nothing is held
     * @throws ProblemException RESOURCE_EXHAUSTED when it does not pass; UNAVAILABLE when that cannot be known
     */
    String reserve(SecurityContext ctx, ModelId model, long inputTokens, long outputTokens) {
        Quotas present = quotas.get();
        if (present == null) {
            return NONE;
        }
        try {
            Map<String, BigDecimal> amounts = amounts(present.limited(ctx), model, inputTokens, outputTokens);
            Admission admission = amounts.isEmpty()
                    ? null
                    : present.reserve(ctx, new ReservationRequest(ctx.subject(), amounts, lifetime));
            answered = System.nanoTime();
            return switch (admission) {
                case null -> NONE;
                case Admission.Reservation reservation -> reservation.id();
                case Admission.Refusal refusal -> throw refused(refusal);
            };
        } catch (ProblemException e) {
            if (e.category() != ErrorCategory.UNAVAILABLE || System.nanoTime() - answered > outage.toNanos()) {
                throw e;
            }
            log.debug("quotas cannot be asked, the call passes and counts later", e);
            return NONE;
        }
    }

    private Map<String, BigDecimal> amounts(Set<String> limited, ModelId model, long inputTokens, long outputTokens) {
        if (limited.isEmpty()) {
            return Map.of();
        }
        Map<String, BigDecimal> amounts = new HashMap<>();
        for (String type : TYPES) {
            if (limited.contains(type)) {
                BigDecimal amount = switch (type) {
                    case RecordWriter.CALLS -> BigDecimal.ONE;
                    case RecordWriter.INPUT -> BigDecimal.valueOf(inputTokens);
                    case RecordWriter.OUTPUT -> BigDecimal.valueOf(outputTokens);
                    default -> cost(model, inputTokens, outputTokens);
                };
                amounts.put(type, amount);
            }
        }
        return amounts;
    }

    /** A model without a price costs nothing that anybody knows of. */
    private BigDecimal cost(ModelId model, long inputTokens, long output) {
        Price price = prices.find(model, Instant.now(), inputTokens);
        return price == null ? BigDecimal.ZERO : price.most(inputTokens, output);
    }

    private static ProblemException refused(Admission.Refusal refusal) {
        String what = switch (refusal.type()) {
            case RecordWriter.COST -> "US dollars";
            case RecordWriter.CALLS -> "calls";
            case RecordWriter.INPUT -> "input tokens";
            default -> "output tokens";
        };
        Map<String, Object> context = new HashMap<>();
        context.put("usage_type", refusal.type());
        context.put("left", refusal.left().toPlainString());
        Instant renews = refusal.renewsAt();
        if (renews != null) {
            context.put("renews_at", renews.toString());
            context.put("retry_after_seconds", Math.max(1, Duration.between(Instant.now(), renews).toSeconds()));
        }
        return new ProblemException(
                ErrorCategory.RESOURCE_EXHAUSTED,
                "BUDGET_EXCEEDED",
                "the budget of " + what + " does not suffice for this call: " + refusal.left().toPlainString() + " are left"
                        + (renews == null ? "" : " until " + renews)
                        + ", and a call is held back at the most that it can use; lower max_tokens, or have the budget raised",
                context,
                null);
    }

    /**
     * Counts what was used, and gives back the rest.
     *
     * @return false: that is not possible now; the call must be counted another way
     */
    boolean settle(CallRecord call, String reservation) {
        Quotas present = quotas.get();
        if (reservation.equals(NONE) || present == null) {
            return false;
        }
        try {
            present.settle(call.caller(), reservation, writer.records(List.of(call)));
            return true;
        } catch (ProblemException e) {
            log.debug("a reservation cannot be settled now, it expires by itself", e);
            return false;
        }
    }
}

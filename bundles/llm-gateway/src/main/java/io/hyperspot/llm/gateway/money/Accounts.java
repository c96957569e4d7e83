// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.money;

import io.hyperspot.llm.ModelId;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.usage.Quotas;
import io.hyperspot.usage.UsageTracker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What every call passes through: held before it, settled after it, whatever became of it. Thread-safe. */
public final class Accounts implements AutoCloseable {
    private final Prices prices;
    private final TokenLimits limits;
    private final long usualOutput;
    private final Budgets budgets;
    private final UsageBook book;

    /**
     * @param lifetime of the longest call
     * @param usualOutput the output tokens that are held for a call that does not limit them
     * @param outage how long calls pass when the quotas cannot be asked
     * @param tokensOfTenant a minute; 0: no limit
     * @param tokensOfCaller likewise
     */
    public record Settings(
            Path prices,
            Path journal,
            Duration lifetime,
            long usualOutput,
            Duration outage,
            long tokensOfTenant,
            long tokensOfCaller) {}

    /** What is held for a call. */
    public record Hold(String reservation, TokenLimits.Taken taken) {}

    /**
     * @param tracker null while there is none
     * @param quotas null while there are none
     * @throws IOException when the journal's folder cannot be made or read
     */
    public Accounts(Settings settings, Supplier<@Nullable UsageTracker> tracker, Supplier<@Nullable Quotas> quotas)
            throws IOException {
        prices = new Prices(settings.prices());
        RecordWriter writer = new RecordWriter(prices);
        limits = new TokenLimits(settings.tokensOfTenant(), settings.tokensOfCaller());
        usualOutput = settings.usualOutput();
        budgets = new Budgets(quotas, prices, writer, settings.lifetime(), settings.outage());
        book = new UsageBook(settings.journal(), writer, tracker);
    }

    /**
     * Before a call.
     *
     * @throws ProblemException RESOURCE_EXHAUSTED when a budget or a limit does not suffice; UNAVAILABLE when that cannot be
     *     known any more
     */
    public Hold hold(SecurityContext ctx, ModelId model, Demand demand) {
        long output = demand.output(usualOutput);
        TokenLimits.Taken taken = limits.take(ctx, Demand.likelyTokens(demand.inputBytes()) + output);
        try {
            return new Hold(budgets.reserve(ctx, model, demand.inputBytes(), output), taken);
        } catch (ProblemException e) {
            limits.settle(taken, 0);
            throw e;
        }
    }

    /** After it. */
    public void settle(Hold hold, CallRecord call) {
        limits.settle(hold.taken(), call.usage().input() + call.usage().output());
        if (!budgets.settle(call, hold.reservation())) {
            book.add(call);
        }
    }

    /** What operators must know; empty: nothing. */
    public String trouble() {
        String first = book.trouble();
        return first.isEmpty() ? prices.trouble() : first;
    }

    /** Writes to the disk what is not counted yet. */
    @Override
    public void close() {
        book.close();
    }
}

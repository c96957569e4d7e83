// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperspot.llm.ModelId;
import io.hyperspot.llm.Usage;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Limits in tokens a minute, through the accounts that every call passes. They fill again by a few tokens meanwhile. */
class TokenLimitsTest {
    private static final ModelId MODEL = ModelId.parse("acme/m");
    private static final SecurityContext ANN = new SecurityContext("key:ann", TenantId.ROOT, List.of());
    private static final SecurityContext BOB = new SecurityContext("key:bob", TenantId.ROOT, List.of());
    private static final SecurityContext EVE =
            new SecurityContext("key:ann", TenantId.of("00000000-0000-4000-8000-00000000000b"), List.of());

    /** A call that takes 500 tokens: 400 bytes, and 400 tokens of output at most. */
    private static Accounts.Hold hold(RecordedUsage usage, SecurityContext caller) {
        return usage.accounts().hold(caller, MODEL, new Demand(400, 400, 1));
    }

    private static ProblemException refused(RecordedUsage usage, SecurityContext caller) {
        ProblemException problem = catchThrowableOfType(ProblemException.class, () -> hold(usage, caller));
        assertThat(problem).isNotNull();
        assertThat(problem.category()).isEqualTo(ErrorCategory.RESOURCE_EXHAUSTED);
        assertThat(problem.code()).isEqualTo("TOKEN_RATE_EXCEEDED");
        return problem;
    }

    private static void settle(RecordedUsage usage, SecurityContext caller, Accounts.Hold hold, long input, long output) {
        usage.accounts()
                .settle(
                        hold,
                        new CallRecord(
                                caller,
                                MODEL,
                                "openai",
                                "/chat/completions",
                                Instant.now(),
                                CallRecord.Outcome.SUCCESS,
                                new Usage(input, 0, output, 0),
                                false));
    }

    @Test
    void refusesWhatWouldExceedTheLimitAndSaysWhenToComeBack() {
        try (RecordedUsage usage = new RecordedUsage(0, 900)) {
            hold(usage, ANN);
            ProblemException problem = refused(usage, ANN);
            assertThat(problem.detail()).contains("900 tokens a minute of this caller", "takes about 500", "max_tokens");
            assertThat((Long) problem.context().get("retry_after_seconds")).isBetween(1L, 10L);
            // each caller has a limit of its own
            hold(usage, BOB);
        }
    }

    @Test
    void givesBackWhatACallDidNotUse() {
        try (RecordedUsage usage = new RecordedUsage(0, 900)) {
            settle(usage, ANN, hold(usage, ANN), 10, 10);
            settle(usage, ANN, hold(usage, ANN), 0, 0);
            hold(usage, ANN);
            refused(usage, ANN);
        }
    }

    @Test
    void owesWhatACallUsedBeyond() {
        try (RecordedUsage usage = new RecordedUsage(0, 900)) {
            settle(usage, ANN, hold(usage, ANN), 1000, 800);
            assertThat((Long) refused(usage, ANN).context().get("retry_after_seconds")).isBetween(50L, 100L);
        }
    }

    @Test
    void countsTheCallersOfATenantTogether() {
        try (RecordedUsage usage = new RecordedUsage(900, 10_000)) {
            hold(usage, ANN);
            assertThat(refused(usage, BOB).detail()).contains("of this tenant");
            hold(usage, EVE);
        }
    }

    @Test
    void takesNothingFromTheTenantForACallThatTheCallersLimitRefuses() {
        try (RecordedUsage usage = new RecordedUsage(1400, 900)) {
            hold(usage, ANN);
            refused(usage, ANN);
            refused(usage, ANN);
            hold(usage, BOB);
        }
    }

    @Test
    void forgetsNobodyWhoHasUsedSomeBecauseThereAreManyCallers() {
        TokenLimits limits = new TokenLimits(1400, 900);
        limits.take(ANN, 450);
        for (int i = 0; i < 100_001; i++) {
            limits.settle(limits.take(new SecurityContext("key:" + i, EVE.tenant(), List.of()), 1), 0);
        }
        limits.take(BOB, 900);
        SecurityContext carl = new SecurityContext("key:carl", TenantId.ROOT, List.of());
        assertThat(catchThrowableOfType(ProblemException.class, () -> limits.take(carl, 400))).isNotNull();
    }

    @Test
    void takesForEveryAnswerThatIsAskedFor() {
        try (RecordedUsage usage = new RecordedUsage(0, 900)) {
            usage.accounts().hold(ANN, MODEL, new Demand(400, 100, 8));
            refused(usage, ANN);
        }
    }

    @Test
    void letsOneCallPassThatIsLargerThanTheLimit() {
        try (RecordedUsage usage = new RecordedUsage(0, 100)) {
            hold(usage, ANN);
            refused(usage, ANN);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperspot.llm.ModelId;
import io.hyperspot.llm.Usage;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.hyperspot.usage.UsageRecord;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UsageBookTest {
    private static final SecurityContext ANN = new SecurityContext("key:ann", TenantId.ROOT, List.of());
    private static final SecurityContext BOB =
            new SecurityContext("key:bob", TenantId.of("00000000-0000-4000-8000-00000000000b"), List.of());

    private final RecordedUsage usage = new RecordedUsage();

    @AfterEach
    void close() {
        usage.close();
    }

    private void call(SecurityContext caller, String model, CallRecord.Outcome outcome, Usage used, boolean estimated) {
        Accounts.Hold hold = usage.accounts().hold(caller, ModelId.parse(model), new Demand(100, 0, 1));
        usage.accounts()
                .settle(
                        hold,
                        new CallRecord(
                                caller, ModelId.parse(model), "openai", "/chat/completions", Instant.now(), outcome, used, estimated));
    }

    @Test
    void countsEveryCallForItsCallerWithWhatItUsedAndCost() {
        call(ANN, "openai/gpt-4o", CallRecord.Outcome.SUCCESS, new Usage(1000, 400, 200, 50), false);
        call(BOB, "acme/secret", CallRecord.Outcome.CANCELLED, new Usage(7, 0, 3, 0), true);
        call(BOB, "acme/secret", CallRecord.Outcome.ERROR, Usage.NONE, false);

        List<UsageRecord> records = usage.settled();
        assertThat(records).filteredOn(record -> record.tenant().equals(ANN.tenant())).hasSize(4).allSatisfy(record -> {
            assertThat(record.subject()).isEqualTo("key:ann");
            assertThat(record.resource()).isEqualTo("openai/gpt-4o");
            assertThat(record.dimensions())
                    .containsEntry("outcome", "success")
                    .containsEntry("cached_input", "400")
                    .containsEntry("reasoning", "50")
                    .doesNotContainKeys("estimated", "priced");
        });
        assertThat(usage.of(RecordWriter.INPUT)).extracting(UsageRecord::quantity).containsExactly(new BigDecimal(1000), new BigDecimal(7));
        assertThat(usage.of(RecordWriter.OUTPUT)).extracting(UsageRecord::quantity).containsExactly(new BigDecimal(200), new BigDecimal(3));
        // 600 at 2.50, 400 at 1.25, 200 at 10 dollars a million
        assertThat(usage.of(RecordWriter.COST)).extracting(UsageRecord::quantity).containsExactly(new BigDecimal("0.004000000"));
        assertThat(usage.of(RecordWriter.CALLS)).hasSize(3);
        assertThat(usage.of(RecordWriter.CALLS).get(1).dimensions())
                .containsEntry("outcome", "cancelled")
                .containsEntry("estimated", "true")
                .containsEntry("priced", "false");
        assertThat(usage.of(RecordWriter.CALLS).get(2).dimensions()).containsEntry("outcome", "error");
    }

    @Test
    void countsCallsTogetherThatAreAlikeAndNoOthers() {
        Instant begin = Instant.parse("2026-11-27T10:00:00Z");
        for (int i = 0; i < 1000; i++) {
            settle(begin.plusMillis(i), "/chat/completions");
        }
        settle(begin, "/embeddings");
        settle(begin.plusSeconds(60), "/chat/completions");
        settle(begin.minusMillis(1), "/chat/completions");

        List<UsageRecord> records = usage.settled();
        assertThat(records.size()).isLessThan(1000);
        assertThat(usage.of(RecordWriter.CALLS))
                .filteredOn(record -> "/chat/completions".equals(record.dimensions().get("operation")))
                .filteredOn(record -> !record.at().isBefore(begin) && record.at().isBefore(begin.plusSeconds(60)))
                .extracting(record -> record.quantity().intValueExact())
                .satisfies(counts -> assertThat(counts.stream().mapToInt(count -> count).sum()).isEqualTo(1000));
        assertThat(usage.total(RecordWriter.CALLS)).isEqualByComparingTo("1003");
        // one at 2.50 and one at 10 dollars a million
        assertThat(usage.total(RecordWriter.COST)).isEqualByComparingTo(new BigDecimal("0.0000125").multiply(new BigDecimal(1003)));
        assertThat(usage.of(RecordWriter.CALLS)).extracting(record -> record.at().truncatedTo(ChronoUnit.MINUTES)).contains(
                begin.minusSeconds(60), begin, begin.plusSeconds(60));
    }

    private void settle(Instant begin, String operation) {
        ModelId model = ModelId.parse("openai/gpt-4o");
        Accounts.Hold hold = usage.accounts().hold(ANN, model, new Demand(100, 0, 1));
        usage.accounts()
                .settle(
                        hold,
                        new CallRecord(ANN, model, "openai", operation, begin, CallRecord.Outcome.SUCCESS, new Usage(1, 0, 1, 0), false));
    }

    @Test
    void waitsForItsUsageTypes() {
        usage.unknown(true);
        call(ANN, "acme/m", CallRecord.Outcome.SUCCESS, new Usage(1, 0, 1, 0), false);
        await().until(() -> usage.accounts().trouble().contains("there is no usage type"));
        usage.unknown(false);

        await().untilAsserted(() -> assertThat(usage.total(RecordWriter.CALLS)).isEqualByComparingTo("1"));
        await().until(() -> usage.accounts().trouble().isEmpty());
    }

    @Test
    void losesNothingWhileTheDatabaseIsAwayNorOverARestartThen() throws Exception {
        usage.away(true);
        for (int i = 0; i < 2500; i++) {
            call(ANN, "acme/m", CallRecord.Outcome.SUCCESS, new Usage(1, 0, 1, 0), false);
        }
        await().until(() -> usage.accounts().trouble().contains("wait on the disk"));
        usage.restart();
        call(ANN, "acme/m", CallRecord.Outcome.SUCCESS, new Usage(1, 0, 1, 0), false);
        usage.away(false);

        await().untilAsserted(() -> assertThat(usage.total(RecordWriter.CALLS)).isEqualByComparingTo("2501"));
        assertThat(usage.total(RecordWriter.INPUT)).isEqualByComparingTo("2501");
        await().until(() -> usage.accounts().trouble().isEmpty());
        try (Stream<Path> files = Files.list(usage.folder().resolve("journal"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void countsACallThatEndsAfterTheGateway() throws Exception {
        usage.accounts().close();
        call(ANN, "acme/m", CallRecord.Outcome.SUCCESS, new Usage(1, 0, 1, 0), false);
        call(ANN, "acme/m", CallRecord.Outcome.SUCCESS, new Usage(1, 0, 1, 0), false);
        assertThat(usage.of(RecordWriter.CALLS)).isEmpty();
        usage.restart();

        await().untilAsserted(() -> assertThat(usage.total(RecordWriter.CALLS)).isEqualByComparingTo("2"));
    }

    @Test
    void skipsALineThatWasCutOffAndBringsTheOthers() throws Exception {
        usage.away(true);
        call(ANN, "acme/m", CallRecord.Outcome.SUCCESS, new Usage(1, 0, 1, 0), false);
        usage.accounts().close();
        try (Stream<Path> files = Files.list(usage.folder().resolve("journal"))) {
            Files.writeString(files.findFirst().orElseThrow(), "{\"id\":\"llm-cut", StandardOpenOption.APPEND);
        }
        usage.away(false);
        usage.restart();

        await().untilAsserted(() -> assertThat(usage.of(RecordWriter.CALLS)).hasSize(1));
    }
}

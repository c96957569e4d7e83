// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.money;

import io.hyperspot.llm.Usage;
import io.hyperspot.usage.UsageRecord;
import io.hyperspot.usage.UsageType;
import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Makes the usage records of calls: of their number, input, output, and cost when there is a price. Thread-safe. */
final class RecordWriter {
    static final String CALLS = UsageType.BASE + "hyperspot.llm.usage.calls.v1~";
    static final String INPUT = UsageType.BASE + "hyperspot.llm.usage.input_tokens.v1~";
    static final String OUTPUT = UsageType.BASE + "hyperspot.llm.usage.output_tokens.v1~";
    static final String COST = UsageType.BASE + "hyperspot.llm.usage.cost.v1~";

    private final Prices prices;
    /** Ids must be unique among all servers and starts, and cheap. */
    private final String prefix;

    private final AtomicLong next = new AtomicLong();

    RecordWriter(Prices prices) {
        this.prices = prices;
        byte[] random = new byte[12];
        new SecureRandom().nextBytes(random);
        prefix = "llm-" + HexFormat.of().formatHex(random) + "-";
    }

    /**
     * The records of calls that have ended: those of one caller for one model that ended alike within a minute are
     * counted together.
     */
    List<UsageRecord> records(List<CallRecord> calls) {
        Map<Sum.Of, Sum> sums = new LinkedHashMap<>();
        for (CallRecord call : calls) {
            Usage usage = call.usage();
            BigDecimal cost = usage.equals(Usage.NONE) && call.outcome() != CallRecord.Outcome.SUCCESS
                    ? null
                    : prices.cost(call.model(), call.begin(), usage);
            sums.computeIfAbsent(Sum.Of.call(call, cost != null), of -> new Sum(call.begin())).add(usage, cost);
        }
        List<UsageRecord> records = new ArrayList<>();
        sums.forEach((of, sum) -> {
            String id = prefix + next.getAndIncrement();
            Map<String, String> dimensions = Map.copyOf(sum.dimensions(of));
            add(records, of, sum, id, CALLS, BigDecimal.valueOf(sum.calls()), dimensions);
            add(records, of, sum, id + ":in", INPUT, BigDecimal.valueOf(sum.input()), dimensions);
            add(records, of, sum, id + ":out", OUTPUT, BigDecimal.valueOf(sum.output()), dimensions);
            if (of.priced()) {
                add(records, of, sum, id + ":cost", COST, sum.cost(), dimensions);
            }
        });
        return records;
    }

    private static void add(
            List<UsageRecord> records,
            Sum.Of of,
            Sum sum,
            String id,
            String type,
            BigDecimal quantity,
            Map<String, String> dimensions) {
        if (quantity.signum() > 0) {
            records.add(new UsageRecord(
                    id,
                    of.tenant(),
                    of.subject(),
                    type,
                    of.resource(),
                    quantity,
                    sum.first().truncatedTo(ChronoUnit.MILLIS),
                    dimensions));
        }
    }
}

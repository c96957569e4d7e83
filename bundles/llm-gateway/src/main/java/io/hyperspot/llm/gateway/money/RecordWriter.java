// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.money;

import io.hyperspot.llm.Usage;
import io.hyperspot.usage.UsageRecord;
import io.hyperspot.usage.UsageType;
import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Makes the usage records of a call: of itself, its input, its output, and its cost when there is a price. */
final class RecordWriter {
    static final String CALLS = UsageType.BASE + "hyperspot.llm.usage.calls.v1~";
    static final String INPUT = UsageType.BASE + "hyperspot.llm.usage.input_tokens.v1~";
    static final String OUTPUT = UsageType.BASE + "hyperspot.llm.usage.output_tokens.v1~";
    static final String COST = UsageType.BASE + "hyperspot.llm.usage.cost.v1~";

    private static final int LONGEST = 200;

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

    List<UsageRecord> records(CallRecord call) {
        Usage usage = call.usage();
        BigDecimal cost = usage.equals(Usage.NONE) && call.outcome() != CallRecord.Outcome.SUCCESS
                ? null
                : prices.cost(call.model(), call.begin(), usage);
        String id = prefix + next.getAndIncrement();
        Map<String, String> dimensions = dimensions(call, cost != null);
        List<UsageRecord> records = new ArrayList<>(4);
        add(records, call, id, CALLS, BigDecimal.ONE, dimensions);
        add(records, call, id + ":in", INPUT, BigDecimal.valueOf(usage.input()), dimensions);
        add(records, call, id + ":out", OUTPUT, BigDecimal.valueOf(usage.output()), dimensions);
        if (cost != null) {
            add(records, call, id + ":cost", COST, cost, dimensions);
        }
        return records;
    }

    private static void add(
            List<UsageRecord> records,
            CallRecord call,
            String id,
            String type,
            BigDecimal quantity,
            Map<String, String> dimensions) {
        if (quantity.signum() > 0) {
            records.add(new UsageRecord(
                    id,
                    call.caller().tenant(),
                    call.caller().subject(),
                    type,
                    resource(call),
                    quantity,
                    call.begin().truncatedTo(ChronoUnit.MILLIS),
                    dimensions));
        }
    }

    /** A model that is not listed may have any name. */
    private static String resource(CallRecord call) {
        String name = call.model().toString();
        return name.length() > LONGEST ? name.substring(0, LONGEST) : name;
    }

    private static Map<String, String> dimensions(CallRecord call, boolean priced) {
        Usage usage = call.usage();
        Map<String, String> dimensions = new HashMap<>();
        dimensions.put("protocol", call.protocol());
        dimensions.put("operation", call.operation());
        dimensions.put("outcome", call.outcome().name().toLowerCase(Locale.ROOT));
        count(dimensions, "cached_input", usage.cachedInput());
        count(dimensions, "cache_write", usage.cacheWrite());
        count(dimensions, "cache_write_hour", usage.cacheWriteHour());
        count(dimensions, "reasoning", usage.reasoning());
        count(dimensions, "audio_input", usage.audioInput());
        count(dimensions, "audio_output", usage.audioOutput());
        if (call.estimated()) {
            dimensions.put("estimated", "true");
        }
        if (!priced) {
            dimensions.put("priced", "false");
        }
        return dimensions;
    }

    private static void count(Map<String, String> dimensions, String name, long tokens) {
        if (tokens > 0) {
            dimensions.put(name, Long.toString(tokens));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.money;

import io.hyperspot.llm.Usage;
import io.hyperspot.security.TenantId;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What calls that are alike have used together. Not thread-safe. */
final class Sum {
    /**
     * In what they are alike.
     *
     * @param minute in which they began, so that a sum belongs to one period only
     */
    record Of(
            TenantId tenant,
            String subject,
            String resource,
            String protocol,
            String operation,
            CallRecord.Outcome outcome,
            boolean estimated,
            boolean priced,
            Instant minute) {
        private static final int LONGEST = 200;

        static Of call(CallRecord call, boolean priced) {
            // a model that is not listed may have any name
            String name = call.model().toString();
            return new Of(
                    call.caller().tenant(),
                    call.caller().subject(),
                    name.length() > LONGEST ? name.substring(0, LONGEST) : name,
                    call.protocol(),
                    call.operation(),
                    call.outcome(),
                    call.estimated(),
                    priced,
                    call.begin().truncatedTo(ChronoUnit.MINUTES));
        }
    }

    private final Instant first;
    private long calls;
    private long input;
    private long cachedInput;
    private long output;
    private long reasoning;
    private long cacheWrite;
    private long cacheWriteHour;
    private long audioInput;
    private long audioOutput;
    private BigDecimal cost = BigDecimal.ZERO;

    /**
     * @param first when the first of them began
     */
    Sum(Instant first) {
        this.first = first;
    }

    /**
     * One more call.
     *
     * @param price null: nobody has told it
     */
    void add(Usage usage, @Nullable BigDecimal price) {
        calls++;
        input += usage.input();
        cachedInput += usage.cachedInput();
        output += usage.output();
        reasoning += usage.reasoning();
        cacheWrite += usage.cacheWrite();
        cacheWriteHour += usage.cacheWriteHour();
        audioInput += usage.audioInput();
        audioOutput += usage.audioOutput();
        if (price != null) {
            cost = cost.add(price);
        }
    }

    Instant first() {
        return first;
    }

    long calls() {
        return calls;
    }

    long input() {
        return input;
    }

    long output() {
        return output;
    }

    BigDecimal cost() {
        return cost;
    }

    Map<String, String> dimensions(Of of) {
        Map<String, String> dimensions = new HashMap<>();
        dimensions.put("protocol", of.protocol());
        dimensions.put("operation", of.operation());
        dimensions.put("outcome", of.outcome().name().toLowerCase(Locale.ROOT));
        count(dimensions, "cached_input", cachedInput);
        count(dimensions, "cache_write", cacheWrite);
        count(dimensions, "cache_write_hour", cacheWriteHour);
        count(dimensions, "reasoning", reasoning);
        count(dimensions, "audio_input", audioInput);
        count(dimensions, "audio_output", audioOutput);
        if (of.estimated()) {
            dimensions.put("estimated", "true");
        }
        if (!of.priced()) {
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

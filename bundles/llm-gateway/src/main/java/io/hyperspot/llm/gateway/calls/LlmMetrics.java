// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.calls;

import io.hyperspot.llm.ModelId;
import io.hyperspot.llm.gateway.money.CallRecord;
import io.hyperspot.llm.gateway.money.CallRecord.Outcome;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * The metrics of calls by the names, labels and buckets of OpenTelemetry's conventions for generative AI (semantic
 * conventions 1.37). A model has a label of its own once it has answered, and there are at most {@link #MOST_MODELS}
 * of them: clients may call models that are not listed by any name.
 */
final class LlmMetrics implements AutoCloseable {
    static final int MOST_MODELS = 500;

    private static final String OTHER = "_OTHER";
    private static final Duration[] DURATIONS = seconds(
            0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);
    private static final Duration[] FIRST_TOKENS =
            seconds(0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10);
    private static final double[] TOKENS = {
        1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864
    };

    private record Key(String provider, String model, Task task, Outcome outcome) {}

    private record Series(Timer time, Timer firstToken, DistributionSummary input, DistributionSummary output) {}

    private final MeterRegistry registry;
    private final ConcurrentMap<Key, Series> series = new ConcurrentHashMap<>();
    private final Set<ModelId> answered = ConcurrentHashMap.newKeySet();

    LlmMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    private static Duration[] seconds(double... values) {
        return Arrays.stream(values)
                .mapToObj(value -> Duration.ofMillis(Math.round(value * 1000)))
                .toArray(Duration[]::new);
    }

    /**
     * @param firstToken nanoseconds until a stream began; negative: it is none, or did not begin
     */
    void record(CallRecord call, Task task, long nanos, long firstToken) {
        Key key = new Key(call.model().provider(), model(call), task, call.outcome());
        Series found = series.get(key);
        if (found == null) {
            found = series.computeIfAbsent(key, this::register);
        }
        found.time().record(nanos, TimeUnit.NANOSECONDS);
        if (firstToken >= 0) {
            found.firstToken().record(firstToken, TimeUnit.NANOSECONDS);
        }
        if (call.usage().input() > 0) {
            found.input().record((double) call.usage().input());
        }
        if (call.usage().output() > 0) {
            found.output().record((double) call.usage().output());
        }
    }

    private String model(CallRecord call) {
        boolean known = answered.contains(call.model());
        if (!known && call.outcome() == Outcome.SUCCESS && answered.size() < MOST_MODELS) {
            answered.add(call.model());
            known = true;
        }
        return known ? call.model().model() : OTHER;
    }

    private Series register(Key key) {
        Tags tags = Tags.of(
                "gen_ai.operation.name", key.task().text(),
                "gen_ai.provider.name", key.provider(),
                "gen_ai.request.model", key.model(),
                "error.type", key.outcome() == Outcome.SUCCESS ? "" : key.outcome().name().toLowerCase(Locale.ROOT));
        return new Series(
                Timer.builder("gen_ai.client.operation.duration")
                        .description("Time of calls of models")
                        .tags(tags)
                        .serviceLevelObjectives(DURATIONS)
                        .register(registry),
                Timer.builder("gen_ai.server.time_to_first_token")
                        .description("Time until streams of models begin")
                        .tags(tags)
                        .serviceLevelObjectives(FIRST_TOKENS)
                        .register(registry),
                tokens(tags, "input"),
                tokens(tags, "output"));
    }

    private DistributionSummary tokens(Tags tags, String type) {
        return DistributionSummary.builder("gen_ai.client.token.usage")
                .description("Tokens of calls of models")
                .tags(tags)
                .tag("gen_ai.token.type", type)
                .serviceLevelObjectives(TOKENS)
                .register(registry);
    }

    @Override
    public void close() {
        for (Series entry : series.values()) {
            for (Meter meter : List.of(entry.time(), entry.firstToken(), entry.input(), entry.output())) {
                registry.remove(meter);
            }
        }
    }
}

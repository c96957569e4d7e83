// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** How long it takes from a drop, an upload and a rollback to the first answer of the version, each many times. */
final class Times {
    private static final long PAUSE_MS = 150;
    private static final int WARM_UP = 5;

    private final Target target;
    private final ConnectorJar connector;
    private final Path file;
    private int made;

    /**
     * @param folder the drop-in folder
     */
    Times(Target target, ConnectorJar connector, Path folder) {
        this.target = target;
        this.connector = connector;
        file = folder.resolve("acme.swap.jar");
    }

    /** With clients a drop is a new version over the old one; without, the plugin is not there before. */
    void run(int runs, int unary, int streaming) throws Exception {
        target.install(connector.version(next()), "");
        try (Clients clients = new Clients(target, unary, streaming)) {
            boolean loaded = unary + streaming > 0;
            drops(WARM_UP, loaded);
            report(loaded ? "drop over the old version to first answer" : "drop to first answer", drops(runs, loaded));
            uploads(runs);
            rollbacks(runs);
            clients.end();
            if (loaded) {
                System.out.printf(
                        "requests %d unary, %d streams, %d failed%n",
                        clients.unary(), clients.streams(), clients.failures().size());
                clients.failures().stream().limit(3).forEach(failure -> System.out.println("    e.g. " + failure));
            }
        }
    }

    private String next() {
        return "1." + made++ + ".0";
    }

    private static void report(String what, List<Long> nanos) {
        Distribution distribution = Distribution.of(nanos.stream().mapToLong(Long::longValue).toArray());
        System.out.printf("%s%n    %s%n    %s%n", what, distribution, distribution.histogram());
    }

    private List<Long> drops(int runs, boolean over) throws Exception {
        List<Long> took = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            if (!over) {
                target.remove();
            }
            String version = next();
            Path jar = connector.version(version);
            Thread.sleep(PAUSE_MS);
            took.add(untilAnswer(version, () -> Files.copy(jar, file, StandardCopyOption.REPLACE_EXISTING)));
            Thread.sleep(PAUSE_MS);
        }
        return took;
    }

    private void uploads(int runs) throws Exception {
        List<Long> took = new ArrayList<>();
        List<Long> readied = new ArrayList<>();
        List<Long> switched = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            String version = next();
            Path jar = connector.version(version);
            List<JsonNode> plugin = new ArrayList<>();
            took.add(untilAnswer(version, () -> plugin.add(target.install(jar, ""))));
            JsonNode steps = plugin.getFirst().path("steps");
            Instant healthy = at(steps, version + " is healthy");
            readied.add(Duration.between(at(steps, "installed " + version), healthy).toNanos());
            switched.add(Duration.between(healthy, at(steps, "switched to " + version)).toNanos());
            Thread.sleep(PAUSE_MS);
        }
        report("switch: upload to first answer", took);
        report("switch: of these, from installed beside the old version to healthy, as the plugin's steps tell", readied);
        report("switch: of these, from healthy to switched, as the plugin's steps tell", switched);
    }

    private static Instant at(JsonNode steps, String text) {
        for (JsonNode step : steps) {
            if (step.path("text").asText().startsWith(text)) {
                return Instant.parse(step.path("at").asText());
            }
        }
        throw new IllegalStateException("no step '" + text + "' in " + steps);
    }

    private void rollbacks(int runs) throws Exception {
        String before = next();
        String after = next();
        target.install(connector.version(before), "");
        target.install(connector.version(after), "");
        List<Long> standby = new ArrayList<>();
        List<Long> kept = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            standby.add(untilAnswer(before, () -> target.rollback("{}")));
            Target.until(after + " is kept", () -> target.version(after).path("state").asText().equals("KEPT"));
            Thread.sleep(PAUSE_MS);
            kept.add(untilAnswer(after, () -> target.rollback("{\"version\":\"" + after + "\"}")));
            Thread.sleep(PAUSE_MS);
        }
        report("rollback to the version that stands by, to first answer", standby);
        report("rollback to a kept version, which is started anew, to first answer", kept);
    }

    /** The first answer is looked for from the beginning: it may come before the end of what leads to it. */
    private long untilAnswer(String version, Callable<?> action) throws Exception {
        FutureTask<Long> answered = new FutureTask<>(() -> {
            target.awaitAnswer(version);
            return System.nanoTime();
        });
        long begin = System.nanoTime();
        Thread.ofVirtual().start(answered);
        action.call();
        try {
            return answered.get() - begin;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}

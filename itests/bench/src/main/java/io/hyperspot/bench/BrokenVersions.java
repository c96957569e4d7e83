// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Versions that are broken, under load: each is taken back by itself, and clients see no failures but its own. A version
 * writes down each request that it answers or fails; every request that failed must be among the latter.
 */
record BrokenVersions(Target target, ConnectorJar connector, int unary, int streaming) {
    private static final String GOOD = "1.0.0";

    /** What a broken version wrote down. */
    private record Outcome(String name, Path journal, Set<String> answered, Set<String> failed) {}

    /**
     * @return whether everything was as promised
     */
    boolean run() throws IOException, InterruptedException {
        List<String> violations = new ArrayList<>();
        List<Outcome> outcomes = new ArrayList<>();
        target.install(connector.version(GOOD), "");
        try (Clients clients = new Clients(target, unary, streaming)) {
            Thread.sleep(10_000);
            outcomes.add(tried(clients, "errors on 20 % of its calls, tried with 10 %", "1.1.0", "?percent=10", violations, "fail_percent=20"));
            outcomes.add(tried(clients, "fails its health after 2 s, tried with 10 %", "1.2.0", "?percent=10", violations, "health_down_after_ms=2000"));
            outcomes.add(tried(clients, "errors on 20 % of its calls, for all at once", "1.3.0", "", violations, "fail_percent=20"));
            outcomes.add(tried(clients, "fails its health after 2 s, for all at once", "1.4.0", "", violations, "health_down_after_ms=2000"));
            outcomes.add(refused("is never healthy", "1.5.0", violations));
            clients.end();
            compare(clients, outcomes, violations);
        }
        violations.forEach(violation -> print("VIOLATED  %s", violation));
        print(violations.isEmpty() ? "all as promised" : "not as promised");
        return violations.isEmpty();
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }

    private static Path journal() throws IOException {
        Path journal = Files.createTempFile("acme.swap", ".journal");
        journal.toFile().deleteOnExit();
        return journal;
    }

    private Outcome tried(Clients clients, String name, String version, String query, List<String> violations, String behaviour)
            throws IOException, InterruptedException {
        Path journal = journal();
        Path jar = connector.version(version, behaviour, "journal=" + journal);
        long before = clients.begun();
        target.install(jar, query);
        long begin = System.nanoTime();
        Target.until(version + " is taken back", () -> state(version).equals("QUARANTINED"));
        long took = System.nanoTime() - begin;
        long during = clients.begun() - before;
        print("%s %s", version, name);
        print("    taken back after %.1f s: %s", took / 1e9, target.version(version).path("reason").asText());
        settle();
        Outcome outcome = read(name, journal);
        int calls = outcome.answered().size() + outcome.failed().size();
        print("    it answered %d requests and failed %d, of %d that began meanwhile", outcome.answered().size(), outcome.failed().size(), during);
        if (calls == 0) {
            violations.add(name + ": it got no request");
        }
        return outcome;
    }

    private Outcome refused(String name, String version, List<String> violations) throws IOException, InterruptedException {
        Path journal = journal();
        HttpResponse<String> answer = target.upload(connector.version(version, "health=down", "journal=" + journal), "");
        print("%s %s", version, name);
        print("    refused: %s", answer.body());
        settle();
        Outcome outcome = read(name, journal);
        if (answer.statusCode() != 400 || !outcome.answered().isEmpty() || !outcome.failed().isEmpty()) {
            violations.add(name + ": status " + answer.statusCode() + ", and it got requests: " + outcome);
        }
        return outcome;
    }

    private String state(String version) throws IOException, InterruptedException {
        JsonNode known = target.version(version);
        return known.path("state").asText();
    }

    /** What a version that was taken back has begun, it may end: streams last two seconds. */
    private void settle() throws IOException, InterruptedException {
        target.awaitAnswer(GOOD);
        Thread.sleep(5000);
    }

    private static Outcome read(String name, Path journal) throws IOException {
        Set<String> answered = new HashSet<>();
        Set<String> failed = new HashSet<>();
        for (String line : Files.readAllLines(journal)) {
            if (line.startsWith("failed ")) {
                failed.add(line.substring("failed ".length()));
            } else {
                answered.add(line.substring("answered ".length()));
            }
        }
        return new Outcome(name, journal, answered, failed);
    }

    private static void compare(Clients clients, List<Outcome> outcomes, List<String> violations) {
        print("requests %d unary, %d streams answered; by version %s", clients.unary(), clients.streams(), clients.byVersion());
        Set<String> owned = new HashSet<>();
        for (Outcome outcome : outcomes) {
            owned.addAll(outcome.failed());
            long unary = clients.failures().stream().filter(failure -> !failure.isStream() && outcome.failed().contains(failure.text())).count();
            long streams = clients.failures().stream().filter(failure -> failure.isStream() && outcome.failed().contains(failure.text())).count();
            print("    failed for clients %d unary, %d streams; it failed %d: %s", unary, streams, outcome.failed().size(), outcome.name());
            if (unary + streams > outcome.failed().size()) {
                violations.add(outcome.name() + ": more requests failed than it failed itself");
            }
        }
        List<Clients.Failure> others = clients.failures().stream().filter(failure -> !owned.contains(failure.text())).toList();
        long streams = others.stream().filter(Clients.Failure::isStream).count();
        print("    failed otherwise   %d unary, %d streams", others.size() - streams, streams);
        if (!others.isEmpty()) {
            violations.add(others.size() + " requests failed that no broken version had, e.g. " + others.getFirst());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.itests.databases.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What was acknowledged is there after {@code kill -9}, once, and the audit trail with it. How often it is killed
 * ({@code kill.rounds}) and after how many acknowledged writes of each kind ({@code kill.writes}) can be said:
 * the long run of docs/performance.md has 20 and 950.
 */
@Tag("database")
final class KillTest {
    private static final int ROUNDS = Integer.getInteger("kill.rounds", 2);
    private static final int WRITES = Integer.getInteger("kill.writes", 100);
    private static final int WRITERS = 4;
    private static final int MOST_KEYS = 980;
    private static final Duration START = Duration.ofSeconds(60);

    /** A kind of thing that is written. */
    private enum Kind {
        KEY("/security/v1/api-keys", "name", "api_key.create", "id"),
        SECRET("/credstore/v1/secrets", "reference", "secret.create", "id"),
        /** Leaves no event: records are themselves what is kept. */
        USAGE("/usage/v1/records", "id", "", "");

        final String path;
        final String nameField;
        final String action;
        final String idField;

        Kind(String path, String nameField, String action, String idField) {
            this.path = path;
            this.nameField = nameField;
            this.action = action;
            this.idField = idField;
        }

        ObjectNode request(String name) {
            if (this == USAGE) {
                ObjectNode batch = JSON.createObjectNode();
                batch.putArray("records").addObject().put("id", name).put("type", REQUESTS).put("quantity", "1").put("at", "2026-11-25T12:00:00Z");
                return batch;
            }
            ObjectNode request = JSON.createObjectNode().put(nameField, name);
            if (this == KEY) {
                request.putArray("scopes").add("gts.hyperspot.llm.*:invoke");
                return request;
            }
            return request.put("value", "value of " + name);
        }
    }

    private static final String REQUESTS = "gts.hyperspot.core.usage.usage_type.v1~hyperspot.core.usage.requests.v1~";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path home;

    /** The ids of what was acknowledged, by kind and name. */
    private final Map<Kind, Map<String, String>> acknowledged = new EnumMap<>(Kind.class);

    private final Set<String> revoked = new HashSet<>();
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private String credential = "";

    @Test
    void losesNothingThatWasAcknowledgedAndDoublesNothing() throws Exception {
        configure();
        for (Kind kind : Kind.values()) {
            acknowledged.put(kind, new ConcurrentHashMap<>());
        }
        List<Long> starts = new ArrayList<>();
        for (int round = 1; round <= ROUNDS; round++) {
            long begin = System.nanoTime();
            try (HyperSpotProcess server = HyperSpotProcess.server(home, "--no-model")) {
                URI api = ready(server);
                starts.add((System.nanoTime() - begin) / 1_000_000);
                checkAll(api);
                revokeKeys(api);
                killWhileWriting(api, server, round);
            }
        }
        try (HyperSpotProcess server = HyperSpotProcess.server(home, "--no-model")) {
            URI api = ready(server);
            checkAll(api);
            checkTrail(api);
            checkSum(api);
        }
        System.out.println("kill -9: " + ROUNDS + " rounds, acknowledged "
                + List.of(Kind.values()).stream().map(kind -> kind + "=" + of(kind).size()).collect(Collectors.joining(", "))
                + "; milliseconds to ready: " + starts);
    }

    private Map<String, String> of(Kind kind) {
        return Objects.requireNonNull(acknowledged.get(kind));
    }

    private void configure() throws Exception {
        TestDatabase kind = TestDatabase.valueOf(System.getProperty("hyperspot.test.database", "SQLITE"));
        StringBuilder yaml = new StringBuilder("modules:\n  web: { access_log: false }\n");
        if (kind != TestDatabase.SQLITE) {
            yaml.append("  persistence:\n");
            new TreeMap<>(kind.fresh()).forEach((key, value) -> yaml.append("    ").append(key).append(": '").append(value.replace("'", "''")).append("'\n"));
        }
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/hyperspot.yaml"), yaml);
    }

    private URI ready(HyperSpotProcess server) throws IOException {
        URI api = server.awaitGreeting(START);
        credential = Files.readString(home.resolve("data/first-api-key")).strip();
        await().atMost(START).until(() -> call(api.resolve("/health/ready"), null).statusCode() == 200);
        return api;
    }

    private HttpResponse<String> call(URI uri, @Nullable String body) throws IOException, InterruptedException {
        return call(uri, body, Duration.ofSeconds(30));
    }

    /** The trail of the long run has some hundred thousand records, which are read and verified at once. */
    private String trail(URI uri) throws IOException, InterruptedException {
        return call(uri, null, Duration.ofMinutes(5)).body();
    }

    private HttpResponse<String> call(URI uri, @Nullable String body, Duration timeout)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(timeout)
                .header("Authorization", "Bearer " + credential);
        if (body != null) {
            request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private void killWhileWriting(URI api, HyperSpotProcess server, int round) throws Exception {
        Map<Kind, AtomicInteger> done = new HashMap<>();
        List<Thread> writers = new ArrayList<>();
        Set<String> refused = ConcurrentHashMap.newKeySet();
        for (Kind kind : Kind.values()) {
            AtomicInteger count = new AtomicInteger();
            done.put(kind, count);
            for (int writer = 0; writer < WRITERS; writer++) {
                String prefix = kind.name().toLowerCase(Locale.ROOT) + "-" + round + "-" + writer + "-";
                writers.add(Thread.ofVirtual().start(() -> write(api, kind, prefix, count, refused)));
            }
        }
        await().atMost(Duration.ofMinutes(5)).until(
                () -> !refused.isEmpty() || done.values().stream().allMatch(count -> count.get() >= WRITES));
        server.kill();
        server.awaitExit(Duration.ofSeconds(10));
        for (Thread writer : writers) {
            writer.join(Duration.ofSeconds(60));
        }
        assertThat(refused).isEmpty();
    }

    /** A tenant has at most a thousand that work. */
    private void revokeKeys(URI api) throws Exception {
        try (ExecutorService callers = Executors.newFixedThreadPool(WRITERS)) {
            List<Callable<Integer>> calls = of(Kind.KEY).values().stream()
                    .filter(id -> !revoked.contains(id))
                    .<Callable<Integer>>map(id -> () -> delete(api.resolve(Kind.KEY.path + "/" + id)))
                    .toList();
            for (Future<Integer> call : callers.invokeAll(calls)) {
                assertThat(call.get()).isEqualTo(204);
            }
        }
        revoked.addAll(of(Kind.KEY).values());
    }

    private int delete(URI key) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(key)
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + credential)
                .DELETE()
                .build();
        return client.send(request, BodyHandlers.discarding()).statusCode();
    }

    /** Until the server is gone. */
    private void write(URI api, Kind kind, String prefix, AtomicInteger count, Set<String> refused) {
        for (int i = 0; kind != Kind.KEY || count.get() < MOST_KEYS; i++) {
            String name = prefix + i;
            try {
                HttpResponse<String> answer = call(api.resolve(kind.path), kind.request(name).toString());
                if (answer.statusCode() != (kind == Kind.USAGE ? 202 : 201)) {
                    refused.add(answer.body());
                    return;
                }
                of(kind).put(name, JSON.readTree(answer.body()).path(kind.idField).asText());
                count.incrementAndGet();
            } catch (IOException e) {
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void checkAll(URI api) throws Exception {
        for (Kind kind : Kind.values()) {
            Map<String, Integer> found = new HashMap<>();
            String cursor = "";
            do {
                HttpResponse<String> answer = call(api.resolve(kind.path + "?$top=1000" + cursor), null);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                JsonNode page = JSON.readTree(answer.body());
                page.path("items").forEach(item -> found.merge(item.path(kind.nameField).asText(), 1, Integer::sum));
                String next = page.path("page_info").path("next_cursor").asText("");
                cursor = next.isEmpty() ? "" : "&$skiptoken=" + next;
            } while (!cursor.isEmpty());
            assertThat(found.keySet()).as("acknowledged %s", kind).containsAll(of(kind).keySet());
            assertThat(found).as("each %s once", kind).allSatisfy((name, times) -> assertThat(times).as(name).isEqualTo(1));
        }
    }

    private void checkTrail(URI api) throws Exception {
        Map<String, Integer> recorded = await("the outbox is empty").atMost(Duration.ofMinutes(2)).until(
                () -> recorded(api),
                found -> Stream.of(Kind.KEY, Kind.SECRET)
                        .allMatch(kind -> of(kind).values().stream().allMatch(id -> found.containsKey(kind.action + " " + id))));
        assertThat(recorded).allSatisfy((act, times) -> assertThat(times).as(act).isEqualTo(1));
        JsonNode verification = JSON.readTree(trail(api.resolve("/audit/v1/verification")));
        System.out.println("audit records verified: " + verification.path("records").asLong());
        assertThat(verification.path("intact").asBoolean()).as(verification.toString()).isTrue();
    }

    /** What is recorded is counted. */
    private void checkSum(URI api) throws Exception {
        String query = "?period=total&from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z";
        JsonNode sums = JSON.readTree(call(api.resolve("/usage/v1/aggregates" + query), null).body()).path("items");
        assertThat(sums.path(0).path("count").asInt()).isGreaterThanOrEqualTo(of(Kind.USAGE).size());
        assertThat(sums.path(0).path("sum").asText()).isEqualTo(sums.path(0).path("count").asText());
    }

    private Map<String, Integer> recorded(URI api) throws Exception {
        Map<String, Integer> found = new HashMap<>();
        for (String line : trail(api.resolve("/audit/v1/export")).split("\n")) {
            JsonNode record = JSON.readTree(line);
            String action = record.path("action").asText();
            if (action.endsWith(".create")) {
                found.merge(action + " " + record.path("target").asText(), 1, Integer::sum);
            }
        }
        return found;
    }
}

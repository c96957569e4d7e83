// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.itests.TestServer.Answer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Usage and quotas over HTTP. */
@Tag("database")
final class UsageTest {
    private static final String TENANT_A = "0192f0c1-2345-7000-8000-00000000000a";
    private static final String TENANT_B = "0192f0c1-2345-7000-8000-00000000000b";
    private static final String REQUESTS = "gts.hyperspot.core.usage.usage_type.v1~hyperspot.core.usage.requests.v1~";
    private static final String STORED = "gts.hyperspot.core.usage.usage_type.v1~hyperspot.core.usage.stored_bytes.v1~";
    private static final String RECORDS = "/usage/v1/records";
    private static final String QUOTAS = "/usage/v1/quotas";

    @TempDir
    static Path home;

    static TestServer server;
    static String keyA;
    static String keyB;
    static String at;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(home, "modules:\n" + TestServer.tenants(TENANT_A, TENANT_B));
        at = Instant.now().toString();
        keyA = server.newKey(TENANT_A, "gts.*:*");
        keyB = server.newKey(TENANT_B, "gts.*:*");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static ObjectNode record(String id, String subject, String quantity) {
        return server.json.createObjectNode().put("id", id).put("type", REQUESTS).put("subject", subject).put("quantity", quantity).put("at", at);
    }

    private static Answer report(String key, JsonNode... records) throws Exception {
        ObjectNode body = server.json.createObjectNode();
        ArrayNode all = body.putArray("records");
        List.of(records).forEach(all::add);
        return server.send("POST", RECORDS, key, body.toString());
    }

    private static JsonNode get(String key, String path) throws Exception {
        Answer answer = server.send("GET", path, key, null);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static String sum(String key, String subject) throws Exception {
        JsonNode items = get(key, "/usage/v1/aggregates?period=total&subject=" + subject).path("items");
        return items.isEmpty() ? "none" : items.get(0).path("sum").asText();
    }

    private static void problem(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.json().path("code").asText()).isEqualTo(code);
        assertThat(answer.json().path("detail").asText()).isNotEmpty();
    }

    @Test
    void countsWhatItAcknowledgesOnce() throws Exception {
        Answer first = report(keyA, record("once-1", "user:once", "2"), record("once-2", "user:once", "3"));
        assertThat(first.status()).as(first.body()).isEqualTo(202);
        assertThat(first.json().path("accepted").asInt()).isEqualTo(2);
        assertThat(sum(keyA, "user:once")).isEqualTo("5");

        Answer again = report(keyA, record("once-2", "user:once", "3"), record("once-3", "user:once", "1"));
        assertThat(again.status()).isEqualTo(202);
        assertThat(again.json().path("duplicates").asInt()).isEqualTo(1);
        assertThat(sum(keyA, "user:once")).isEqualTo("6");

        Answer corrected = server.send(
                "POST", RECORDS + "/once-1/corrections", keyA, "{\"id\":\"fix-1\",\"difference\":\"-2\",\"reason\":\"test call\"}");
        assertThat(corrected.status()).as(corrected.body()).isEqualTo(202);
        assertThat(sum(keyA, "user:once")).isEqualTo("4");
        problem(
                server.send("POST", RECORDS + "/once-2/corrections", keyA, "{\"id\":\"fix-2\",\"difference\":\"-4\"}"),
                400,
                "INVALID_CORRECTION");
    }

    @Test
    void tellsOfEachRecordThatItRefuses() throws Exception {
        Answer answer = report(
                keyA,
                record("mixed-1", "user:mixed", "1"),
                record("mixed-2", "user:mixed", "lots"),
                record("mixed-3", "user:mixed", "1.5"),
                record("mixed-4", "user:mixed", "1").put("type", "gts.acme.shop.type.v1~"),
                record("mixed-5", "user:mixed", "1").put("tenant_id", TENANT_B),
                record("mixed-6", "user:mixed", "-1"),
                record("mixed-7", "user:mixed", "1").putNull("at"));
        assertThat(answer.status()).as(answer.body()).isEqualTo(207);
        assertThat(answer.json().path("accepted").asInt()).isEqualTo(1);
        assertThat(answer.json().path("rejected").asInt()).isEqualTo(6);
        assertThat(answer.json().path("outcomes")).allSatisfy(outcome -> {
            if (outcome.path("status").asText().equals("rejected")) {
                assertThat(outcome.path("detail").asText()).isNotEmpty();
                assertThat(outcome.path("code").asText()).matches("[A-Z_]+");
            }
        });
        assertThat(sum(keyA, "user:mixed")).isEqualTo("1");
        problem(server.send("POST", RECORDS, keyA, "{\"records\":[]}"), 400, "INVALID_USAGE_REQUEST");
        problem(report(keyA, IntStream.range(0, 1001).mapToObj(i -> record("many-" + i, "", "1")).toArray(JsonNode[]::new)), 400, "TOO_MANY_RECORDS");
        problem(server.send("GET", RECORDS + "?from=yesterday", keyA, null), 400, "INVALID_USAGE_REQUEST");
        problem(server.send("GET", "/usage/v1/aggregates?period=week", keyA, null), 400, "INVALID_USAGE_REQUEST");
    }

    @Test
    void showsATenantNothingOfAnother() throws Exception {
        report(keyA, record("mine", "user:mine", "7"));
        assertThat(get(keyA, RECORDS + "/mine").path("quantity").asText()).isEqualTo("7");
        problem(server.send("GET", RECORDS + "/mine", keyB, null), 404, "RECORD_NOT_FOUND");
        assertThat(sum(keyB, "user:mine")).isEqualTo("none");
        for (String path : List.of(RECORDS, "/usage/v1/aggregates", QUOTAS, "/usage/v1/quota-status")) {
            problem(server.send("GET", path + "?tenant_id=" + TENANT_A, keyB, null), 404, "TENANT_NOT_FOUND");
            assertThat(server.send("GET", path, keyB, null).body()).doesNotContain("user:mine");
        }
        assertThat(get(server.firstKey(), RECORDS + "?tenant_id=" + TENANT_A + "&subject=user:mine").path("items")).hasSize(1);
    }

    @Test
    void pagesBothWays() throws Exception {
        for (int i = 0; i < 5; i++) {
            report(keyA, record("page-" + i, "user:page", "1"));
        }
        String query = RECORDS + "?subject=user:page&$top=2";
        JsonNode first = get(keyA, query);
        JsonNode second = get(keyA, query + "&$skiptoken=" + first.path("page_info").path("next_cursor").asText());
        JsonNode back = get(keyA, query + "&$skiptoken=" + second.path("page_info").path("prev_cursor").asText());
        assertThat(first.path("items")).hasSize(2);
        assertThat(second.path("items").toString()).isNotEqualTo(first.path("items").toString());
        assertThat(back.path("items")).isEqualTo(first.path("items"));
    }

    private static JsonNode quota(String key, String body) throws Exception {
        Answer made = server.send("POST", QUOTAS, key, body);
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        return made.json();
    }

    private static JsonNode status(String key, String quota) throws Exception {
        for (JsonNode each : get(key, "/usage/v1/quota-status").path("items")) {
            if (each.path("quota").path("id").asText().equals(quota)) {
                return each;
            }
        }
        throw new AssertionError("no quota " + quota);
    }

    @Test
    void keepsQuotasAndSaysHowTheyStand() throws Exception {
        report(keyA, record("used-1", "user:limited", "3"));
        String id = quota(keyA, "{\"type\":\"" + REQUESTS + "\",\"subject\":\"user:limited\",\"limit\":\"10\"}").path("id").asText();
        assertThat(status(keyA, id).path("used").asText()).isEqualTo("3");
        assertThat(status(keyA, id).path("left").asText()).isEqualTo("7");
        problem(
                server.send("POST", QUOTAS, keyA, "{\"type\":\"" + REQUESTS + "\",\"subject\":\"user:limited\",\"limit\":\"5\"}"),
                409,
                "QUOTA_EXISTS");
        problem(server.send("POST", QUOTAS, keyA, "{\"type\":\"" + STORED + "\",\"limit\":\"5\"}"), 400, "INVALID_QUOTA");

        String tag = server.send("GET", QUOTAS + "/" + id, keyA, null).header("etag");
        String changed = "{\"type\":\"" + REQUESTS + "\",\"subject\":\"user:limited\",\"limit\":\"4\"}";
        assertThat(server.send("PUT", QUOTAS + "/" + id, keyA, changed).status()).isEqualTo(428);
        assertThat(server.send("PUT", QUOTAS + "/" + id, keyA, changed, "If-Match", tag).status()).isEqualTo(200);
        assertThat(server.send("PUT", QUOTAS + "/" + id, keyA, changed, "If-Match", tag).status()).isEqualTo(412);
        assertThat(status(keyA, id).path("left").asText()).isEqualTo("1");
        assertThat(server.send("GET", QUOTAS + "/" + id, keyB, null).status()).isEqualTo(404);
        assertThat(server.send("DELETE", QUOTAS + "/" + id, keyB, null).status()).isEqualTo(404);
        assertThat(server.send("DELETE", QUOTAS + "/" + id, keyA, null).status()).isEqualTo(204);
        await().until(() -> server.send("GET", "/audit/v1/events?action=quota.*", keyA, null).json().path("items").size() >= 3);
    }

    @Test
    void whomALimitBindsDoesNotLiftIt() throws Exception {
        String above = "{\"tenant_id\":\"" + TENANT_B + "\",\"type\":\"" + REQUESTS + "\",\"period\":\"day\",\"limit\":\"100\"}";
        String id = quota(server.firstKey(), above).path("id").asText();
        assertThat(status(keyB, id).path("quota").path("limit").asText()).isEqualTo("100");
        problem(server.send("DELETE", QUOTAS + "/" + id, keyB, null), 403, "QUOTA_FROM_ABOVE");
    }

    @Test
    void equalBatchesThatRaceCountOnce() throws Exception {
        Callable<Integer> batch = () -> report(keyA, record("race-1", "user:race", "1"), record("race-2", "user:race", "1")).status();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var each : callers.invokeAll(IntStream.range(0, 20).mapToObj(i -> batch).toList())) {
                assertThat(each.get()).isEqualTo(202);
            }
        }
        assertThat(sum(keyA, "user:race")).isEqualTo("2");
    }

    @Test
    void theCommandLineSumsAndLimits() throws Exception {
        ObjectNode body = server.json.createObjectNode();
        body.putArray("records").add(record("cli-1", "user:cli", "4"));
        assertThat(server.post(RECORDS, body.toString()).status()).isEqualTo(202);
        assertThat(HyperSpotProcess.run(home, "usage", "sum", "--subject", "user:cli", "--by", "subject").out())
                .containsPattern(" 4 +1  " + REQUESTS.replace(".", "\\.") + "  user:cli");
        String id = HyperSpotProcess.run(home, "usage", "quotas", "set", REQUESTS, "10", "--subject", "user:cli").out().strip();
        assertThat(HyperSpotProcess.run(home, "usage", "quotas", "list").out()).contains(id, "4 of 10 used, 6 left");
        assertThat(HyperSpotProcess.run(home, "usage", "quotas", "delete", id).out()).contains("deleted " + id);
        HyperSpotProcess.Result wrong = HyperSpotProcess.run(home, "usage", "quotas", "set", REQUESTS, "lots");
        assertThat(wrong.exitCode()).isEqualTo(1);
        assertThat(wrong.err()).contains("'limit' is a decimal number");
        assertThat(HyperSpotProcess.run(home, "usage", "types").out()).contains(REQUESTS);
    }

    private static @Nullable String unit(String type) throws Exception {
        for (JsonNode each : get(keyA, "/usage/v1/types").path("items")) {
            if (each.path("id").asText().equals(type)) {
                return each.path("unit").asText();
            }
        }
        return null;
    }

    @Test
    void listsWhatCanBeReported() throws Exception {
        assertThat(unit(REQUESTS)).isEqualTo("request");
        assertThat(unit(STORED)).isEqualTo("byte");
    }
}

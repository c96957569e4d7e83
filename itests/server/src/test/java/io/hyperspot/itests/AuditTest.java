// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.itests.HyperSpotProcess.Result;
import io.hyperspot.itests.TestServer.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is recorded of what people do, who reads it, and how it shows that it was touched. */
@Tag("database")
final class AuditTest {
    private static final String TENANT_A = "0192f0c1-2345-7000-8000-00000000000a";
    private static final String TENANT_B = "0192f0c1-2345-7000-8000-00000000000b";
    private static final String TENANT_C = "0192f0c1-2345-7000-8000-00000000000c";
    private static final String EVENTS = "/audit/v1/events";
    private static final String MARKER = "mark-of-a-value-4711";

    @TempDir
    static Path home;

    static TestServer server;
    static String keyA;
    static String keyB;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(home, "modules:\n" + TestServer.tenants(TENANT_A, TENANT_B, TENANT_C));
        keyA = server.newKey(TENANT_A, "gts.*:*");
        keyB = server.newKey(TENANT_B, "gts.*:*");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode did(int status, String method, String path, String key, @Nullable String body) throws Exception {
        Answer answer = server.send(method, path, key, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        return answer.body().isEmpty() ? server.json.createObjectNode() : answer.json();
    }

    private static List<JsonNode> events(String key, String query) throws Exception {
        List<JsonNode> found = new ArrayList<>();
        did(200, "GET", EVENTS + "?$top=1000" + query, key, null).path("items").forEach(found::add);
        return found;
    }

    private static JsonNode event(String key, String action, String target) throws Exception {
        return await(action + " of " + target).atMost(Duration.ofSeconds(20)).until(
                () -> events(key, "&action=" + action).stream()
                        .filter(one -> one.path("target").asText().equals(target))
                        .findFirst()
                        .orElse(server.json.nullNode()),
                one -> !one.isNull());
    }

    private static String holdsKey(String key) throws Exception {
        return did(200, "GET", "/auth/v1/session", key, null).path("subject").asText();
    }

    @Test
    void recordsWhoChangedWhat() throws Exception {
        String actor = holdsKey(keyA);
        String role = did(201, "POST", "/authz/v1/roles", keyA, "{\"name\":\"scribe\",\"permissions\":[\"gts.hyperspot.llm.*:invoke\"]}")
                .path("id")
                .asText();
        String policy = did(201, "POST", "/authz/v1/policies", keyA,
                        "{\"name\":\"p\",\"effect\":\"forbid\",\"target\":\"gts.hyperspot.none.*:read\"}")
                .path("id")
                .asText();
        String secret = did(201, "POST", "/credstore/v1/secrets", keyA, "{\"reference\":\"openai\",\"value\":\"" + MARKER + "\"}")
                .path("id")
                .asText();
        did(200, "GET", "/credstore/v1/secrets/openai/value", keyA, null);
        String user = did(201, "POST", "/auth/v1/users", keyA, "{\"name\":\"audited\",\"password\":\"" + MARKER + "\"}").path("id").asText();

        for (List<String> act : List.of(
                List.of("role.create", role),
                List.of("policy.create", policy),
                List.of("secret.create", secret),
                List.of("secret.reveal", secret),
                List.of("user.create", "user:" + user))) {
            JsonNode event = event(keyA, act.getFirst(), act.getLast());
            assertThat(event.path("actor").asText()).isEqualTo(actor);
            assertThat(event.path("outcome").asText()).isEqualTo("done");
        }
        assertThat(events(keyA, "").toString()).doesNotContain(MARKER);
        assertThat(events(keyA, "&action=role.*&actor=" + actor)).extracting(one -> one.path("details").path("name").asText())
                .contains("scribe");
        assertThat(events(keyA, "&outcome=done&from=2100-01-01T00:00:00Z")).isEmpty();
    }

    @Test
    void recordsWhatWasNotAllowed() throws Exception {
        String weak = server.newKey(TENANT_A, "gts.hyperspot.llm.*:invoke");
        Answer refused = server.send("POST", "/authz/v1/roles", weak, "{\"name\":\"x\"}");
        assertThat(refused.status()).isEqualTo(403);
        JsonNode denied = event(keyA, "operation.call", "POST /authz/v1/roles");
        assertThat(denied.path("outcome").asText()).isEqualTo("denied");
        assertThat(denied.path("details").path("request_id").asText()).isEqualTo(refused.header("x-request-id"));

        did(401, "GET", EVENTS, "hs_" + MARKER, null);
        JsonNode guessed = event(server.firstKey(), "credential.check", "GET " + EVENTS);
        assertThat(guessed.toString()).contains("\"denied\"").doesNotContain(MARKER);
    }

    @Test
    void showsATenantNothingOfAnother() throws Exception {
        did(201, "POST", "/authz/v1/roles", keyA, "{\"name\":\"only-of-a\",\"permissions\":[\"gts.hyperspot.llm.*:invoke\"]}");
        String mine = await().until(() -> events(keyA, "&action=role.create"), found -> !found.isEmpty()).getFirst().path("id").asText();
        assertThat(did(404, "GET", EVENTS + "/" + mine, keyB, null).path("code").asText()).isEqualTo("AUDIT_EVENT_NOT_FOUND");
        assertThat(events(keyB, "").toString()).doesNotContain("only-of-a", TENANT_A, mine);
        Answer export = server.send("GET", "/audit/v1/export", keyB, null);
        assertThat(export.body()).contains(TENANT_B).doesNotContain("only-of-a", TENANT_A);
    }

    @Test
    void pagesFromTheNewestToTheOldestAndBack() throws Exception {
        for (int i = 0; i < 5; i++) {
            did(200, "GET", "/audit/v1/events/" + await().until(() -> events(keyB, ""), found -> !found.isEmpty()).getFirst().path("id").asText(), keyB, null);
        }
        List<Long> walked = new ArrayList<>();
        String next = "?$top=2";
        for (int page = 0; page < 3; page++) {
            JsonNode found = did(200, "GET", EVENTS + next, keyB, null);
            found.path("items").forEach(one -> walked.add(one.path("seq").asLong()));
            next = "?$top=2&$skiptoken=" + found.path("page_info").path("next_cursor").asText();
        }
        assertThat(walked).hasSize(6).isSortedAccordingTo((a, b) -> Long.compare(b, a)).doesNotHaveDuplicates();
    }

    @Test
    void refusesWrongQueriesWithAReason() throws Exception {
        for (String query : List.of("?outcome=perhaps", "?from=yesterday", "?$top=0")) {
            Answer answer = server.send("GET", EVENTS + query, keyA, null);
            assertThat(answer.status()).as(query).isEqualTo(400);
            assertThat(answer.json().path("detail").asText()).isNotEmpty();
        }
        assertThat(events(keyA, "&action=%27%20or%20%271%27=%271")).as("a filter is no SQL").isEmpty();
        did(400, "GET", "/audit/v1/export?format=xml", keyA, null);
        did(400, "POST", "/audit/v1/holds", keyA, "{\"reason\":\" \"}");
        did(404, "DELETE", "/audit/v1/holds/" + TENANT_A, keyA, null);
    }

    @Test
    void theCommandLineExportsAndFindsWhatWasTouched(@TempDir Path files) throws Exception {
        did(201, "POST", "/authz/v1/roles", server.firstKey(), "{\"name\":\"exported\",\"permissions\":[\"gts.hyperspot.llm.*:invoke\"]}");
        await().until(() -> events(server.firstKey(), "&action=role.create"), found -> !found.isEmpty());
        Path export = files.resolve("trail.jsonl");
        Result key = cli("audit", "key");
        assertThat(cli("audit", "export", export.toString()).exitCode()).isZero();
        String trusted = key.out().strip();

        Result intact = cli("audit", "verify", export.toString(), "--key", trusted);
        assertThat(intact.out()).as(intact.err()).contains("intact: ");
        assertThat(intact.exitCode()).isZero();

        List<String> lines = Files.readAllLines(export);
        for (int i = 1; i < lines.size(); i++) {
            if (lines.get(i).contains("\"role.create\"")) {
                touched(files, lines, i, lines.get(i).replace("role.create", "role.delete"), trusted, "edited at record");
                touched(files, lines, i, null, trusted, "deleted at record");
                break;
            }
        }
        touched(files, lines, lines.size() - 1, null, trusted, "cut off at record");
        Result other = cli("audit", "verify", export.toString(), "--key", "MCowBQYDK2VwAyEA8qnejqOSWXg7QHuGoaBnV5fQ7ku3tvPa9rBjDDpkk5o=");
        assertThat(other.exitCode()).isEqualTo(1);
        assertThat(cli("audit", "verify").out()).contains("intact: ");
        assertThat(cli("audit", "export", export.toString()).err()).contains("exists already");
        assertThat(cli("audit", "verify", files.resolve("none").toString()).err()).contains("cannot check");
        assertThat(cli("audit", "list", "--action", "role.create").out()).contains("name=exported");
        Path csv = files.resolve("trail.csv");
        assertThat(cli("audit", "export", "--csv", "--action", "role.*", csv.toString()).exitCode()).isZero();
        assertThat(Files.readAllLines(csv)).hasSizeGreaterThan(1).first().asString().startsWith("seq,id,at,actor");
    }

    private static void touched(Path files, List<String> lines, int at, @Nullable String instead, String key, String finding)
            throws Exception {
        List<String> copy = new ArrayList<>(lines);
        copy.remove(at);
        if (instead != null) {
            copy.add(at, instead);
        }
        Path file = Files.write(files.resolve("touched.jsonl"), copy);
        Result found = cli("audit", "verify", file.toString(), "--key", key);
        assertThat(found.out()).as(found.err()).contains(finding, "NOT INTACT");
        assertThat(found.exitCode()).isEqualTo(1);
    }

    @Test
    void erasesAPersonUnlessTheTrailIsHeld() throws Exception {
        String keyC = server.newKey(TENANT_C, "gts.*:*");
        String ada = "user:" + did(201, "POST", "/auth/v1/users", keyC, "{\"name\":\"ada\",\"password\":\"ada reads the audit\"}").path("id").asText();
        event(keyC, "user.create", ada);
        String hold = did(201, "POST", "/audit/v1/holds", keyC, "{\"reason\":\"a lawsuit\"}").path("id").asText();
        ObjectNode person = server.json.createObjectNode().put("subject", ada);
        Answer held = server.send("POST", "/audit/v1/erasures", keyC, person.toString());
        assertThat(held.status()).as(held.body()).isBetween(400, 409);
        assertThat(event(keyC, "user.create", ada).path("details").path("name").asText()).isEqualTo("ada");

        did(204, "DELETE", "/audit/v1/holds/" + hold, keyC, null);
        assertThat(did(200, "POST", "/audit/v1/erasures", keyC, person.toString()).path("keys").asInt()).isPositive();
        assertThat(events(keyC, "&action=user.create")).hasSize(1).allSatisfy(erased -> {
            assertThat(erased.path("details").isNull() || erased.path("details").isMissingNode()).as(erased.toString()).isTrue();
            assertThat(erased.path("target").asText()).isNotEmpty().isNotEqualTo(ada);
        });
        assertThat(server.send("GET", "/audit/v1/export", keyC, null).body()).contains("user.create").doesNotContain("\"ada\"");
        assertThat(did(200, "GET", "/audit/v1/verification", keyC, null).path("intact").asBoolean()).isTrue();
    }

    private static Result cli(String... arguments) throws Exception {
        return HyperSpotProcess.run(home, arguments);
    }
}

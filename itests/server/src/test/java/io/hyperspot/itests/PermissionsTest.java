// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Roles, bindings and policies as callers meet them, and the table of what each built-in role may do:
 * permissions.csv is reviewed by people, and written anew with {@code -Dpermissions.write=true}.
 */
@Tag("database")
final class PermissionsTest {
    private static final Path TABLE = Path.of("src/test/resources/permissions.csv");
    private static final int AT_ONCE = 50;
    private static final List<String> ROLES = List.of("admin", "operator", "member", "auditor", "viewer", "writer", "owner");
    private static final String TENANT_B = "0192f0c1-2345-7000-8000-00000000000b";
    private static final String ROOT = "00000000-0000-7000-8000-000000000001";
    private static final String NOTHING = "gts.nobody.needs.this.*:read";

    @TempDir
    static Path home;

    static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(home, "modules:\n" + TestServer.tenants(TENANT_B));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Those that need a permission, as the table names them. */
    private static Map<String, ApiOperation> operations() throws Exception {
        Map<String, ApiOperation> named = new TreeMap<>();
        for (ApiOperation operation : ApiOperation.all(server.send("GET", "/openapi.json", null, null).json())) {
            if (!operation.isOpen()) {
                named.put(operation.path() + " " + operation.method(), operation);
            }
        }
        return named;
    }

    private static String permission(ApiOperation operation) {
        return operation.document().path("x-permission").asText();
    }

    private static String principal(String key) {
        // as the access log shows it
        return "key:" + key.substring(0, 11);
    }

    private static JsonNode created(TestServer.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.json();
    }

    private static String bind(String principal, String role) throws Exception {
        return created(server.post("/authz/v1/bindings", "{\"principal\":\"" + principal + "\",\"role\":\"" + role + "\"}"))
                .path("id")
                .asText();
    }

    private static void delete(String path) throws Exception {
        assertThat(server.send("DELETE", path, server.firstKey(), null).status()).isEqualTo(204);
    }

    private static int status(String key, String path, String... headers) throws Exception {
        return server.send("GET", path, key, null, headers).status();
    }

    @Test
    void everyOperationAnswersEveryBuiltInRoleAsTheTableSays() throws Exception {
        Map<String, ApiOperation> operations = operations();
        List<String> permissions =
                operations.values().stream().map(PermissionsTest::permission).toList();
        List<String> lines = new ArrayList<>(List.of("operation,permission," + String.join(",", ROLES)));
        List<List<JsonNode>> answers = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (String role : ROLES) {
            String key = server.newKey(ROOT, NOTHING);
            keys.add(key);
            bind(principal(key), role);
            answers.add(decisions(key, permissions));
        }
        int row = 0;
        for (Map.Entry<String, ApiOperation> operation : operations.entrySet()) {
            StringBuilder line = new StringBuilder(operation.getKey()).append(',').append(permissions.get(row));
            for (int i = 0; i < ROLES.size(); i++) {
                boolean allowed = answers.get(i).get(row).path("decision").booleanValue();
                line.append(allowed ? ",allowed" : ",denied");
                if (!allowed) {
                    assertThat(operation.getValue().knock(server, keys.get(i)).status()).as("%s as %s", operation.getKey(), ROLES.get(i)).isEqualTo(403);
                }
            }
            lines.add(line.toString());
            row++;
        }
        if (Boolean.getBoolean("permissions.write")) {
            Files.write(TABLE, lines);
        }
        assertThat(lines).isEqualTo(Files.readAllLines(TABLE));
        assertThat(status(keys.get(ROLES.indexOf("viewer")), "/plugins/v1/plugins")).isEqualTo(200);
        assertThat(status(keys.get(ROLES.indexOf("member")), "/openai/v1/models")).isEqualTo(200);
    }

    /** As many at once as are taken. */
    private static List<JsonNode> decisions(String key, List<String> permissions) throws Exception {
        List<JsonNode> all = new ArrayList<>();
        for (int from = 0; from < permissions.size(); from += AT_ONCE) {
            ObjectNode request = server.json.createObjectNode();
            request.putObject("subject").put("id", principal(key));
            ArrayNode questions = request.putArray("evaluations");
            permissions.subList(from, Math.min(from + AT_ONCE, permissions.size())).forEach(permission -> {
                int colon = permission.lastIndexOf(':');
                ObjectNode question = questions.addObject();
                question.putObject("action").put("name", permission.substring(colon + 1));
                question.putObject("resource").put("type", permission.substring(0, colon));
            });
            server.post("/authz/v1/decisions", request.toString()).json().path("evaluations").forEach(all::add);
        }
        assertThat(all).hasSameSizeAs(permissions);
        return all;
    }

    @Test
    void aRoleAndItsBindingWorkFromTheNextRequestOnAndEndWithIt() throws Exception {
        TestServer.Answer answer = server.post(
                "/authz/v1/roles", "{\"name\":\"plugin-reader\",\"permissions\":[\"gts.hyperspot.core.plugins.*:read\"]}");
        String role = created(answer).path("id").asText();
        String path = "/authz/v1/roles/" + role;
        String key = server.newKey(ROOT, NOTHING);
        assertThat(status(key, "/plugins/v1/plugins")).isEqualTo(403);
        String binding = bind(principal(key), role);
        assertThat(status(key, "/plugins/v1/plugins")).isEqualTo(200);
        assertThat(status(key, "/authz/v1/roles")).isEqualTo(403);

        String question = "{\"subject\":{\"type\":\"key\",\"id\":\"" + principal(key).substring(4)
                + "\"},\"action\":{\"name\":\"read\"},\"resource\":{\"type\":\"gts.hyperspot.core.plugins.*\"}}";
        JsonNode explained = server.post("/authz/v1/decisions/explain", question).json();
        assertThat(explained.path("decision").booleanValue()).isTrue();
        assertThat(explained.at("/context/rule").asText()).isEqualTo("role plugin-reader by binding " + binding);
        assertThat(server.post("/authz/v1/decisions", question).json().at("/context/rule").isMissingNode()).isTrue();

        String changed = "{\"name\":\"plugin-reader\",\"permissions\":[\"gts.hyperspot.core.authz.*:read\"]}";
        assertThat(server.send("PUT", path, server.firstKey(), changed).status()).isEqualTo(428);
        assertThat(server.send("PUT", path, server.firstKey(), changed, "If-Match", "\"7\"").status()).isEqualTo(412);
        assertThat(server.send("PUT", path, server.firstKey(), changed, "If-Match", answer.header("ETag")).status()).isEqualTo(200);
        assertThat(status(key, "/plugins/v1/plugins")).isEqualTo(403);
        assertThat(status(key, "/authz/v1/roles")).isEqualTo(200);
        assertThat(server.send("DELETE", path, server.firstKey(), null).status()).isEqualTo(400);
        delete("/authz/v1/bindings/" + binding);
        assertThat(status(key, "/authz/v1/roles")).isEqualTo(403);
        delete(path);
    }

    @Test
    void nobodyGrantsMoreThanTheyHoldOrToAnotherTenant() throws Exception {
        String small = server.newKey(ROOT, "gts.hyperspot.core.authz.*:*");
        String more = "{\"name\":\"more\",\"permissions\":[\"gts.*:*\"]}";
        TestServer.Answer refused = server.send("POST", "/authz/v1/roles", small, more);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.json().path("code").asText()).isEqualTo("GRANT_NOT_HELD");
        String self = "{\"principal\":\"" + principal(small) + "\",\"role\":\"admin\"}";
        assertThat(server.send("POST", "/authz/v1/bindings", small, self).status()).isEqualTo(403);
        assertThat(server.post(
                                "/authz/v1/bindings",
                                "{\"principal\":\"user:x\",\"role\":\"viewer\",\"tenant_id\":\"" + TENANT_B + "\"}")
                        .status())
                .isEqualTo(400);
        assertThat(server.post("/authz/v1/roles", "{\"name\":\"x\",\"permissions\":[\"gts.*:read\"],\"built_in\":true}").status())
                .isEqualTo(400);
    }

    @Test
    void noTenantSeesTheRulesOfAnother() throws Exception {
        String keyB = server.newKey(TENANT_B, "gts.*:*");
        Map<String, String> bodies = Map.of(
                "roles", "{\"name\":\"of-b\",\"permissions\":[\"gts.*:read\"]}",
                "bindings", "{\"principal\":\"user:of-b\",\"role\":\"viewer\"}",
                "policies", "{\"name\":\"of-b\",\"effect\":\"forbid\",\"target\":\"gts.*:delete\",\"principal\":\"user:of-b\"}");
        for (Map.Entry<String, String> entry : bodies.entrySet()) {
            String all = "/authz/v1/" + entry.getKey();
            TestServer.Answer theirs = server.send("POST", all, keyB, entry.getValue());
            String one = all + "/" + created(theirs).path("id").asText();
            assertThat(server.send("GET", one, keyB, null).status()).isEqualTo(200);
            assertThat(server.get(one).status()).isEqualTo(404);
            assertThat(server.get(all).body()).doesNotContain("of-b");
            assertThat(server.get(all + "?$filter=id%20eq%20'" + one.substring(all.length() + 1) + "'").json().path("items"))
                    .isEmpty();
            assertThat(server.send("DELETE", one, server.firstKey(), null).status()).isEqualTo(404);
            if (!entry.getKey().equals("bindings")) {
                assertThat(server.send("PUT", one, server.firstKey(), entry.getValue(), "If-Match", "*").status()).isEqualTo(404);
            }
        }
        String question = "{\"subject\":{\"id\":\"user:of-b\"},\"action\":{\"name\":\"read\"},\"resource\":{\"type\":\"gts.hyperspot.llm.*\"}}";
        assertThat(server.send("POST", "/authz/v1/decisions/explain", keyB, question).json().path("decision").booleanValue()).isTrue();
        assertThat(server.post("/authz/v1/decisions/explain", question).json().path("decision").booleanValue()).isFalse();
        assertThat(server.post("/authz/v1/decisions", question).json().path("decision").booleanValue()).isFalse();
    }

    @Test
    void policiesForbidAndTheAddressIsThatOfTheConnection() throws Exception {
        String key = server.newKey(ROOT, "gts.*:*");
        String forbid = policy("no-models", "forbid", key, "\"target\":\"gts.hyperspot.llm.*:*\"");
        TestServer.Answer refused = server.send("GET", "/plugins/v1/plugins", key, null);
        assertThat(refused.status()).isEqualTo(200);
        assertThat(status(key, "/openai/v1/models")).isEqualTo(403);
        TestServer.Answer wayAround = newKey(key, "gts.hyperspot.llm.*:read");
        assertThat(wayAround.status()).isEqualTo(403);
        assertThat(wayAround.json().path("code").asText()).isEqualTo("SCOPE_NOT_HELD");
        assertThat(newKey(key, "gts.*:*").status()).isEqualTo(403);
        assertThat(newKey(key, "gts.hyperspot.core.plugins.*:read").status()).isEqualTo(201);
        delete("/authz/v1/policies/" + forbid);
        assertThat(status(key, "/openai/v1/models")).isEqualTo(200);

        String elsewhere = policy("elsewhere", "restrict", key, "\"addresses\":[\"192.0.2.0/24\"]");
        assertThat(status(key, "/openai/v1/models")).isEqualTo(403);
        assertThat(status(key, "/openai/v1/models", "X-Forwarded-For", "192.0.2.1")).isEqualTo(403);
        assertThat(status(key, "/openai/v1/models", "Forwarded", "for=192.0.2.1")).isEqualTo(403);
        delete("/authz/v1/policies/" + elsewhere);
        String here = policy("here", "restrict", key, "\"addresses\":[\"127.0.0.1\",\"::1\"]");
        assertThat(status(key, "/openai/v1/models")).isEqualTo(200);
        delete("/authz/v1/policies/" + here);

        String failing = policy("failing", "forbid", key, "\"condition\":\"resource.properties.level > 3\"");
        assertThat(status(key, "/openai/v1/models")).isEqualTo(403);
        assertThat(server.get("/health/ready").body()).contains("failing");
        delete("/authz/v1/policies/" + failing);
    }

    private static TestServer.Answer newKey(String key, String scope) throws Exception {
        return server.send("POST", "/security/v1/api-keys", key, "{\"name\":\"k\",\"scopes\":[\"" + scope + "\"]}");
    }

    @Test
    void nobodyShutsThemselvesOutByMistake() throws Exception {
        String all = "{\"name\":\"nobody\",\"effect\":\"restrict\",\"addresses\":[\"192.0.2.0/24\"]}";
        TestServer.Answer refused = server.post("/authz/v1/policies", all);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("code").asText()).isEqualTo("POLICY_CONCERNS_CALLER");
        assertThat(server.get("/authz/v1/policies").status()).isEqualTo(200);
    }

    @Test
    void hasCommands() throws Exception {
        String key = server.newKey(ROOT, NOTHING);
        String role = run("create", "by-command", "--permission", "gts.hyperspot.core.plugins.*:read", "--description", "Reads");
        assertThat(run("list")).contains(role, "by-command", "built-in admin");
        assertThat(run("show", role)).contains("\"gts.hyperspot.core.plugins.*:read\"");
        assertThat(status(key, "/plugins/v1/plugins")).isEqualTo(403);
        String binding = run("bind", role, principal(key), "--expires-in-days", "1");
        assertThat(status(key, "/plugins/v1/plugins")).isEqualTo(200);
        assertThat(run("explain", principal(key), "gts.hyperspot.core.plugins.*:read"))
                .isEqualTo("allowed: role by-command by binding " + binding);
        HyperSpotProcess.Result denied =
                HyperSpotProcess.run(home, "roles", "explain", principal(key), "gts.hyperspot.core.plugins.*:write");
        assertThat(denied.exitCode()).isEqualTo(1);
        assertThat(denied.out()).startsWith("denied: ");
        assertThat(HyperSpotProcess.run(home, "roles", "delete", role).err()).contains("is bound");
        assertThat(run("unbind", binding)).isEqualTo("removed " + binding);
        assertThat(status(key, "/plugins/v1/plugins")).isEqualTo(403);
        assertThat(run("delete", role)).isEqualTo("deleted " + role);
        assertThat(HyperSpotProcess.run(home, "roles", "show", role).err()).contains("no such role");
    }

    private static String run(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("roles"));
        all.addAll(List.of(arguments));
        HyperSpotProcess.Result result = HyperSpotProcess.run(home, all.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result.out().strip();
    }

    private static String policy(String name, String effect, @Nullable String key, String rest) throws Exception {
        String principal = key == null ? "" : "\"principal\":\"" + principal(key) + "\",";
        return created(server.post(
                        "/authz/v1/policies", "{\"name\":\"" + name + "\",\"effect\":\"" + effect + "\"," + principal + rest + "}"))
                .path("id")
                .asText();
    }

    @Test
    void givesPagesOfRoles() throws Exception {
        JsonNode first = server.get("/authz/v1/roles?$top=3").json();
        assertThat(first.path("items")).hasSize(3);
        String next = first.at("/page_info/next_cursor").asText();
        JsonNode second = server.get("/authz/v1/roles?$top=3&$skiptoken=" + next).json();
        assertThat(second.path("items").findValuesAsText("id")).doesNotContainAnyElementsOf(first.path("items").findValuesAsText("id"));
        assertThat(server.get("/authz/v1/roles?$filter=built_in%20eq%20true").json().path("items")).hasSize(ROLES.size());
        assertThat(server.get("/authz/v1/roles/admin").json().path("built_in").booleanValue()).isTrue();
        assertThat(server.send("DELETE", "/authz/v1/roles/admin", server.firstKey(), null).status()).isEqualTo(400);
    }
}

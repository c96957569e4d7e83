// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tenants over HTTP, in three levels: below the root Acme and Bravo, below Acme Berlin, below Berlin
 * Cellar; and below Acme Self, which manages itself, with Sub.
 */
@Tag("database")
final class TenantsTest {
    private static final String TENANTS = "/tenant-resolver/v1/tenants";
    private static final String ROOT = "00000000-0000-7000-8000-000000000001";
    private static final String NOBODY = "0192f0c1-2345-7000-8000-0000000000ff";
    private static final String ALL = "gts.*:*";

    @TempDir
    static Path home;

    static TestServer server;
    static String acme;
    static String bravo;
    static String berlin;
    static String cellar;
    static String self;
    static String sub;
    static String keyAcme;
    static String keyBravo;
    static String keyBerlin;
    static String keyCellar;
    static String keySelf;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(home, "modules: {}\n");
        acme = create(server.firstKey(), "Acme", null, false);
        bravo = create(server.firstKey(), "Bravo", null, false);
        keyAcme = key(server.firstKey(), acme, "");
        keyBravo = key(server.firstKey(), bravo, "");
        berlin = create(keyAcme, "Berlin", null, false);
        keyBerlin = key(keyAcme, berlin, "");
        cellar = create(keyAcme, "Cellar", berlin, false);
        keyCellar = key(server.firstKey(), cellar, "");
        self = create(keyAcme, "Self", null, true);
        keySelf = key(server.firstKey(), self, "?barrier_mode=ignore");
        sub = create(keySelf, "Sub", null, false);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String create(String key, String name, @Nullable String parent, boolean selfManaged) throws Exception {
        ObjectNode request = server.json.createObjectNode().put("name", name).put("self_managed", selfManaged);
        if (parent != null) {
            request.put("parent_id", parent);
        }
        TestServer.Answer created = server.send("POST", TENANTS, key, request.toString());
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        assertThat(created.header("location")).endsWith(TENANTS + "/" + created.json().path("id").asText());
        return created.json().path("id").asText();
    }

    private static TestServer.Answer newKey(String key, String tenant, String query) throws Exception {
        return server.send(
                "POST",
                "/security/v1/api-keys" + query,
                key,
                server.json.createObjectNode().put("name", "k").put("tenant_id", tenant).set("scopes", server.json.createArrayNode().add(ALL)).toString());
    }

    private static String key(String key, String tenant, String query) throws Exception {
        TestServer.Answer created = newKey(key, tenant, query);
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        return created.json().path("secret").asText();
    }

    private static TestServer.Answer get(String key, String path) throws Exception {
        return server.send("GET", TENANTS + path, key, null);
    }

    private static List<String> ids(TestServer.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().path("items").findValuesAsText("id");
    }

    private static void problem(TestServer.Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.json().path("code").asText()).isEqualTo(code);
    }

    @Test
    void showsEachCallerItsOwnSubtreeAndNothingElse() throws Exception {
        assertThat(ids(get(keyAcme, ""))).containsExactly(acme, berlin, cellar);
        assertThat(ids(get(keyBerlin, ""))).containsExactly(berlin, cellar);
        assertThat(ids(get(keyCellar, ""))).containsExactly(cellar);
        assertThat(ids(get(keyBravo, ""))).containsExactly(bravo);
        assertThat(ids(get(keySelf, ""))).containsExactly(self, sub);
        assertThat(ids(get(server.firstKey(), ""))).contains(ROOT, acme, bravo, berlin, cellar).doesNotContain(self, sub);
        assertThat(get(keyBerlin, "").body()).as("not even the parent's id").doesNotContain(acme);

        record Foreign(String key, List<String> ids) {}
        List<Foreign> foreign = List.of(
                new Foreign(keyAcme, List.of(ROOT, bravo, self, sub, NOBODY, "nonsense")),
                new Foreign(keyBravo, List.of(ROOT, acme, berlin, cellar, self, sub)),
                new Foreign(keyCellar, List.of(ROOT, acme, berlin)),
                new Foreign(keySelf, List.of(ROOT, acme, berlin)));
        for (Foreign caller : foreign) {
            for (String id : caller.ids()) {
                for (String below : List.of("", "/children", "/ancestors", "/descendants")) {
                    problem(get(caller.key(), "/" + id + below), 404, "TENANT_NOT_FOUND");
                }
                problem(server.send("POST", TENANTS + "/" + id + "/suspend", caller.key(), null), 404, "TENANT_NOT_FOUND");
                problem(server.send("POST", TENANTS + "/" + id + "/resume", caller.key(), null), 404, "TENANT_NOT_FOUND");
                problem(server.send("DELETE", TENANTS + "/" + id, caller.key(), null), 404, "TENANT_NOT_FOUND");
                problem(server.send("DELETE", TENANTS + "/" + id + "?hard=true", caller.key(), null), 404, "TENANT_NOT_FOUND");
                problem(server.send("PATCH", TENANTS + "/" + id, caller.key(), "{\"name\":\"x\"}", "If-Match", "*"), 404, "TENANT_NOT_FOUND");
                problem(server.send("POST", TENANTS, caller.key(), "{\"name\":\"x\",\"parent_id\":\"" + id + "\"}"), 404, "TENANT_NOT_FOUND");
                problem(newKey(caller.key(), id, ""), 404, "TENANT_NOT_FOUND");
            }
        }
    }

    @Test
    void walksByTheBarrierMode() throws Exception {
        String first = server.firstKey();
        assertThat(ids(get(keyAcme, "/" + acme + "/descendants"))).containsExactly(berlin, cellar);
        assertThat(ids(get(keyAcme, "/" + acme + "/descendants?max_depth=1"))).containsExactly(berlin);
        assertThat(ids(get(keyAcme, "/" + acme + "/children"))).containsExactly(berlin);
        assertThat(ids(get(keyAcme, "/" + cellar + "/ancestors"))).containsExactly(berlin, acme);
        assertThat(ids(get(keySelf, "/" + sub + "/ancestors"))).containsExactly(self);
        assertThat(ids(get(first, "/" + acme + "/descendants?barrier_mode=ignore"))).containsExactly(berlin, cellar, self, sub);
        assertThat(ids(get(first, "/" + sub + "/ancestors?barrier_mode=ignore"))).containsExactly(self, acme, ROOT);
        // whatever else a tenant in the middle may do
        problem(get(keyAcme, "/" + acme + "/descendants?barrier_mode=ignore"), 403, "BARRIER");
        problem(newKey(keyAcme, self, "?barrier_mode=ignore"), 403, "BARRIER");
        assertThat(get(first, "/" + acme + "/descendants?barrier_mode=maybe").status()).isEqualTo(400);
        assertThat(get(first, "/" + acme + "/descendants?max_depth=0").status()).isEqualTo(400);
    }

    @Test
    void letsNobodyOfAStoppedTenantInFromTheNextRequestOn() throws Exception {
        String north = create(keyBravo, "North", null, false);
        String keyNorth = key(keyBravo, north, "");
        assertThat(get(keyNorth, "").status()).isEqualTo(200);
        for (int i = 0; i < 5; i++) {
            assertThat(server.send("POST", TENANTS + "/" + bravo + "/suspend", server.firstKey(), null).status()).isEqualTo(200);
            problem(get(keyNorth, ""), 403, "TENANT_SUSPENDED");
            problem(get(keyBravo, ""), 403, "TENANT_SUSPENDED");
            assertThat(get(keyAcme, "").status()).isEqualTo(200);
            assertThat(server.send("POST", TENANTS + "/" + bravo + "/resume", server.firstKey(), null).status()).isEqualTo(200);
            assertThat(get(keyNorth, "").status()).isEqualTo(200);
        }
        assertThat(server.send("DELETE", TENANTS + "/" + north, keyBravo, null).status()).isEqualTo(204);
        problem(get(keyNorth, ""), 403, "TENANT_DELETED");
        assertThat(get(keyBravo, "/" + north).json().path("status").asText()).isEqualTo("deleted");
        problem(newKey(keyBravo, north, ""), 400, "TENANT_NOT_ACTIVE");
        assertThat(server.send("POST", TENANTS + "/" + north + "/resume", keyBravo, null).status()).isEqualTo(200);
        assertThat(get(keyNorth, "").status()).isEqualTo(200);
        problem(server.send("DELETE", TENANTS + "/" + north + "?hard=true", keyBravo, null), 400, "TENANT_NOT_DELETED");
        assertThat(server.send("DELETE", TENANTS + "/" + north, keyBravo, null).status()).isEqualTo(204);
        assertThat(server.send("DELETE", TENANTS + "/" + north + "?hard=true", keyBravo, null).status()).isEqualTo(204);
        problem(get(keyBravo, "/" + north), 404, "TENANT_NOT_FOUND");
        problem(get(keyNorth, ""), 403, "TENANT_DELETED");
    }

    @Test
    void stopsNeitherTheRootNorItself() throws Exception {
        for (String call : List.of("POST /suspend", "DELETE ", "DELETE ?hard=true")) {
            String[] words = call.split(" ", 2);
            problem(server.send(words[0], TENANTS + "/" + ROOT + words[1], server.firstKey(), null), 400, "ROOT_TENANT");
            problem(server.send(words[0], TENANTS + "/" + acme + words[1], keyAcme, null), 400, "OWN_TENANT");
        }
    }

    @Test
    void renamesWhatIsAsItWasSeen() throws Exception {
        String id = create(keyAcme, "Renamed", null, false);
        TestServer.Answer seen = get(keyAcme, "/" + id);
        String tag = seen.header("etag");
        assertThat(server.send("GET", TENANTS + "/" + id, keyAcme, null, "If-None-Match", tag).status()).isEqualTo(304);
        assertThat(rename(id, "Again", null).status()).isEqualTo(428);
        TestServer.Answer renamed = rename(id, "Again", tag);
        assertThat(renamed.status()).as(renamed.body()).isEqualTo(200);
        assertThat(renamed.json().path("name").asText()).isEqualTo("Again");
        problem(rename(id, "Late", tag), 412, "TENANT_CHANGED");
        problem(rename(id, "Berlin", renamed.header("etag")), 409, "TENANT_NAME_TAKEN");
        problem(rename(id, "Ber\u202elin", renamed.header("etag")), 400, "INVALID_TENANT_NAME");
        server.send("DELETE", TENANTS + "/" + id, keyAcme, null);
        server.send("DELETE", TENANTS + "/" + id + "?hard=true", keyAcme, null);
    }

    private static TestServer.Answer rename(String id, String name, @Nullable String tag) throws Exception {
        String body = server.json.createObjectNode().put("name", name).toString();
        return tag == null
                ? server.send("PATCH", TENANTS + "/" + id, keyAcme, body)
                : server.send("PATCH", TENANTS + "/" + id, keyAcme, body, "If-Match", tag, "Content-Type", "application/json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{}",
                "{\"name\":\"\"}",
                "{\"name\":\"A\u0441me\"}",
                "{\"name\":\"a\\u0000b\"}",
                "{\"name\":7,\"type\":\"X Y\"}",
                "{\"name\":\"x\",\"status\":\"active\"}",
                "{\"name\":\"x\",\"id\":\"00000000-0000-7000-8000-000000000001\"}",
                "[]",
                "{",
            })
    void refusesMalformedTenants(String body) throws Exception {
        assertThat(server.send("POST", TENANTS, keyBravo, body).status()).as(body).isEqualTo(400);
        assertThat(ids(get(keyBravo, "/" + bravo + "/children"))).isEmpty();
    }

    @Test
    void givesPagesAndFilters() throws Exception {
        TestServer.Answer page = get(keyAcme, "?$top=1&$orderby=name%20desc");
        assertThat(ids(page)).containsExactly(cellar);
        String next = page.json().at("/page_info/next_cursor").asText();
        assertThat(ids(get(keyAcme, "?$top=1&$orderby=name%20desc&$skiptoken=" + next))).containsExactly(berlin);
        assertThat(ids(get(keyAcme, "?$filter=name%20eq%20'Berlin'"))).containsExactly(berlin);
        assertThat(ids(get(keyAcme, "?$filter=parent_id%20eq%20'" + ROOT + "'"))).as("no filter finds what is not shown").isEmpty();
        problem(get(keyBravo, "?$top=1&$orderby=name%20desc&$skiptoken=x"), 400, "INVALID_QUERY");
    }

    @Test
    void showsTypesOnThreeLevelsDownToTheBarrier() throws Exception {
        String type = "gts.acmecorp.shop.tree.order.v1~";
        String path = "/types-registry/v1/entities/" + type.replace("~", "%7E");
        JsonNode schema = server.json.readTree("{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"$id\":\"gts://" + type + "\",\"type\":\"object\"}");
        assertThat(server.send("PUT", path, keyAcme, schema.toString()).status()).isEqualTo(201);
        for (String below : List.of(keyBerlin, keyCellar)) {
            assertThat(server.send("GET", path, below, null).status()).isEqualTo(200);
        }
        for (String other : List.of(keyBravo, keySelf, server.firstKey())) {
            assertThat(server.send("GET", path, other, null).status()).isEqualTo(404);
        }
    }

    @Test
    void hasCommands() throws Exception {
        String id = HyperSpotProcess.run(home, "tenants", "create", "By command", "--parent", acme, "--type", "reseller").out().strip();
        assertThat(HyperSpotProcess.run(home, "tenants", "list").out()).contains(id, "By command");
        assertThat(HyperSpotProcess.run(home, "tenants", "rename", id, "Other name").out()).contains("Other name");
        assertThat(HyperSpotProcess.run(home, "tenants", "suspend", id).out()).contains("suspended");
        assertThat(HyperSpotProcess.run(home, "tenants", "resume", id).out()).contains("active");
        assertThat(HyperSpotProcess.run(home, "tenants", "show", id).out()).contains("\"reseller\"");
        assertThat(HyperSpotProcess.run(home, "tenants", "delete", id).out()).contains("deleted " + id);
        assertThat(HyperSpotProcess.run(home, "tenants", "delete", id, "--hard").out()).contains("removed " + id);
        assertThat(HyperSpotProcess.run(home, "tenants", "show", id).err()).contains("There is no tenant");
    }
}

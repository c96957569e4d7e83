// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The types registry as tenants use it. */
@Tag("database")
final class TypesRegistryTest {
    private static final String ENTITIES = "/types-registry/v1/entities";
    private static final String TENANT_A = "0192f0c1-2345-7000-8000-0000000000aa";
    private static final String TENANT_B = "0192f0c1-2345-7000-8000-0000000000bb";
    private static final String TENANT_C = "0192f0c1-2345-7000-8000-0000000000cc";
    private static final String PLUGIN = "gts.hyperspot.core.modkit.plugin.v1~";

    @TempDir
    static Path home;

    static TestServer server;
    static String keyA;
    static String keyB;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(home, "modules:\n" + TestServer.tenants(TENANT_A, TENANT_B, TENANT_C));
        keyA = server.newKey(TENANT_A, "gts.hyperspot.core.types_registry.*:*");
        keyB = server.newKey(TENANT_B, "gts.hyperspot.core.types_registry.*:*");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void registersOneAndFindsItAgain() throws Exception {
        String id = "gts.acme.shop.single.order.v1~";
        TestServer.Answer created = put(keyA, id, type(id, "\"properties\":{\"n\":{\"type\":\"integer\"}}"));
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json().path("gts_id").asText()).isEqualTo(id);
        assertThat(created.json().path("scope").asText()).isEqualTo("tenant");
        assertThat(put(keyA, id, type(id, "\"properties\":{\"n\":{\"type\":\"integer\"}}")).status()).isEqualTo(200);

        TestServer.Answer got = get(keyA, path(id));
        assertThat(got.json().at("/content/$id").asText()).isEqualTo("gts://" + id);
        String tag = got.header("etag");
        assertThat(server.send("GET", path(id), keyA, null, "If-None-Match", tag).status()).isEqualTo(304);

        TestServer.Answer other = put(keyA, id, type(id, "\"properties\":{\"n\":{\"type\":\"string\"}}"));
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.json().path("code").asText()).isEqualTo("TYPES_REGISTRY_ALREADY_EXISTS");
        assertThat(other.json().path("detail").asText()).contains("next version");
    }

    @Test
    void deprecatesAndDeletesWithIfMatch() throws Exception {
        String id = "gts.acme.shop.life.order.v1~";
        String tag = put(keyA, id, type(id, "\"title\":\"x\"")).header("etag");
        String status = path(id) + "/status";

        assertThat(server.send("PUT", status, keyA, "{\"status\":\"deprecated\"}").status()).isEqualTo(428);
        TestServer.Answer deprecated = server.send("PUT", status, keyA, "{\"status\":\"deprecated\"}", "If-Match", tag, "Content-Type", "application/json");
        assertThat(deprecated.status()).isEqualTo(200);
        assertThat(deprecated.json().path("status").asText()).isEqualTo("deprecated");
        assertThat(server.send("DELETE", path(id), keyA, null, "If-Match", tag).status()).isEqualTo(412);
        assertThat(server.send("DELETE", path(id), keyA, null, "If-Match", deprecated.header("etag")).status()).isEqualTo(204);
        assertThat(get(keyA, path(id)).status()).isEqualTo(404);
        assertThat(get(keyA, ENTITIES + "?status=deleted").json().path("items").findValuesAsText("gts_id")).contains(id);
    }

    @Test
    void registersABatchAndSaysWhatIsWrongWithEach() throws Exception {
        String base = "gts.acme.shop.batch.order.v1~";
        String derived = base + "acme.shop._.rush.v1~";
        String bad = base + "acme.shop._.wide.v1~";
        String batch = "{\"entities\":["
                + type(derived, "\"allOf\":[{\"$ref\":\"gts://" + base + "\"}]") + ","
                + type(bad, "\"properties\":{\"n\":{\"type\":\"string\"}}") + ","
                + type(base, "\"properties\":{\"n\":{\"type\":\"integer\"}}") + ","
                + "{\"id\":\"" + derived + "acme.shop._.one.v1\",\"n\":\"many\"}]}";

        TestServer.Answer atomic = server.send("POST", ENTITIES + "?atomic=true", keyA, batch);
        assertThat(atomic.status()).isEqualTo(422);
        assertThat(atomic.json().path("code").asText()).isEqualTo("TYPES_REGISTRY_BATCH_REFUSED");
        assertThat(get(keyA, path(base)).status()).isEqualTo(404);
        TestServer.Answer dry = server.send("POST", ENTITIES + "?dry_run=true", keyA, batch);
        assertThat(dry.json().at("/summary/succeeded").asInt()).isEqualTo(2);
        assertThat(get(keyA, path(base)).status()).isEqualTo(404);

        JsonNode answer = server.send("POST", ENTITIES, keyA, batch).json();
        assertThat(answer.path("summary").toString()).isEqualTo("{\"total\":4,\"succeeded\":2,\"failed\":2}");
        assertThat(answer.at("/results/0/status").asText()).isEqualTo("ok");
        assertThat(answer.at("/results/1/violations/0/pointer").asText()).isEqualTo("/properties/n/type");
        assertThat(answer.at("/results/3/code").asText()).isEqualTo("TYPES_REGISTRY_VALIDATION_FAILED");
        assertThat(answer.at("/results/3/violations/0/pointer").asText()).isEqualTo("/n");
        assertThat(get(keyA, path(derived)).status()).isEqualTo(200);
    }

    @Test
    void noTenantSeesOrChangesTheTypesOfAnother() throws Exception {
        String id = "gts.alpha.secret.plans.plan.v1~";
        String instance = id + "alpha.secret._.first.v1";
        String tag = put(keyA, id, type(id, "\"title\":\"SECRET\"")).header("etag");
        put(keyA, instance, "{\"id\":\"" + instance + "\",\"note\":\"SECRET\"}");

        for (String key : List.of(keyB, server.firstKey())) {
            assertThat(get(key, path(id)).status()).isEqualTo(404);
            for (String seen : List.of(
                    ENTITIES + "?$top=1000",
                    ENTITIES + "?pattern=gts.alpha.*",
                    ENTITIES + "?status=active",
                    "/types-registry/v1/export?scope=all",
                    "/gts/entities",
                    "/gts/entities/" + encode(id),
                    "/gts/query?expr=" + encode("gts.alpha.*"),
                    "/gts/attr?gts_with_path=" + encode(instance + "@note"),
                    "/gts/resolve-relationships?gts_id=" + encode(instance),
                    "/gts/compatibility?old_type_id=" + encode(id) + "&new_type_id=" + encode(id))) {
                assertThat(get(key, seen).body()).as(seen).doesNotContain("SECRET");
            }
            assertThat(server.send("POST", "/gts/validate-entity", key, "{\"entity_id\":\"" + instance + "\"}").body())
                    .contains("not registered");
            assertThat(server.send("POST", "/gts/cast", key, "{\"instance_id\":\"" + instance + "\",\"to_type_id\":\"" + id + "\"}").body())
                    .doesNotContain("SECRET");
            assertThat(server.send("DELETE", path(id), key, null, "If-Match", tag).status()).isEqualTo(404);
        }
        TestServer.Answer foreign = put(keyB, "gts.alpha.other.plans.plan.v1~", type("gts.alpha.other.plans.plan.v1~", "\"title\":\"x\""));
        assertThat(foreign.status()).isEqualTo(403);
        assertThat(foreign.json().path("detail").asText()).contains("another tenant's").doesNotContain(TENANT_A);
        assertThat(get(keyA, path(id)).status()).isEqualTo(200);
        // what the root tenant registers is there for all below it
        String shared = "gts.operator.shared.names.name.v1~";
        assertThat(put(server.firstKey(), shared, type(shared, "\"title\":\"x\"")).status()).isEqualTo(201);
        assertThat(get(keyB, path(shared)).status()).isEqualTo(200);
        assertThat(server.send("DELETE", path(shared), keyB, null, "If-Match", "*").status()).isEqualTo(403);
    }

    @Test
    void keepsThePlatformsNamesToThePlatform() throws Exception {
        String own = PLUGIN + "hyperspot.core._.mine.v1~";
        assertThat(put(keyA, own, type(own, "\"title\":\"x\"")).status()).isEqualTo(403);
        String derived = PLUGIN + "acme.shop._.mine.v1~";
        assertThat(put(keyA, derived, type(derived, "\"allOf\":[{\"$ref\":\"gts://" + PLUGIN + "\"}]")).status()).isEqualTo(201);
        TestServer.Answer platform = server.send("DELETE", path(PLUGIN), keyA, null, "If-Match", get(keyA, path(PLUGIN)).header("etag"));
        assertThat(platform.status()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gts.acme.bad.x.Y.v1~ | {S,\"$id\":\"gts://gts.acme.bad.x.Y.v1~\"} | 400 | position 15",
                "gts.acme.bad.* | {S,\"$id\":\"gts://gts.acme.bad.*\"} | 400 | pattern is not an id",
                "gts.acme.bad.x.y.v1~ | {S,\"$id\":\"gts://gts.acme.bad.x.z.v1~\"} | 400 | that of the path",
                "gts.acme.bad.x.y.v1~ | {S,\"$id\":\"gts://gts.acme.bad.x.y.v1~\",\"$ref\":\"http://example.com/x\"} | 422 | /$ref",
                "gts.acme.bad.x.y.v1~ | {S,\"$id\":\"gts://gts.acme.bad.x.y.v1~\",\"$ref\":\"gts://gts.acme.bad.x.y.v1~\"} | 422 | without end",
                "gts.acme.bad.x.y.v1~ | {S,\"$id\":\"gts://gts.acme.bad.x.y.v1~\",\"properties\":{\"a\":{\"pattern\":\"(a+)+\\\\1\"}}} | 422 | linear time",
                "gts.acme.bad.x.y.v1~ | {S,\"$id\":\"gts://gts.acme.bad.x.y.v1~\",\"x-gts-final\":true,\"x-gts-abstract\":true} | 422 | final and abstract",
                "gts.acme.bad.x.y.v1~acme.bad.x.z.v1~ | {S,\"$id\":\"gts://gts.acme.bad.x.y.v1~acme.bad.x.z.v1~\"} | 422 | not registered",
                "gts.acme.bad.x.y.v1~acme.bad.x.z.v1 | {\"id\":\"gts.acme.bad.x.y.v1~acme.bad.x.z.v1\"} | 422 | not registered",
                "gts.hyperspot.core.modkit.plugin.v1~acme.bad.x.z.v1 | {\"id\":\"gts.hyperspot.core.modkit.plugin.v1~acme.bad.x.z.v1\"} | 422 | abstract",
                "gts.acme.bad.x.y.v1~ | {} | 422 | \"id\"",
                "gts.acme.bad.x.y.v1~ | [] | 422 | JSON object",
            })
    void refusesWhatIsWrongAndStoresNothing(String id, String document, int status, String words) throws Exception {
        TestServer.Answer answer = put(keyA, id, document.replace("{S", "{\"$schema\":\"http://json-schema.org/draft-07/schema#\""));
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        assertThat(answer.json().path("detail").asText() + answer.json().path("violations")).contains(words.strip().replace("\"id\"", "id"));
        assertThat(get(keyA, ENTITIES + "?pattern=gts.acme.bad.*").json().path("items")).isEmpty();
    }

    @Test
    void boundsTheSizeAndDepthOfDocuments() throws Exception {
        String id = "gts.acme.bad.x.big.v1~";
        String big = type(id, "\"description\":\"" + "x".repeat(1 << 20) + "\"");
        assertThat(put(keyA, id, big).status()).isEqualTo(413);
        String deep = "{\"not\":".repeat(10_000) + "{}" + "}".repeat(10_000);
        assertThat(put(keyA, id, type(id, "\"not\":" + deep)).status()).isEqualTo(400);
        // what would backtrack for hours elsewhere is matched in linear time
        String evil = "gts.acme.evil.x.evil.v1~";
        assertThat(put(keyA, evil, type(evil, "\"properties\":{\"s\":{\"type\":\"string\",\"pattern\":\"^(a+)+$\"}}")).status()).isEqualTo(201);
        String instance = evil + "acme.evil.x.one.v1";
        TestServer.Answer answer = put(keyA, instance, "{\"id\":\"" + instance + "\",\"s\":\"" + "a".repeat(50_000) + "!\"}");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().at("/violations/0/pointer").asText()).isEqualTo("/s");
    }

    @Test
    void exportsAndImportsJsonAndYaml() throws Exception {
        String base = "gts.acme.moved.x.order.v1~";
        String derived = base + "acme.moved._.rush.v1~";
        put(keyA, base, type(base, "\"properties\":{\"price\":{\"type\":\"number\",\"minimum\":1.50}}"));
        put(keyA, derived, type(derived, "\"allOf\":[{\"$ref\":\"gts://" + base + "\"}]"));
        String export = "/types-registry/v1/export?pattern=gts.acme.moved.*";

        String yaml = get(keyA, export + "&format=yaml").body();
        assertThat(yaml).contains("$id: \"gts://" + base + "\"").contains("1.5");
        TestServer.Answer json = get(keyA, export);
        assertThat(json.json()).hasSize(2);

        String tenant = server.newKey(TENANT_C, "gts.hyperspot.core.types_registry.*:*");
        String theirs = yaml.replace("gts.acme.", "gts.charlie.").replace("~acme.", "~charlie.");
        TestServer.Answer imported = server.send("POST", "/types-registry/v1/import", tenant, theirs, "Content-Type", "application/yaml");
        assertThat(imported.status()).as(imported.body()).isEqualTo(200);
        assertThat(imported.json().at("/summary/succeeded").asInt()).isEqualTo(2);
        assertThat(server.send("POST", "/types-registry/v1/import", tenant, "a: [", "Content-Type", "application/yaml").status()).isEqualTo(400);
        assertThat(server.send("POST", "/types-registry/v1/import", tenant, "{}").status()).isEqualTo(400);
    }

    @Test
    void showsATypeToPeople() throws Exception {
        String base = "gts.acme.shown.x.order.v1~";
        String derived = base + "acme.shown._.rush.v1~";
        put(keyA, base, type(base, "\"title\":\"<Order>\",\"required\":[\"n\"],\"properties\":{\"n\":{\"type\":\"integer\",\"description\":\"How many.\"}}"));
        put(keyA, derived, type(derived, "\"allOf\":[{\"$ref\":\"gts://" + base + "\"}]"));

        TestServer.Answer page = get(keyA, path(base) + "?format=html");
        assertThat(page.header("content-type")).startsWith("text/html");
        assertThat(page.header("content-security-policy")).contains("default-src 'none'");
        assertThat(page.body())
                .contains("&lt;Order&gt;", "How many.", "integer", derived)
                .doesNotContain("<Order>");
        assertThat(get(keyA, path(derived) + "?format=html").body()).contains("id=\"chain\"", base, "How many.");
        assertThat(get(keyA, path(base) + "?format=pdf").status()).isEqualTo(400);
    }

    @Test
    void pagesThroughWhatThereIs() throws Exception {
        String batch = "{\"entities\":["
                + String.join(",", IntStream.range(10, 35).mapToObj(n -> type("gts.acme.paged.x.t" + n + ".v1~", "\"title\":\"x\"")).toList())
                + "]}";
        assertThat(server.send("POST", ENTITIES, keyA, batch).json().at("/summary/failed").asInt()).isZero();
        List<String> ids = new java.util.ArrayList<>();
        String next = ENTITIES + "?pattern=gts.acme.paged.*&$top=10";
        String page = next;
        while (page != null) {
            JsonNode answer = get(keyA, page).json();
            ids.addAll(answer.path("items").findValuesAsText("gts_id"));
            JsonNode cursor = answer.at("/page_info/next_cursor");
            page = cursor.isTextual() ? next + "&$skiptoken=" + encode(cursor.asText()) : null;
        }
        assertThat(ids).hasSize(25).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void tellsOfChangesAsTheyHappen() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.url().resolve("/types-registry/v1/events"))
                .header("Authorization", "Bearer " + keyA)
                .timeout(Duration.ofSeconds(30))
                .build();
        HttpResponse<java.util.stream.Stream<String>> events = server.http().send(request, HttpResponse.BodyHandlers.ofLines());
        try (java.util.stream.Stream<String> lines = events.body()) {
            java.util.Iterator<String> iterator = lines.iterator();
            Supplier<JsonNode> event = () -> {
                while (iterator.hasNext()) {
                    String line = iterator.next();
                    if (line.startsWith("data:")) {
                        return read(line.substring(5));
                    }
                }
                throw new AssertionError("the stream has ended");
            };
            long before = event.get().path("generation").asLong();
            String id = "gts.acme.told.x.order.v1~";
            put(keyA, id, type(id, "\"title\":\"x\""));
            JsonNode told = event.get();
            assertThat(told.path("generation").asLong()).isGreaterThan(before);
            assertThat(told.path("type").asText()).startsWith("gts.hyperspot.");
        }
    }

    @Test
    void listsWorkersWithTheirStates() throws Exception {
        JsonNode workers = server.get("/plugins/v1/workers?%24filter=" + encode("state eq 'admitted'")).json().path("items");
        assertThat(workers.findValuesAsText("instance")).anyMatch(id -> id.endsWith("hyperspot.llm.minilm.all_minilm_l6_v2.v1"));
        assertThat(server.get("/plugins/v1/workers?%24filter=" + encode("state eq 'pending'")).json().path("items")).isEmpty();
    }

    @Test
    void remembersOverARestart(@TempDir Path other) throws Exception {
        String id = "gts.acme.kept.x.order.v1~";
        try (TestServer first = TestServer.start(other, "modules: {}\n")) {
            assertThat(first.send("PUT", path(id), first.firstKey(), type(id, "\"title\":\"x\"")).status()).isEqualTo(201);
        }
        try (TestServer second = TestServer.start(other)) {
            assertThat(second.get(path(id)).json().at("/content/title").asText()).isEqualTo("x");
            assertThat(second.get("/types-registry/v1/refusals").json().path("items")).isEmpty();
        }
    }

    private static JsonNode read(String json) {
        try {
            return Objects.requireNonNull(server.json.readTree(json));
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    private static TestServer.Answer get(String key, String path) throws Exception {
        return server.send("GET", path.replace("$", "%24"), key, null);
    }

    private static TestServer.Answer put(String key, String id, String document) throws Exception {
        return server.send("PUT", path(id), key, document);
    }

    private static String path(String id) {
        return ENTITIES + "/" + encode(id);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String type(String id, String more) {
        return "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"$id\":\"gts://" + id + "\",\"type\":\"object\"," + more + "}";
    }
}

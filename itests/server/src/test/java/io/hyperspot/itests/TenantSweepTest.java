// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.itests.TestServer.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every operation of the OpenAPI document, asked by a tenant that may do everything, with the ids of another tenant's
 * things: in paths, in queries and in bodies. Those things have a mark that no answer may show, and stay as they are.
 */
@Tag("database")
final class TenantSweepTest {
    private static final String MARK = "mark-7c1f-of-acme";
    private static final String TYPE = "gts.acme.sweep.things.thing.v1~";
    private static final String REQUESTS = "gts.hyperspot.core.usage.usage_type.v1~hyperspot.core.usage.requests.v1~";

    /** Streams do not end; what they tell is tried where they are. */
    private static final Set<String> STREAMS = Set.of("/plugins/v1/events", "/types-registry/v1/events");

    /** A logger has any name; the interface of the public GTS suite says in its 200 that there is no such thing. */
    private static final Set<String> ANSWER_ANYTHING = Set.of("/observability/v1/loggers/{name}", "/gts/entities/{gts_id}");

    @TempDir
    static Path home;

    static TestServer server;
    static String keyA;
    static String keyB;
    static String acme;
    static JsonNode document;

    /** Acme's things: what they are, and the id. */
    static final Map<String, String> ids = new LinkedHashMap<>();

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(home, "modules: {}\n");
        acme = tenant(server.firstKey(), "Acme");
        keyA = server.newKey(acme, "gts.*:*");
        keyB = server.newKey(tenant(server.firstKey(), "Bravo"), "gts.*:*");
        document = server.send("GET", "/openapi.json", null, null).json();
        ids.put("tenant", acme);
        ids.put("child", tenant(keyA, MARK));
        String role = made("/authz/v1/roles", "{\"name\":\"" + MARK + "\",\"permissions\":[\"gts.hyperspot.llm.*:invoke\"]}", "role");
        made("/authz/v1/bindings", "{\"principal\":\"user:" + MARK + "\",\"role\":\"" + role + "\"}", "binding");
        made("/authz/v1/policies", "{\"name\":\"" + MARK + "\",\"effect\":\"forbid\",\"target\":\"gts.hyperspot.none.*:read\"}", "policy");
        made("/security/v1/api-keys", "{\"name\":\"" + MARK + "\",\"scopes\":[\"gts.hyperspot.llm.*:read\"]}", "key");
        made("/auth/v1/users", "{\"name\":\"" + MARK + "\",\"password\":\"anna likes long walks\"}", "user");
        made("/credstore/v1/secrets", "{\"reference\":\"sweep-secret\",\"value\":\"" + MARK + "\"}", "secret");
        ids.put("reference", "sweep-secret");
        made("/audit/v1/holds", "{\"reason\":\"" + MARK + "\"}", "hold");
        made("/usage/v1/quotas", "{\"type\":\"" + REQUESTS + "\",\"limit\":\"10\",\"period\":\"day\",\"subject\":\"" + MARK + "\"}", "quota");
        String record = "sweep-record-0001";
        assertThat(by(keyA, "POST", "/usage/v1/records", "{\"records\":[{\"id\":\"" + record + "\",\"type\":\"" + REQUESTS
                                + "\",\"subject\":\"" + MARK + "\",\"quantity\":\"1\",\"at\":\"" + Instant.now() + "\"}]}")
                        .status())
                .isEqualTo(202);
        ids.put("record", record);
        String schema = "{\"$id\":\"gts://" + TYPE + "\",\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"type\":\"object\",\"title\":\""
                + MARK + "\"}";
        assertThat(by(keyA, "PUT", "/types-registry/v1/entities/" + encoded(TYPE), schema).status()).isEqualTo(201);
        ids.put("type", TYPE);
        ids.put("event", by(keyA, "GET", "/audit/v1/events", null).json().at("/items/0/id").asText());
        assertThat(ids).doesNotContainValue("");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String tenant(String key, String name) throws Exception {
        return id(by(key, "POST", "/tenant-resolver/v1/tenants", "{\"name\":\"" + name + "\"}"));
    }

    private static String made(String path, String body, String what) throws Exception {
        String id = id(by(keyA, "POST", path, body));
        ids.put(what, id);
        return id;
    }

    private static String id(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.json().path("id").asText(answer.json().at("/key/id").asText());
    }

    private static Answer by(String key, String method, String path, @Nullable String body) throws Exception {
        return server.send(method, path, key, body);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static List<ApiOperation> operations() {
        return ApiOperation.all(document).stream()
                .filter(operation -> !STREAMS.contains(operation.path()))
                .toList();
    }

    /** Names of the parameters of the query. */
    private static List<String> query(ApiOperation operation) {
        List<String> names = new ArrayList<>();
        for (JsonNode parameter : operation.document().path("parameters")) {
            if (parameter.path("in").asText().equals("query")) {
                names.add(parameter.path("name").asText());
            }
        }
        return names;
    }

    /** Calls of every operation with an id in its path. */
    private static void inPaths(String key, BiConsumer<ApiOperation, Answer> look, Set<String> methods) throws Exception {
        for (ApiOperation operation : operations()) {
            if (operation.hasPathParameter() && methods.contains(operation.method())) {
                for (String id : ids.values()) {
                    String body = operation.hasBody() ? body(operation, id).toString() : null;
                    // the last one names the thing; a name before it is a provider's
                    String path = operation.path(encoded(id));
                    look.accept(operation, by(key, operation.method(), path, body));
                }
            }
        }
    }

    /** Calls of everything that is read without an id. */
    private static void inLists(String key, BiConsumer<ApiOperation, Answer> look) throws Exception {
        for (ApiOperation operation : operations()) {
            if (!operation.hasPathParameter() && operation.isRead()) {
                look.accept(operation, by(key, "GET", operation.path(), null));
            }
        }
    }

    /** Calls of everything that is read, with an id in each parameter. */
    private static void inQueries(String key, BiConsumer<ApiOperation, Answer> look) throws Exception {
        for (ApiOperation operation : operations()) {
            if (!operation.hasPathParameter() && operation.isRead()) {
                for (String name : query(operation)) {
                    for (String value : ids.values()) {
                        look.accept(operation, by(key, "GET", operation.path() + "?" + encoded(name) + "=" + encoded(value), null));
                    }
                }
            }
        }
    }

    /** A body all of whose members are the id, and that claims to be the other tenant's. */
    private static ObjectNode body(ApiOperation operation, String id) {
        ObjectNode body = server.json.createObjectNode();
        JsonNode schema = operation.document().at("/requestBody/content/application~1json/schema");
        String reference = schema.path("$ref").asText();
        if (!reference.isEmpty()) {
            schema = document.at(reference.substring(1));
        }
        for (Map.Entry<String, JsonNode> member : schema.path("properties").properties()) {
            if (member.getValue().path("type").asText().equals("array")) {
                body.putArray(member.getKey()).add(id);
            } else {
                body.put(member.getKey(), id);
            }
        }
        return body.put("tenant_id", acme).put("tenant", acme);
    }

    private static void inBodies(String key, BiConsumer<ApiOperation, Answer> look) throws Exception {
        for (ApiOperation operation : operations()) {
            if (!operation.hasPathParameter() && operation.takesJson()) {
                for (String id : ids.values()) {
                    look.accept(operation, by(key, operation.method(), operation.path(), body(operation, id).toString()));
                }
            }
        }
    }

    /** What Acme sees: the number of things in each list, and the answer to each id. */
    private static Map<String, String> seenByAcme() throws Exception {
        Map<String, String> seen = new TreeMap<>();
        for (ApiOperation operation : operations()) {
            if (operation.isRead() && !operation.path().startsWith("/audit/")) {
                for (String id : operation.hasPathParameter() ? ids.values() : List.of("")) {
                    Answer answer = by(keyA, "GET", operation.path(encoded(id)), null);
                    if (answer.body().contains(MARK)) {
                        JsonNode items = answer.json().path("items");
                        seen.put(operation.path() + " " + id, items.isArray() ? items.size() + " items" : answer.json().path("id").asText("there"));
                    }
                }
            }
        }
        return seen;
    }

    @Test
    void showsNothingOfAnotherTenantAndChangesNothingOfIt() throws Exception {
        Map<String, String> before = seenByAcme();
        // the sweep would find something: the owner does, of everything that was made
        assertThat(before).hasSizeGreaterThan(ids.size());
        Set<String> found = new TreeSet<>();
        BiConsumer<ApiOperation, Answer> hidden = (operation, answer) -> {
            if (answer.body().contains(MARK) || answer.headers().toString().contains(MARK)) {
                found.add(operation.method() + " " + operation.path() + " shows " + answer.body());
            }
        };
        BiConsumer<ApiOperation, Answer> unknown = hidden.andThen((operation, answer) -> {
            if (answer.status() < 400 && !ANSWER_ANYTHING.contains(operation.path())) {
                found.add(operation.method() + " " + operation.path() + " answers " + answer.status() + " " + answer.body());
            }
            if (answer.status() >= 500) {
                found.add(operation.method() + " " + operation.path() + " fails: " + answer.body());
            }
        });
        inQueries(keyB, hidden);
        inPaths(keyB, unknown, Set.of("GET"));
        inPaths(keyB, unknown, Set.of("POST", "PUT", "PATCH", "DELETE"));
        inBodies(keyB, hidden);
        inLists(keyB, hidden);
        assertThat(found).isEmpty();
        assertThat(seenByAcme()).isEqualTo(before);
    }
}

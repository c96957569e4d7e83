// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.types.registry.engine.GtsProfile;
import io.hyperspot.types.registry.store.MemoryRegistry;
import io.hyperspot.web.spi.Operation;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The wire shapes of the specification: each operation in good and in bad case. */
class SpecSurfaceTest {
    private static final String A = "gts.acme.test.ns.order.v1.0~";
    private static final String A1 = "gts.acme.test.ns.order.v1.1~";
    private static final String I = A + "acme.test.ns.first.v1";
    private static final String UUID = "7a1d2f34-5678-49ab-9012-abcdef123456";

    private SpecSurface surface = new SpecSurface(new MemoryRegistry(GtsProfile.V0_11));

    @BeforeEach
    void register() throws IOException {
        ok("/entities", schema(A, "\"properties\": {\"id\": {\"type\": \"string\"}, \"count\": {\"type\": \"integer\"}}"));
        ok("/entities", schema(A1, "\"properties\": {\"id\": {}, \"count\": {\"type\": \"integer\"}, \"note\": {\"default\": \"-\"}}"));
        ok("/entities", "{\"id\": \"" + I + "\", \"count\": 7, \"at\": [{\"x\": 1}]}");
    }

    private static String schema(String id, String keywords) {
        return "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"$id\": \"gts://" + id + "\", \"type\": \"object\", " + keywords + "}";
    }

    private SpecCall call(String method, String path, Map<String, String> query, String body) throws IOException {
        String pattern = path.startsWith("/entities/") && method.equals("GET") ? "/entities/*" : path;
        Operation operation = surface.operations().stream()
                .filter(one -> one.method().equals(method) && one.path().equals(pattern))
                .findFirst()
                .orElseThrow();
        SpecCall call = new SpecCall(method, path, query, body);
        surface.handle(call, operation);
        return call;
    }

    /** @param query names and values */
    private JsonNode get(String path, String... query) throws IOException {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < query.length; i += 2) {
            parameters.put(query[i], query[i + 1]);
        }
        SpecCall call = call("GET", path, parameters, "");
        assertThat(call.status()).isEqualTo(200);
        return call.answer();
    }

    private JsonNode ok(String path, String body) throws IOException {
        SpecCall call = call("POST", path, Map.of(), body);
        assertThat(call.status()).as(call.answer().toString()).isEqualTo(200);
        return call.answer();
    }

    private JsonNode refused(String path, String body) throws IOException {
        SpecCall call = call("POST", path, Map.of("validate", "true"), body);
        assertThat(call.status()).isEqualTo(422);
        assertThat(call.answer().path("ok").asBoolean(true)).isFalse();
        assertThat(call.answer().path("error").asText()).isNotEmpty();
        return call.answer();
    }

    private static void isType(JsonNode answer, boolean expected) {
        assertThat(answer.get("is_type").asBoolean()).isEqualTo(expected);
        assertThat(answer.get("is_type_schema").asBoolean()).isEqualTo(expected);
    }

    @Test
    void listsEntities() throws IOException {
        JsonNode all = get("/entities");
        assertThat(all.path("count").asInt()).isEqualTo(3);
        assertThat(all.path("total").asInt()).isEqualTo(3);
        assertThat(all.path("entities")).hasSize(3).allSatisfy(entity ->
                assertThat(entity.properties()).extracting(Map.Entry::getKey).containsExactly("id", "type_id", "is_type", "is_type_schema"));
        isType(all.path("entities").path(0), true);

        JsonNode one = get("/entities", "limit", "1");
        assertThat(one.path("count").asInt()).isEqualTo(1);
        assertThat(one.path("total").asInt()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1001", "-1", "x", ""})
    void refusesOtherLimits(String limit) {
        assertThatThrownBy(() -> get("/entities", "limit", limit)).isInstanceOf(ProblemException.class).hasMessageContaining("limit");
        assertThatThrownBy(() -> get("/query", "expr", "gts.*", "limit", limit)).isInstanceOf(ProblemException.class);
    }

    @Test
    void showsAnEntity() throws IOException {
        JsonNode instance = get("/entities/" + I);
        assertThat(instance.path("ok").asBoolean()).isTrue();
        assertThat(instance.path("id").asText()).isEqualTo(I);
        assertThat(instance.path("type_id").asText()).isEqualTo(A);
        assertThat(instance.path("content").path("count").asInt()).isEqualTo(7);
        isType(instance, false);
        JsonNode type = get("/entities/" + A);
        assertThat(type.get("type_id").isNull()).isTrue();
        isType(type, true);

        JsonNode missing = get("/entities/gts.acme.none.ns.x.v1~");
        assertThat(missing.path("ok").asBoolean(true)).isFalse();
        assertThat(missing.path("error").asText()).contains("gts.acme.none.ns.x.v1~");
    }

    @Test
    void registersDocuments() throws IOException {
        JsonNode again = ok("/entities", "{\"id\": \"" + I + "\", \"count\": 7, \"at\": [{\"x\": 1}]}");
        assertThat(again.path("ok").asBoolean()).as("the same again").isTrue();
        assertThat(again.path("id").asText()).isEqualTo(I);
        assertThat(again.path("type_id").asText()).isEqualTo(A);
        isType(again, false);
        assertThat(ok("/entities", "{\"id\": \"test-id-123\"}").path("id").asText()).isEqualTo("test-id-123");
        // unchecked without "validate"
        ok("/entities", "{\"id\": \"4711\", \"type\": \"gts.acme.none.ns.x.v1~\"}");
        ok("/entities", "{\"id\": \"" + A + "acme.test.ns.wrong.v1\", \"count\": \"x\"}");
    }

    @Test
    void refusesWhatIsNoEntity() throws IOException {
        refused("/entities", "{}");
        refused("/entities", "[]");
        refused("/entities", "{\"$schema\": \"x\", \"$id\": \"" + A + "\"}");
        refused("/entities", schema(A, "\"x-gts-final\": \"yes\""));
        refused("/entities", schema("gts.acme.test.ns.bad.v1~", "\"properties\": {\"a\": {\"$ref\": \"http://example.com\"}}"));
        assertThat(refused("/entities", schema("gts.acme.test.ns.bad.v1~", "\"properties\": {\"a\": {\"x-gts-ref\": \"gts.x.y.z\"}}"))
                        .path("error")
                        .asText())
                .contains("x-gts-ref validation failed", "Invalid GTS identifier: gts.x.y.z");
        // only with "validate"
        assertThat(refused("/entities", "{\"id\": \"" + A + "acme.test.ns.wrong.v1\", \"count\": \"x\"}").path("error").asText())
                .contains("/count");
        assertThat(get("/entities/" + A + "acme.test.ns.wrong.v1").path("ok").asBoolean()).as("nothing is stored").isFalse();
        assertThatThrownBy(() -> ok("/entities", "{")).isInstanceOf(ProblemException.class).hasMessageContaining("JSON");
    }

    @Test
    void registersManyDocumentsOneByOne() throws IOException {
        JsonNode answer = ok("/entities/bulk", "[{\"id\": \"4711\"}, {}, {\"id\": \"4712\"}]");

        assertThat(answer.path("ok").asBoolean(true)).isFalse();
        assertThat(answer.path("results")).extracting(result -> result.path("ok").asBoolean()).containsExactly(true, false, true);
        assertThat(answer.path("results").path(0).path("id").asText()).isEqualTo("4711");
        assertThat(answer.path("results").path(1).path("error").asText()).isNotEmpty();
        assertThat(ok("/entities/bulk", "[]").path("ok").asBoolean()).isTrue();
    }

    @Test
    void registersTypesByTheirId() throws IOException {
        String id = "gts.acme.test.ns.by_id.v1~";
        JsonNode answer = ok("/type-schemas", "{\"type_id\": \"" + id + "\", \"type_schema\": {\"type\": \"object\"}}");
        assertThat(answer.path("ok").asBoolean()).isTrue();
        assertThat(answer.path("id").asText()).isEqualTo(id);
        assertThat(get("/entities/" + id).path("content").path("$id").asText()).isEqualTo("gts://" + id);

        refused("/type-schemas", "{\"type_id\": \"gts.acme.test.ns.by_id.v1\", \"type_schema\": {}}");
        refused("/type-schemas", "{\"type_id\": \"" + id + "\", \"type_schema\": 7}");
        assertThatThrownBy(() -> ok("/type-schemas", "{}")).isInstanceOf(ProblemException.class).hasMessageContaining("type_id");
    }

    @ParameterizedTest
    @CsvSource({
        "gts.a.b.c.d.v1~, true, true, false",
        "gts.a.b.c.d.v1~e.f.g.h.v1, true, false, false",
        "gts.a.b.c.d.v1~*, true, false, true",
        "gts.a.b.c.d.v1, false, false, false",
        "gts.a.b.c*, false, false, true",
    })
    void validatesIds(String id, boolean valid, boolean type, boolean wildcard) throws IOException {
        JsonNode answer = get("/validate-id", "gts_id", id);
        assertThat(answer.path("id").asText()).isEqualTo(id);
        assertThat(answer.path("valid").asBoolean()).isEqualTo(valid);
        assertThat(answer.path("is_wildcard").asBoolean()).isEqualTo(wildcard);
        assertThat(answer.has("error")).isEqualTo(!valid);
        isType(answer, type);

        JsonNode parsed = get("/parse-id", "gts_id", id);
        assertThat(parsed.path("ok").asBoolean()).isEqualTo(valid);
        assertThat(parsed.path("segments").isArray()).isTrue();
        assertThat(parsed.path("is_wildcard").asBoolean()).isEqualTo(wildcard);
        isType(parsed, type);
    }

    @Test
    void parsesIds() throws IOException {
        JsonNode segments = get("/parse-id", "gts_id", "gts.a.b.c.d.v1.2~" + UUID).path("segments");

        assertThat(segments.path(0).toString())
                .isEqualTo("{\"vendor\":\"a\",\"package\":\"b\",\"namespace\":\"c\",\"type\":\"d\",\"ver_major\":1,"
                        + "\"ver_minor\":2,\"is_type\":true,\"is_type_schema\":true}");
        assertThat(segments.path(1).path("vendor").asText("x")).isEmpty();
        assertThat(segments.path(1).path("ver_major").asInt(-1)).isZero();
        assertThat(segments.path(1).get("ver_minor").isNull()).isTrue();
        assertThatThrownBy(() -> get("/parse-id")).isInstanceOf(ProblemException.class).hasMessageContaining("gts_id");
    }

    @Test
    void extractsIds() throws IOException {
        JsonNode answer = ok("/extract-id", "{\"gtsId\": \"" + I + "\", \"type\": \"x\"}");
        assertThat(answer.path("id").asText()).isEqualTo(I);
        assertThat(answer.path("type_id").asText()).isEqualTo(A);
        assertThat(answer.path("selected_entity_field").asText()).isEqualTo("gtsId");
        assertThat(answer.path("selected_type_id_field").asText()).isEqualTo("gtsId");
        isType(answer, false);
        isType(ok("/extract-id", schema(A, "\"title\": \"x\"")), true);

        JsonNode nothing = ok("/extract-id", "{}");
        for (String name : List.of("id", "type_id", "selected_entity_field", "selected_type_id_field")) {
            assertThat(nothing.get(name).isNull()).as(name).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "gts.a.b.c.d.v1.0~, gts.a.b.*, true, false",
        "gts.a.b.c.d.v1~e.f.*, gts.a.b.c.d.v1~*, true, false",
        "gts.a.b.c.d.v1~, gts.a.c.*, false, false",
        "gts.a.b.c.d.v1~, gts.a.b*, false, true",
        "gts.a.b.c.d, gts.a.b.*, false, true",
    })
    void matchesIds(String candidate, String pattern, boolean match, boolean error) throws IOException {
        JsonNode answer = get("/match-id-pattern", "candidate", candidate, "pattern", pattern);
        assertThat(answer.path("candidate").asText()).isEqualTo(candidate);
        assertThat(answer.path("pattern").asText()).isEqualTo(pattern);
        assertThat(answer.path("match").asBoolean(!match)).isEqualTo(match);
        assertThat(answer.path("error").asText("").startsWith("Invalid")).isEqualTo(error);
    }

    @ParameterizedTest
    @EnumSource
    void hashesIds(GtsProfile profile) throws IOException {
        surface = new SpecSurface(new MemoryRegistry(profile));

        assertThat(get("/uuid", "gts_id", "gts.x.test5.events.type.v1~").path("uuid").asText())
                .isEqualTo("de567dcc-10ef-597d-8f82-3c999ed9b979");
        assertThat(get("/uuid", "gts_id", A + UUID).path("uuid").asText().equals(UUID)).isEqualTo(profile == GtsProfile.V0_14);
        JsonNode invalid = get("/uuid", "gts_id", "gts.x");
        assertThat(invalid.path("uuid").asText("x")).isEmpty();
        assertThat(invalid.path("error").asText()).contains("position 5");
    }

    @Test
    void validatesEntities() throws IOException {
        ok("/entities", "{\"id\": \"4711\", \"type\": \"" + A + "\", \"count\": \"x\"}");
        String orphan = "gts.acme.none.ns.x.v1~acme.test.ns.derived.v1~";
        ok("/entities", schema(orphan, "\"title\": \"x\""));

        verdict(ok("/validate-instance", "{\"instance_id\": \"" + I + "\"}"), I, true);
        verdict(ok("/validate-instance", "{\"instance_id\": \"4711\"}"), "4711", false);
        verdict(ok("/validate-instance", "{\"instance_id\": \"4712\"}"), "4712", false);
        verdict(ok("/validate-instance", "{\"instance_id\": \"" + A + "\"}"), A, false);
        verdict(ok("/validate-type-schema", "{\"type_id\": \"" + A + "\"}"), A, true);
        verdict(ok("/validate-type-schema", "{\"type_id\": \"" + orphan + "\"}"), orphan, false);
        verdict(ok("/validate-type-schema", "{\"type_id\": \"" + I + "\"}"), I, false);

        JsonNode type = ok("/validate-entity", "{\"entity_id\": \"" + A + "\"}");
        verdict(type, A, true);
        assertThat(type.path("entity_type").asText()).isEqualTo("schema");
        JsonNode instance = ok("/validate-entity", "{\"entity_id\": \"4711\"}");
        verdict(instance, "4711", false);
        assertThat(instance.path("entity_type").asText()).isEqualTo("instance");
        verdict(ok("/validate-entity", "{\"gts_id\": \"4712\"}"), "4712", false);
        assertThatThrownBy(() -> ok("/validate-entity", "{}")).isInstanceOf(ProblemException.class);
    }

    private static void verdict(JsonNode answer, String id, boolean ok) {
        assertThat(answer.path("id").asText()).isEqualTo(id);
        assertThat(answer.path("ok").asBoolean(!ok)).as(answer.toString()).isEqualTo(ok);
        assertThat(answer.has("error")).isEqualTo(!ok);
    }

    @Test
    void resolvesRelationships() throws IOException {
        JsonNode tree = get("/resolve-relationships", "gts_id", I);
        assertThat(tree.path("id").asText()).isEqualTo(I);
        assertThat(tree.path("type_id").path("id").asText()).isEqualTo(A);
        assertThat(tree.has("errors")).isFalse();

        assertThat(get("/resolve-relationships", "gts_id", "gts.acme.none.ns.x.v1~").path("errors")).hasSize(1);
    }

    @Test
    void comparesTypes() throws IOException {
        JsonNode answer = get("/compatibility", "old_type_id", A, "new_type_id", A1);
        assertThat(answer.path("from").asText()).isEqualTo(A);
        assertThat(answer.path("to").asText()).isEqualTo(A1);
        assertThat(answer.path("old").asText()).isEqualTo(A);
        assertThat(answer.path("new").asText()).isEqualTo(A1);
        assertThat(answer.path("direction").asText()).isEqualTo("up");
        assertThat(answer.path("added_properties").path(0).asText()).isEqualTo("note");
        for (String name : List.of("removed_properties", "changed_properties", "incompatibility_reasons", "backward_errors", "forward_errors")) {
            assertThat(answer.path(name).isArray()).as(name).isTrue();
        }
        assertThat(answer.path("is_fully_compatible").asBoolean())
                .isEqualTo(answer.path("is_backward_compatible").asBoolean() && answer.path("is_forward_compatible").asBoolean());
        assertThat(answer.path("backward_compatibility").asText()).isIn("compatible", "incompatible");
        assertThat(answer.get("casted_entity").isNull()).isTrue();
        assertThat(get("/compatibility", "old_type_id", A1, "new_type_id", A).path("direction").asText()).isEqualTo("down");
        assertThat(get("/compatibility", "old_type_id", A, "new_type_id", A).path("direction").asText()).isEqualTo("none");

        JsonNode unknown = get("/compatibility", "old_type_id", A, "new_type_id", "gts.acme.none.ns.x.v1~");
        assertThat(unknown.path("direction").asText()).isEqualTo("unknown");
        for (String name : List.of("is_backward_compatible", "is_forward_compatible", "is_fully_compatible")) {
            assertThat(unknown.path(name).asBoolean(true)).as(name).isFalse();
        }
        assertThat(unknown.path("error").asText()).contains("gts.acme.none.ns.x.v1~");
    }

    @Test
    void castsInstances() throws IOException {
        JsonNode answer = ok("/cast", "{\"instance_id\": \"" + I + "\", \"to_type_id\": \"" + A1 + "\"}");
        assertThat(answer.path("casted_entity").path("note").asText()).isEqualTo("-");
        assertThat(answer.path("direction").asText()).isEqualTo("up");
        assertThat(answer.path("incompatibility_reasons")).isEmpty();

        assertThat(ok("/cast", "{\"instance_id\": \"" + A + "\", \"to_type_id\": \"" + A1 + "\"}").path("error").asText())
                .contains("must be an instance");
        assertThat(ok("/cast", "{\"instance_id\": \"4712\", \"to_type_id\": \"" + A1 + "\"}").path("error").asText()).contains("4712");
        JsonNode nowhere = ok("/cast", "{\"instance_id\": \"" + I + "\", \"to_type_id\": \"gts.acme.none.ns.x.v1~\"}");
        assertThat(nowhere.path("error").asText()).contains("gts.acme.none.ns.x.v1~");
        assertThat(nowhere.get("casted_entity").isNull()).isTrue();
    }

    @Test
    void answersQueries() throws IOException {
        JsonNode answer = get("/query", "expr", "gts.acme.*[count=7]");
        assertThat(answer.path("count").asInt()).isEqualTo(1);
        assertThat(answer.path("limit").asInt()).isEqualTo(100);
        assertThat(answer.path("results").path(0).path("id").asText()).isEqualTo(I);
        assertThat(answer.has("error")).isFalse();
        assertThat(get("/query", "expr", "gts.acme.*", "limit", "2").path("results")).hasSize(2);

        JsonNode invalid = get("/query", "expr", "gts.acme.test.ns.order.v1[a=b]");
        assertThat(invalid.path("error").asText()).startsWith("Invalid query");
        assertThat(invalid.path("results")).isEmpty();
        assertThat(invalid.path("count").asInt(-1)).isZero();
    }

    @Test
    void readsAttributes() throws IOException {
        JsonNode answer = get("/attr", "gts_with_path", I + "@at[0].x");
        assertThat(answer.path("gts_id").asText()).isEqualTo(I);
        assertThat(answer.path("path").asText()).isEqualTo("at[0].x");
        assertThat(answer.path("value").asInt()).isEqualTo(1);
        assertThat(answer.path("resolved").asBoolean()).isTrue();
        assertThat(answer.path("content").path("count").asInt()).isEqualTo(7);

        JsonNode none = get("/attr", "gts_with_path", I + "@at[1]");
        assertThat(none.path("available_fields")).anyMatch(field -> field.asText().equals("at[0].x"));
        for (String selector : List.of(I + "@at[1]", I + "@at[", I, "gts.acme.none.ns.x.v1~@a")) {
            JsonNode unresolved = get("/attr", "gts_with_path", selector);
            assertThat(unresolved.path("resolved").asBoolean(true)).as(selector).isFalse();
            assertThat(unresolved.get("value").isNull()).isTrue();
            assertThat(unresolved.path("error").asText()).isNotEmpty();
        }
    }
}

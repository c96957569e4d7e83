// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import static io.hyperspot.types.registry.engine.Documents.A;
import static io.hyperspot.types.registry.engine.Documents.B;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Types whose authors mean no good: whatever is asked about them ends, soon and with a reason. */
@Timeout(60)
class HostileTypesTest {
    private static final int LEVELS = 60;

    private static String id(int level) {
        return "gts.x.test.ns.t" + level + ".v1~";
    }

    private static String ref(int level) {
        return "{$ref: 'gts://" + id(level) + "'}";
    }

    /** Types of which each refers to the next one twice, in a certain way. */
    private static Documents doubling(GtsProfile profile, String form) {
        Documents documents = new Documents(profile);
        for (int level = 0; level < LEVELS; level++) {
            documents.type(id(level), form.replace("NEXT", ref(level + 1)));
        }
        return documents.type(id(LEVELS), "type: 'object', properties: {a: {type: 'integer'}, b: {type: 'integer'}}");
    }

    private static void askEverything(Documents documents, String key, ObjectNode value) {
        Document type = documents.get(key);
        assertThat(documents.wrong(key)).isNotNull();
        assertThat(documents.engine.validateEntity(type, documents)).isNotNull();
        assertThat(documents.engine.validateValue(value, type, documents)).isNotNull();
        assertThat(documents.engine.compatibility(type, type, documents)).isNotNull();
        assertThat(documents.engine.properties(type, documents)).isNotNull();
        assertThat(documents.engine.traits(type, documents)).isNotNull();
        assertThat(documents.engine.relationships(key, documents)).isNotNull();
        value.put("id", "4711");
        documents.add(value);
        assertThat(documents.engine.cast(documents.get("4711"), type, documents)).isNotNull();
    }

    private static ObjectNode nested(int depth, String left, String right) {
        ObjectNode value = Documents.json("{}");
        for (int i = 0; i < depth; i++) {
            ObjectNode outer = Documents.json("{}");
            outer.set(left, value);
            outer.putObject(right);
            value = outer;
        }
        return value;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "allOf: [NEXT, NEXT]",
                "anyOf: [NEXT, NEXT]",
                "oneOf: [NEXT, {not: NEXT}]",
                "if: NEXT, then: NEXT, else: NEXT",
                "properties: {a: NEXT, b: NEXT}",
                "properties: {a: {allOf: [NEXT, NEXT]}}",
                "properties: {a: {type: 'array', items: NEXT}, b: {items: {allOf: [NEXT, NEXT]}}}",
                "patternProperties: {a: NEXT, '[ab]': NEXT}",
            })
    void endsWhenReferencesFanOut(String form) {
        for (GtsProfile profile : GtsProfile.values()) {
            Documents documents = doubling(profile, form);
            askEverything(documents, id(0), Documents.json("{a: {a: 7}}"));
            documents.derived(id(0) + "x.test.ns.d.v1~", form.replace("NEXT", ref(1)));
            askEverything(documents, id(0) + "x.test.ns.d.v1~", nested(1, "a", "b"));
        }
    }

    @Test
    void saysWhyItGaveUp() {
        Documents documents = doubling(GtsProfile.V0_11, "allOf: [NEXT, NEXT]");

        assertThat(documents.wrong(id(0), "{a: 7}")).singleElement().asString().contains("too long");
        assertThat(documents.wrong(id(LEVELS - 8), "{a: 7}")).as("some doubling is fine").isEmpty();
    }

    @Test
    void endsWhenTheWorkDoublesWithTheDepthOfTheValue() {
        Documents documents = new Documents().type(A, "properties: {a: {allOf: [{$ref: '#'}, {$ref: '#'}]}}");
        ObjectNode deep = Documents.json("{}");
        for (int i = 0; i < 100; i++) {
            ObjectNode outer = Documents.json("{}");
            outer.set("a", deep);
            deep = outer;
        }

        assertThat(documents.wrong(A)).isEmpty();
        assertThat(documents.wrong(A, "{a: {a: {a: {}}}}")).isEmpty();
        assertThat(documents.engine.validateValue(deep, documents.get(A), documents)).hasSize(1);
        askEverything(documents, A, deep);
    }

    @Test
    void endsForManyBranchesTimesManyItems() {
        String branches = IntStream.range(0, 3_000).mapToObj(i -> "{const: 'v" + i + "'}").collect(Collectors.joining(", "));
        Documents documents = new Documents().type(A, "properties: {l: {items: {anyOf: [" + branches + "]}}}");
        ObjectNode value = Documents.json("{}");
        ArrayNode items = value.putArray("l");
        for (int i = 0; i < 50_000; i++) {
            items.add("w");
        }

        assertThat(documents.engine.validateValue(value, documents.get(A), documents))
                .singleElement()
                .asString()
                .contains("too long");
    }

    @Test
    void takesWideTypes() {
        String wide = IntStream.range(0, 5_000)
                .mapToObj(i -> "p" + i + ": {type: 'object', properties: {a: {type: 'string', maxLength: 9}}}")
                .collect(Collectors.joining(", "));
        Documents documents = new Documents().type(A, "properties: {" + wide + "}").derived(B, "properties: {" + wide + "}");

        assertThat(documents.wrong(B)).isEmpty();
        assertThat(documents.wrong(B, "{p7: {a: 'ab'}}")).isEmpty();
        assertThat(documents.wrong(B, "{p7: {a: 7}}")).isNotEmpty();
        askEverything(documents, B, Documents.json("{p7: {a: 'ab'}}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{properties: {a: X}}", "{allOf: [X]}", "{items: X}", "{not: X}", "{definitions: {a: X}}", "{'x-gts-traits-schema': X}",
            })
    void takesNestingUpToTheLimitOfDocuments(String level) {
        // Each level is up to three deep; documents are at most 200.
        String deep = "{type: 'object'}";
        for (int i = 0; i < 65; i++) {
            deep = level.replace("X", deep);
        }
        for (GtsProfile profile : GtsProfile.values()) {
            String body = deep.substring(1, deep.length() - 1);
            if (profile.traitsAtTopLevelOnly() && body.contains("traits")) {
                continue;
            }
            Documents documents = new Documents(profile).type(A, body).derived(B, body);
            askEverything(documents, A, nested(60, "a", "b"));
            askEverything(documents, B, Documents.json("{a: {}}"));
        }
    }

    @Test
    void refusesTypesThatReferToHundredsOfOthers() {
        Documents documents = new Documents();
        int many = 2_000;
        for (int i = 0; i < many; i++) {
            documents.type(id(i), "allOf: [" + ref(i + 1) + "]");
        }
        documents.type(id(many), "type: 'object'");

        assertThat(documents.wrong(id(0))).singleElement().asString().contains("500 other types");
        assertThat(documents.wrong(id(0), "{}")).singleElement().asString().contains("500 other types");
        askEverything(documents, id(0), Documents.json("{}"));
        assertThat(documents.wrong(id(many - 100))).isEmpty();
        assertThat(documents.wrong(id(many - 100), "{}")).isEmpty();
    }

    @Test
    void endsWhenReferencesLeadThroughDeepTypes() {
        String before = "{allOf: [".repeat(60);
        String after = "]}".repeat(60);
        Documents same = new Documents();
        Documents parts = new Documents();
        for (int i = 0; i < 300; i++) {
            same.type(id(i), "allOf: [" + before + ref(i + 1) + after + "]");
            parts.type(id(i), "properties: {a: " + "{properties: {a: ".repeat(60) + ref(i + 1) + "}}".repeat(60) + "}");
        }
        for (Documents documents : List.of(same, parts)) {
            documents.type(id(300), "type: 'object'");
            askEverything(documents, id(0), nested(100, "a", "b"));
        }
    }

    @Test
    void matchesInLinearTime() {
        Documents documents = new Documents().type(A, "properties: {p: {pattern: '^(a+)+$'}, q: {pattern: '(x+x+)+y'}}");
        ObjectNode value = Documents.json("{}");
        value.put("p", "a".repeat(100_000) + "!");
        value.put("q", "x".repeat(100_000));

        assertThat(documents.engine.validateValue(value, documents.get(A), documents)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipleOf: 2", "multipleOf: 0.5", "enum: [1, 2e5]", "const: 7", "type: 'integer'", "minimum: 1", "uniqueItems: true",
            })
    void calculatesWithNoNumberOfAHundredMillionDigits(String keyword) {
        Documents documents = new Documents().type(A, "properties: {n: {" + keyword + "}}");

        for (String number : List.of("1e99999999", "-1e99999999", "1e-99999999", "1.5e1005")) {
            assertThat(documents.wrong(A, "{n: " + number + "}")).singleElement().asString().startsWith("at /n: ").contains("exponent");
            assertThat(documents.wrong(A, "{n: [1, {a: " + number + "}]}")).singleElement().asString().startsWith("at /n/1/a: ");
        }
        assertThat(documents.wrong(A, "{n: 2e5}")).isNotNull();
        assertThat(documents.wrong(A, "{n: 1e900}")).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"multipleOf", "minimum", "const", "default"})
    void refusesTypesWithSuchNumbers(String keyword) {
        Documents documents = new Documents()
                .type(A, "properties: {n: {" + keyword + ": 1e99999999}}")
                .derived(B, "properties: {n: {" + keyword + ": 1e99999998}}");

        assertThat(documents.wrong(A)).singleElement().asString().startsWith("at /properties/n/" + keyword).contains("exponent");
        assertThat(documents.wrong(A, "{n: 3}")).singleElement().asString().contains("cannot be used", "exponent");
        askEverything(documents, B, Documents.json("{n: 1e5}"));
    }
}

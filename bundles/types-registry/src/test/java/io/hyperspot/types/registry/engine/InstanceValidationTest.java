// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import static io.hyperspot.types.registry.engine.Documents.A;
import static io.hyperspot.types.registry.engine.Documents.B;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GTS operation 6. */
class InstanceValidationTest {
    private static final String UUID = "7a1d2f34-5678-49ab-9012-abcdef123456";
    private static final String ORDER =
            "type: 'object', properties: {id: {type: 'string'}, count: {type: 'integer', minimum: 1}}, required: ['count']";

    @ParameterizedTest
    @EnumSource
    void validatesByTheRightmostType(GtsProfile profile) {
        Documents documents = new Documents(profile)
                .type(A, ORDER)
                .derived(B, "properties: {count: {type: 'integer', minimum: 1, maximum: 9}}")
                .instance("{id: '" + B + "x.test.ns.i.v1', count: 5}")
                .instance("{id: '" + B + UUID + "', count: 5}")
                .instance("{id: '4711', type: '" + B + "', count: 5}")
                .instance("{id: '" + B + "x.test.ns.i.v2', count: 10}")
                .instance("{id: '4712', type: '" + B + "', count: 0}")
                .instance("{id: '4713', type: '" + B + "', count: 'x'}")
                .instance("{id: '4714', type: '" + B + "'}");

        assertThat(documents.wrong(B + "x.test.ns.i.v1")).isEmpty();
        assertThat(documents.wrong(B + UUID)).isEmpty();
        assertThat(documents.wrong("4711")).isEmpty();
        assertThat(documents.wrong(B + "x.test.ns.i.v2")).singleElement().asString().startsWith("at /count");
        assertThat(documents.wrong("4712")).isNotEmpty().allSatisfy(wrong -> assertThat(wrong).startsWith("at /count"));
        assertThat(documents.wrong("4713")).isNotEmpty();
        assertThat(documents.wrong("4714")).isNotEmpty().first().asString().contains("count");
    }

    @Test
    void saysWhenTheTypeIsUnknown() {
        Documents documents = new Documents()
                .instance("{id: '4711'}")
                .instance("{id: '4712', type: '" + A + "'}")
                .instance("{id: '4713', type: 'order'}")
                .instance("{id: '" + A + "x.test.ns.i.v1'}");

        assertThat(documents.wrong("4711")).singleElement().asString().contains("does not say its type");
        assertThat(documents.wrong("4712")).singleElement().asString().contains(A, "not registered");
        assertThat(documents.wrong("4713")).singleElement().asString().contains("order", "not registered");
        assertThat(documents.wrong(A + "x.test.ns.i.v1")).singleElement().asString().contains(A, "not registered");
        // an instance is no type
        documents.instance("{id: '" + A + "'}");
        assertThat(documents.wrong("4712")).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void refusesInstancesOfAbstractTypes(GtsProfile profile) {
        Documents documents = new Documents(profile)
                .type(A, "type: 'object', 'x-gts-abstract': true")
                .derived(B, "")
                .instance("{id: '" + A + "x.test.ns.i.v1'}")
                .instance("{id: '" + A + UUID + "'}")
                .instance("{id: '4711', type: '" + A + "'}")
                .instance("{id: '" + B + "x.test.ns.i.v1'}");

        for (String key : new String[] {A + "x.test.ns.i.v1", A + UUID, "4711"}) {
            assertThat(documents.wrong(key)).singleElement().asString().contains("abstract");
        }
        assertThat(documents.wrong(B + "x.test.ns.i.v1")).as("it does not propagate").isEmpty();
        assertThat(documents.type(A, "'x-gts-abstract': false").wrong("4711")).as("false is absent").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-gts-final", "x-gts-abstract", "x-gts-traits", "x-gts-traits-schema", "x-gts-ref"})
    void takesKeywordsInInstancesByTheProfile(String keyword) {
        for (GtsProfile profile : GtsProfile.values()) {
            Documents documents = new Documents(profile).type(A, "type: 'object'").instance("{id: '4711', type: '" + A + "', '" + keyword + "': {}}");
            assertThat(documents.wrong("4711").isEmpty()).isEqualTo(profile == GtsProfile.V0_14);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "gts.* | gts.o.t.n.a.v1~ | true",
                "gts.* | gts.o.t.n.a.v1~x.t.n.i.v1 | true",
                "gts.* | gts.o.t.n.a.v1 | false",
                "gts.* | order | false",
                "gts.* | gts.* | false",
                "gts.o.t.* | gts.o.t.n.a.v1~ | true",
                "gts.o.t.* | gts.p.t.n.a.v1~ | false",
                "gts.o.t.n.a.v1~ | gts.o.t.n.a.v1~ | true",
                "gts.o.t.n.a.v1~ | gts.o.t.n.a.v1~x.t.n.b.v1~ | true",
                "gts.o.t.n.a.v1~ | gts.o.t.n.a.v1~x.t.n.i.v1 | true",
                "gts.o.t.n.a.v1~ | gts.o.t.n.a.v1~7a1d2f34-5678-49ab-9012-abcdef123456 | true",
                "gts.o.t.n.a.v1~ | gts.o.t.n.a.v1~x.t.n | false",
                "gts.o.t.n.a.v1~ | gts.o.t.n.a.v1.2~ | false",
                "gts.o.t.n.a.v1~ | gts.o.t.n.a.v2~ | false",
                "gts.o.t.n.a.v1~* | gts.o.t.n.a.v1~x.t.n.b.v1~ | true",
                "gts.o.t.n.a.v1~* | gts.o.t.n.a.v1.2~x.t.n.b.v1~ | true",
                "gts.o.t.n.a.v1~x.t.n.i.v1 | gts.o.t.n.a.v1~x.t.n.i.v1 | true",
                "gts.o.t.n.a.v1~x.t.n.i.v1 | gts.o.t.n.a.v1~x.t.n.i.v1.0 | false",
            })
    void letsGtsReferencesBeWhatTheOperandSays(String operand, String value, boolean valid) {
        for (GtsProfile profile : GtsProfile.values()) {
            Documents documents = new Documents(profile).type(A, "properties: {ref: {type: 'string', 'x-gts-ref': '" + operand + "'}}");
            assertThat(documents.wrong(A, "{ref: '" + value + "'}").isEmpty()).isEqualTo(valid);
        }
    }

    @ParameterizedTest
    @EnumSource
    void letsAWildcardBelowATypeBeTheTypeAt14(GtsProfile profile) {
        Documents documents = new Documents(profile).type(A, "properties: {ref: {'x-gts-ref': 'gts.o.t.n.a.v1~*'}}");

        assertThat(documents.wrong(A, "{ref: 'gts.o.t.n.a.v1~'}").isEmpty()).isEqualTo(profile == GtsProfile.V0_14);
        assertThat(documents.wrong(A, "{ref: 'gts.o.t.n.a.v1.3~'}").isEmpty()).isEqualTo(profile == GtsProfile.V0_14);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                // of R: gts.o.t.n.r.v1~, of S: gts.o.t.n.s.v1~
                "{oneOf: [R, S]} | 'gts.o.t.n.r.v1~' | true",
                "{oneOf: [R, S]} | 'gts.o.t.n.x.v1~' | false",
                "{oneOf: [R, {'x-gts-ref': 'gts.*'}]} | 'gts.o.t.n.r.v1~' | false",
                "{oneOf: [R, {'x-gts-ref': 'gts.*'}]} | 'gts.o.t.n.s.v1~' | true",
                "{oneOf: [{type: 'null'}, {type: 'string', allOf: [R]}]} | null | true",
                "{anyOf: [R, S]} | 'gts.o.t.n.s.v1~' | true",
                "{anyOf: [R, S]} | 'gts.o.t.n.x.v1~' | false",
                "{anyOf: [R, {'x-gts-ref': 'gts.*'}]} | 'gts.o.t.n.r.v1~' | true",
                "{allOf: [R, {'x-gts-ref': 'gts.*'}]} | 'gts.o.t.n.r.v1~' | true",
                "{allOf: [R, S]} | 'gts.o.t.n.r.v1~' | false",
                "{not: R} | 'gts.o.t.n.r.v1~' | false",
                "{not: R} | 'gts.o.t.n.x.v1~' | true",
                "{items: R} | ['gts.o.t.n.r.v1~'] | true",
                "{items: R} | ['gts.o.t.n.r.v1~', 'x'] | false",
                "{properties: {a: {properties: {b: R}}}} | {a: {b: 'gts.o.t.n.r.v1~'}} | true",
                "{properties: {a: {properties: {b: R}}}} | {a: {b: 'gts.o.t.n.s.v1~'}} | false",
                // what is no string is not judged
                "R | 7 | true",
                "R | {a: 1} | true",
            })
    void countsGtsReferencesLikeAnyKeyword(String schema, String value, boolean valid) {
        String expanded = schema.replace("R", "{'x-gts-ref': 'gts.o.t.n.r.v1~'}").replace("S", "{'x-gts-ref': 'gts.o.t.n.s.v1~'}");
        for (GtsProfile profile : GtsProfile.values()) {
            Documents documents = new Documents(profile).type(A, "properties: {p: " + expanded + "}");
            assertThat(documents.wrong(A, "{p: " + value + "}").isEmpty()).isEqualTo(valid);
        }
    }

    @Test
    void resolvesPointersOfGtsReferencesInTheirOwnDocument() {
        Documents documents = new Documents()
                .type(A, "properties: {id: {'x-gts-ref': '/$id'}, kind: {const: 'gts.o.t.n.k.v1~'},"
                        + " of: {'x-gts-ref': '/properties/kind/const'}, same: {'x-gts-ref': '/properties/of'}, free: {'x-gts-ref': '/properties/none'}}")
                .derived(B, "");

        for (String type : new String[] {A, B}) {
            assertThat(documents.wrong(type, "{id: '" + A + "x.test.ns.i.v1'}")).isEmpty();
            assertThat(documents.wrong(type, "{id: '" + B + "x.test.ns.i.v1'}")).isEmpty();
            assertThat(documents.wrong(type, "{id: 'gts.o.t.n.k.v1~x.test.ns.i.v1'}")).isNotEmpty();
            assertThat(documents.wrong(type, "{of: 'gts.o.t.n.k.v1~x.test.ns.i.v1', same: 'gts.o.t.n.k.v1~'}")).isEmpty();
            assertThat(documents.wrong(type, "{of: 'gts.o.t.n.other.v1~'}")).isNotEmpty();
            assertThat(documents.wrong(type, "{same: 'gts.o.t.n.other.v1~'}")).isNotEmpty();
            assertThat(documents.wrong(type, "{free: 'anything'}")).as("a pointer to nowhere").isEmpty();
        }
    }

    @Test
    void resolvesReferencesIntoOtherDocumentsAndTheirDefinitions() {
        String other = "gts.x.test.ns.other.v1~";
        Documents documents = new Documents()
                .type(other, "type: 'object', properties: {code: {$ref: '#/definitions/code'}, next: {$ref: '#'}}, definitions: {code: {type: 'string', maxLength: 3}}")
                .type(A, "properties: {a: {$ref: 'gts://" + other + "'}, b: {$ref: '#/definitions/code'}}, definitions: {code: {type: 'integer'}}");

        assertThat(documents.wrong(A, "{a: {code: 'abc', next: {code: 'x', next: {}}}, b: 7}")).isEmpty();
        assertThat(documents.wrong(A, "{a: {code: 'abcd'}}")).singleElement().asString().startsWith("at /a/code");
        assertThat(documents.wrong(A, "{a: {next: {next: {code: 7}}}}")).singleElement().asString().startsWith("at /a/next/next/code");
        assertThat(documents.wrong(A, "{b: 'abc'}")).singleElement().asString().startsWith("at /b");

        documents.remove(other);
        assertThat(documents.wrong(A, "{}")).singleElement().asString().contains(other, "not registered");
        documents.instance("{id: '" + other + "'}");
        assertThat(documents.wrong(A, "{}")).as("an instance is no type").isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "properties: {a: {$ref: '#/definitions/none'}} | /properties/a/$ref",
                "type: 7 | /type",
                "type: [] | /type",
                "properties: {a: {type: 'strin'}} | /properties/a/type",
                "properties: 7 | /properties",
                "properties: {a: 7} | /properties",
                "additionalProperties: 'no' | /additionalProperties",
                "required: 'a' | /required",
                "required: [7] | /required",
                "allOf: 7 | /allOf",
                "anyOf: [] | /anyOf",
                "oneOf: [7] | /oneOf",
                "not: [] | /not",
                "items: 7 | /items",
                "enum: 'a' | /enum",
                "minimum: 'x' | /minimum",
                "exclusiveMaximum: 'x' | /exclusiveMaximum",
                "maxLength: -1 | /maxLength",
                "minItems: 1.5 | /minItems",
                "multipleOf: 0 | /multipleOf",
                "pattern: 7 | /pattern",
                "uniqueItems: 1 | /uniqueItems",
            })
    void refusesTypesThatAreNoJsonSchema(String body, String pointer) {
        for (GtsProfile profile : GtsProfile.values()) {
            Documents documents = new Documents(profile).type(A, body).derived(B, body);
            assertThat(documents.wrong(A)).singleElement().asString().startsWith("at " + pointer + ":");
            // Unchecked ones may be there: nothing that is done with them fails otherwise.
            assertThat(documents.wrong(A, "{a: 1}")).isNotNull();
            assertThat(documents.wrong(B)).isNotEmpty();
            Document a = documents.get(A);
            assertThat(documents.engine.compatibility(a, documents.get(B), documents)).isNotNull();
            assertThat(documents.engine.properties(a, documents)).isNotNull();
            assertThat(documents.engine.cast(documents.instance("{id: '1', a: 1}").get("1"), a, documents)).isNotNull();
        }
    }

    @Test
    void saysWhenAnUncheckedTypeLeadsNowhere() {
        Documents documents = new Documents().type(A, "properties: {a: {$ref: '#/definitions/none'}}");

        assertThat(documents.wrong(A, "{a: 1}")).singleElement().asString().contains("cannot be used", "/definitions/none");
    }

    @Test
    void followsATreeAsDeepAsTheValue() {
        Documents documents = new Documents().type(
                A, "type: 'object', properties: {n: {type: 'integer'}, children: {type: 'array', items: {$ref: 'gts://" + A + "'}}}");
        ObjectNode tree = Documents.json("{n: 0}");
        ObjectNode leaf = tree;
        for (int i = 1; i < 60; i++) {
            leaf = leaf.putArray("children").addObject().put("n", i);
        }
        Document type = documents.get(A);

        assertThat(documents.wrong(A)).isEmpty();
        assertThat(documents.engine.validateValue(tree, type, documents)).isEmpty();
        leaf.put("n", "x");
        assertThat(documents.engine.validateValue(tree, type, documents)).singleElement().satisfies(violation ->
                assertThat(violation.pointer()).endsWith("/children/0/n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "uuid | 7a1d2f34-5678-49ab-9012-abcdef123456 | true",
                "uuid | gts.o.t.n.a.v1~ | true",
                "uuid | 7a1d2f34 | false",
                "email | a@example.com | true",
                "email | a | false",
                "date-time | 2025-01-02T03:04:05Z | true",
                "date-time | 2025-01-02 | false",
                "date | 2025-01-02 | true",
                "date | 2025-13-02 | false",
                "time | 03:04:05Z | true",
                "time | 3 | false",
                "uri | https://example.com | true",
                "uri | a b | false",
                "hostname | example.com | true",
                "hostname | -x- | false",
                "ipv4 | 127.0.0.1 | true",
                "ipv4 | 127.0.0 | false",
                "ipv6 | ::1 | true",
                "ipv6 | 1 | false",
                "regex | ^a+$ | true",
                "regex | ( | false",
                "regex | ((a{1000}){1000}){1000} | false",
                "colour | anything | true",
            })
    void assertsFormatsAt14(String format, String value, boolean valid) {
        for (GtsProfile profile : GtsProfile.values()) {
            Documents documents = new Documents(profile).type(A, "properties: {p: {format: '" + format + "'}}");
            assertThat(documents.wrong(A, "{p: '" + value + "'}").isEmpty()).isEqualTo(valid || profile == GtsProfile.V0_11);
        }
    }

    @Test
    void speaksTheDialectOfTheType() {
        Documents documents = new Documents()
                .type("gts.x.test.ns.d4.v1~", "$schema: 'http://json-schema.org/draft-04/schema#', properties: {n: {minimum: 1, exclusiveMinimum: true}}")
                .type("gts.x.test.ns.d7.v1~", "properties: {n: {exclusiveMinimum: 1}, l: {items: [{type: 'string'}]}}")
                .type("gts.x.test.ns.d2020.v1~", "$schema: 'https://json-schema.org/draft/2020-12/schema', $defs: {s: {type: 'string'}},"
                        + " properties: {n: {exclusiveMinimum: 1}, l: {prefixItems: [{$ref: '#/$defs/s'}], items: false}, o: {unevaluatedProperties: false}}");

        for (Document type : documents.documents()) {
            assertThat(documents.wrong(type.key())).isEmpty();
            assertThat(documents.wrong(type.key(), "{n: 2}")).isEmpty();
            assertThat(documents.wrong(type.key(), "{n: 1}")).as(type.key()).isNotEmpty();
        }
        assertThat(documents.wrong("gts.x.test.ns.d7.v1~", "{l: ['a', 1]}")).isEmpty();
        assertThat(documents.wrong("gts.x.test.ns.d7.v1~", "{l: [1]}")).isNotEmpty();
        assertThat(documents.wrong("gts.x.test.ns.d2020.v1~", "{l: ['a']}")).isEmpty();
        assertThat(documents.wrong("gts.x.test.ns.d2020.v1~", "{l: ['a', 1]}")).isNotEmpty();
        assertThat(documents.wrong("gts.x.test.ns.d2020.v1~", "{o: {a: 1}}")).isNotEmpty();
    }

    @Test
    void tellsEveryViolation() {
        Documents documents = new Documents().type(A, "additionalProperties: {type: 'string'}");
        StringBuilder wrong = new StringBuilder("{");
        for (int i = 0; i < 300; i++) {
            wrong.append(i == 0 ? "" : ", ").append("p").append(i).append(": ").append(i);
        }

        assertThat(documents.wrong(A, "{'a/b': 1, 'c~d': 2, e: 'x'}"))
                .satisfiesExactlyInAnyOrder(
                        first -> assertThat(first).startsWith("at /a~1b: "), second -> assertThat(second).startsWith("at /c~0d: "));
        assertThat(documents.wrong(A, wrong + "}")).as("up to a hundred").hasSize(100);
    }
}

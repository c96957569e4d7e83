// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every schema keeps to, whatever else is registered, with checks or without. */
class SchemaRulesTest {
    private static final String ID = "$schema: 'http://json-schema.org/draft-07/schema#', $id: 'gts://gts.x.test.ns.a.v1~'";

    private static List<Violation> wrong(GtsProfile profile, String body) {
        return new SchemaRules(profile).check(Documents.json("{" + body + "}"));
    }

    private static List<Violation> wrong(String keywords) {
        return wrong(GtsProfile.V0_11, ID + ", " + keywords);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "type: 'object' | needs",
                "$id: 7 | needs",
                "$id: 'gts.x.test.ns.a.v1~' | gts://",
                "$id: 'gts://gts.x.test.ns.a.v1' | '~'",
                "$id: 'gts://gts.x.test.ns.a.v1~x.test.ns.i.v1' | ends with '~'",
                "$id: 'gts://gts.x.test.ns.a.v1~*' | pattern",
                "$id: 'gts://gts.x.test.ns.*' | pattern",
                "$id: 'gts://gts.X.test.ns.a.v1~' | position 4",
                "$id: 'https://example.com/a' | gts://",
            })
    void refusesOtherIds(String body, String reason) {
        for (GtsProfile profile : GtsProfile.values()) {
            assertThat(wrong(profile, "$schema: 's', " + body)).singleElement().satisfies(violation -> {
                assertThat(violation.message()).contains(reason);
                assertThat(violation.pointer()).isIn("", "/$id");
            });
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "x-gts-final: 'true' | /x-gts-final",
                "x-gts-final: 1 | /x-gts-final",
                "x-gts-abstract: null | /x-gts-abstract",
                "x-gts-abstract: [] | /x-gts-abstract",
                "x-gts-final: true, x-gts-abstract: true | /x-gts-final",
                "allOf: [{x-gts-final: true}] | /allOf/0/x-gts-final",
                "properties: {a: {x-gts-abstract: false}} | /properties/a/x-gts-abstract",
            })
    void refusesMalformedModifiers(String body, String pointer) {
        String keywords = body.replaceAll("(x-gts-[a-z]+):", "'$1':");
        for (GtsProfile profile : GtsProfile.values()) {
            assertThat(wrong(profile, ID + ", " + keywords))
                    .singleElement()
                    .returns(pointer, Violation::pointer);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'x-gts-final': true",
                "'x-gts-abstract': true",
                "'x-gts-final': false, 'x-gts-abstract': false",
                "'x-gts-final': true, 'x-gts-abstract': false",
                // data that looks like a modifier
                "properties: {'x-gts-final': {type: 'string'}}",
                "default: {'x-gts-final': 7}",
            })
    void acceptsModifiers(String body) {
        assertThat(wrong(body)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gts.*",
                "gts.x.test.*",
                "gts.x.test.ns.a.v1~",
                "gts.x.test.ns.a.v1~*",
                "gts.x.test.ns.a.v1~x.test.ns.i.v1",
                "/$id",
            })
    void acceptsOperandsOfGtsReferences(String operand) {
        for (GtsProfile profile : GtsProfile.values()) {
            assertThat(wrong(profile, ID + ", properties: {id: {type: 'string', 'x-gts-ref': '" + operand + "'}}")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "gts.x.y.z, Invalid GTS identifier: gts.x.y.z",
        "gts.x.test.ns.a.v1, Invalid GTS identifier: gts.x.test.ns.a.v1",
        "gts.x*, gts.x*",
        "gts://gts.x.test.ns.a.v1~, gts://",
        "order, order",
        "'', GTS identifier",
    })
    void refusesMalformedOperandsOfGtsReferences(String operand, String reason) {
        for (String place : List.of(
                "properties: {id: {'x-gts-ref': '%s'}}",
                "properties: {id: {oneOf: [{type: 'null'}, {'x-gts-ref': '%s'}]}}",
                "properties: {ids: {items: {'x-gts-ref': '%s'}}}",
                "definitions: {id: {'x-gts-ref': '%s'}}")) {
            assertThat(wrong(place.formatted(operand))).singleElement().satisfies(violation -> {
                assertThat(violation.message()).contains("x-gts-ref validation failed", reason);
                assertThat(violation.pointer()).endsWith("/x-gts-ref");
            });
        }
        assertThat(wrong("properties: {id: {'x-gts-ref': 7}}")).hasSize(1);
    }

    @Test
    void takesPointersOfGtsReferencesByTheProfile() {
        String constant = ", properties: {id: {'x-gts-ref': '/properties/kind/const'}, kind: {const: 'gts.x.test.ns.k.v1~'}}";
        String reference = ", properties: {id: {'x-gts-ref': '/properties/kind'}, kind: {'x-gts-ref': 'gts.x.test.ns.k.v1~'}}";
        String own = ", properties: {id: {'x-gts-ref': '/properties/kind'}, kind: {'x-gts-ref': '/$id'}}";
        String bad = ", properties: {id: {'x-gts-ref': '/properties/kind/const'}, kind: {const: 'order'}}";

        for (String body : List.of(constant, reference, own)) {
            assertThat(wrong(GtsProfile.V0_11, ID + body)).isEmpty();
        }
        assertThat(wrong(GtsProfile.V0_11, ID + bad)).hasSize(1);
        for (String body : List.of(constant, reference, bad)) {
            assertThat(wrong(GtsProfile.V0_14, ID + body)).hasSize(1);
        }
        assertThat(wrong(GtsProfile.V0_14, ID + own)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#",
                "#/definitions/x",
                "gts://gts.x.test.ns.other.v1~",
                "gts://gts.x.test.ns.other.v1~x.test.ns.more.v1.2~",
            })
    void acceptsReferencesToHereAndToTypes(String reference) {
        assertThat(wrong("properties: {a: {$ref: '" + reference + "'}}")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gts.x.test.ns.other.v1~",
                "gts://gts.x.test.ns.*",
                "gts://gts.x.test.ns.other.v1~*",
                "gts://order",
                "gts://",
                "http://json-schema.org/draft-07/schema#",
                "https://example.com/a.json",
                "file:///etc/passwd",
                "other.json#/a",
                "definitions/x",
                "#anchor",
                "",
            })
    void refusesReferencesToElsewhere(String reference) {
        assertThat(wrong("properties: {a: {$ref: '" + reference + "'}}"))
                .singleElement()
                .returns("/properties/a/$ref", Violation::pointer)
                .satisfies(violation -> assertThat(violation.message()).contains("gts://<type id>"));
    }

    @Test
    void takesDataForData() {
        assertThat(wrong("properties: {$ref: {type: 'string'}, pattern: {const: {pattern: '(', $ref: 7}}},"
                        + " examples: [{$ref: 'x'}], enum: [{'x-gts-ref': 'x'}]"))
                .isEmpty();
        assertThat(wrong("properties: {a: {$ref: 7}}")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?=a)b",
                "(?!a)b",
                "(a)\\\\1",
                "(",
                "[a",
                "a{1001}",
                "((a{100}){100}){100}",
                "((a{1000}){1000}){1000}",
                "(?:(?:[a-z]{0,900}){0,900}){0,900}",
            })
    void refusesExpressionsThatWouldNotMatchInLinearTime(String expression) {
        assertThat(wrong("properties: {a: {pattern: '" + expression + "'}}"))
                .singleElement()
                .returns("/properties/a/pattern", Violation::pointer)
                .satisfies(violation -> assertThat(violation.message()).contains("regular expression is not accepted"));
        assertThat(wrong("patternProperties: {'" + expression + "': {}}"))
                .singleElement()
                .satisfies(violation -> assertThat(violation.pointer()).startsWith("/patternProperties/"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"^(a+)+$", "^[a-z]{1,1000}$", "\\\\p{L}+", "[]{]{2}", "\\\\{{3}", "a{x}", "(?i)^[^\\\\]]{0,64}$", "{"})
    void acceptsExpressionsOfRe2(String expression) {
        assertThat(wrong("properties: {a: {pattern: '" + expression + "'}}")).isEmpty();
    }

    @Test
    void limitsTheExpressionsThatEachPropertyIsTriedWith() {
        String many = IntStream.range(0, 101).mapToObj(i -> "p" + i + ": {}").collect(Collectors.joining(", "));

        assertThat(wrong("patternProperties: {" + many + "}"))
                .singleElement()
                .returns("/patternProperties", Violation::pointer);
    }

    @Test
    void takesNestedTraitsByTheProfile() {
        String nested = ID + ", allOf: [{'x-gts-traits-schema': {type: 'object'}, 'x-gts-traits': {}}]";

        assertThat(wrong(GtsProfile.V0_11, nested)).isEmpty();
        assertThat(wrong(GtsProfile.V0_14, nested))
                .extracting(Violation::pointer)
                .containsExactlyInAnyOrder("/allOf/0/x-gts-traits-schema", "/allOf/0/x-gts-traits");
    }

    @ParameterizedTest
    @EnumSource
    void refusesUnknownKeywordsOfGtsByTheProfile(GtsProfile profile) {
        Documents documents = new Documents(profile).type(Documents.A, "properties: {a: {'x-gts-colour': 1, 'x-other': 1}}");

        if (profile == GtsProfile.V0_11) {
            assertThat(documents.wrong(Documents.A)).isEmpty();
        } else {
            assertThat(documents.wrong(Documents.A)).singleElement().asString().contains("/properties/a/x-gts-colour");
        }
    }
}

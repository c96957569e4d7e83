// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import static io.hyperspot.types.registry.engine.Documents.A;
import static io.hyperspot.types.registry.engine.Documents.B;
import static io.hyperspot.types.registry.engine.Documents.C;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GTS operation 12: a derived type only narrows. */
class DerivationTest {
    private static final String OPEN = "type: 'object', properties: {id: {type: 'string'}}, required: ['id']";
    private static final String CLOSED = OPEN + ", additionalProperties: false";

    private static Documents two(GtsProfile profile, String base, String overlay) {
        return new Documents(profile).type(A, base).derived(B, overlay);
    }

    private static Documents two(String base, String overlay) {
        return two(GtsProfile.V0_11, base, overlay);
    }

    @ParameterizedTest
    @EnumSource
    void acceptsBaseTypes(GtsProfile profile) {
        assertThat(new Documents(profile).type(A, CLOSED).wrong(A)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "properties: {more: {type: 'string'}}",
                "properties: {more: {type: 'object', properties: {deep: {type: 'integer'}}}}, required: ['more']",
                // closing an open base
                "additionalProperties: false",
                "properties: {id: {type: 'string'}, more: {}}, additionalProperties: false",
                // required adds up
                "required: []",
                "required: ['more']",
            })
    void mayAddToAnOpenBase(String overlay) {
        for (GtsProfile profile : GtsProfile.values()) {
            assertThat(two(profile, OPEN, overlay).wrong(B)).isEmpty();
        }
    }

    @Test
    void addsNothingToAClosedBase() {
        String overlay = "properties: {more: {type: 'string'}}, additionalProperties: false";
        for (GtsProfile profile : GtsProfile.values()) {
            assertThat(two(profile, CLOSED, overlay).wrong(B))
                    .singleElement()
                    .asString()
                    .contains("/properties/more", "closed");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "properties: {id: {type: 'string', minLength: 3}}",
                "properties: {id: {type: 'string'}}, additionalProperties: true",
                "properties: {id: {type: 'string'}}, additionalProperties: {type: 'string'}",
                "",
            })
    void repeatsAt11ThatTheBaseIsClosed(String overlay) {
        assertThat(two(CLOSED, overlay).wrong(B)).singleElement().asString().contains("additionalProperties");
        assertThat(two(CLOSED, overlay + (overlay.isEmpty() ? "" : ", ") + "additionalProperties: false").wrong(B))
                .isEmpty();
        assertThat(two(GtsProfile.V0_14, CLOSED, overlay).wrong(B)).isEmpty();
    }

    @Test
    void checksEveryLevelOfNesting() {
        String base = "properties: {l1: {type: 'object', properties: {l2: {type: 'object', properties: {id: {type: 'string',"
                + " maxLength: 9}}, additionalProperties: false}}}}";
        String same = base.replace("9", "8");
        String more = base.replace("{id:", "{more: {}, id:");
        String looser = base.replace("9", "10");

        for (GtsProfile profile : GtsProfile.values()) {
            assertThat(two(profile, base, same).wrong(B)).isEmpty();
            assertThat(two(profile, base, more).wrong(B))
                    .singleElement()
                    .asString()
                    .contains("/properties/l1/properties/l2/properties/more");
            assertThat(two(profile, base, looser).wrong(B))
                    .singleElement()
                    .asString()
                    .contains("/properties/l1/properties/l2/properties/id/maxLength", "9", "10");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                // bounds within the base's
                "{type: 'string', maxLength: 9} | {type: 'string', maxLength: 9}",
                "{type: 'string', maxLength: 9} | {type: 'string', maxLength: 8, minLength: 2, pattern: '^a'}",
                "{type: 'string'} | {type: 'string', maxLength: 8}",
                "{type: 'number', minimum: 1, maximum: 5} | {type: 'number', minimum: 1.5, maximum: 4.5}",
                "{type: 'number', exclusiveMinimum: 0} | {type: 'number', exclusiveMinimum: 0}",
                "{type: 'array', minItems: 1, maxItems: 9} | {type: 'array', minItems: 2, maxItems: 9}",
                "{type: 'object', maxProperties: 3} | {type: 'object', maxProperties: 2}",
                // values within the base's
                "{enum: ['a', 'b', 'c']} | {enum: ['a', 'c']}",
                "{enum: ['a', 'b', 'c']} | {const: 'b'}",
                "{const: 'a'} | {const: 'a'}",
                "{const: 'a'} | {enum: ['a']}",
                "{type: 'string', maxLength: 3} | {const: 'abc'}",
                "{type: 'string', minLength: 3, pattern: '^a'} | {enum: ['abc', 'axx']}",
                "{type: 'integer', minimum: 3, maximum: 5} | {enum: [3, 4, 5]}",
                "{type: 'array', maxItems: 1} | {const: [1]}",
                "{type: 'string'} | {type: 'string', enum: ['a']}",
                // types
                "{} | {type: 'string'}",
                "{type: 'number'} | {type: 'integer'}",
                "{type: ['string', 'null']} | {type: 'string'}",
                "{type: 'object'} | {type: 'object', properties: {a: {type: 'string'}}, additionalProperties: false}",
                "true | {type: 'string'}",
                // texts
                "{pattern: '^a'} | {pattern: '^a'}",
                "{format: 'uri'} | {format: 'uri'}",
                "{type: 'string'} | {type: 'string', format: 'uri'}",
                // items
                "{type: 'array', items: {type: 'string'}} | {type: 'array', items: {type: 'string', maxLength: 3}}",
                "{type: 'array', items: {type: 'number'}} | {type: 'array', items: {type: 'integer'}}",
                "{type: 'array'} | {type: 'array', items: {type: 'integer'}}",
                "{type: 'array', uniqueItems: true} | {type: 'array', uniqueItems: true}",
            })
    void mayNarrowAProperty(String base, String derived) {
        for (GtsProfile profile : GtsProfile.values()) {
            Documents documents = two(profile, "properties: {p: " + base + "}", "properties: {p: " + derived + "}");
            assertThat(documents.wrong(B)).as("%s", profile).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                // looser
                "{type: 'string', maxLength: 9} | {type: 'string', maxLength: 10}",
                "{type: 'string', minLength: 2} | {type: 'string', minLength: 1}",
                "{type: 'number', minimum: 1} | {type: 'number', minimum: 0.5}",
                "{type: 'number', maximum: 1} | {type: 'number', maximum: 1.5}",
                "{type: 'number', exclusiveMaximum: 1} | {type: 'number', exclusiveMaximum: 2}",
                "{type: 'array', minItems: 2} | {type: 'array', minItems: 1}",
                "{type: 'array', maxItems: 2} | {type: 'array', maxItems: 3}",
                "{type: 'array', uniqueItems: true} | {type: 'array', uniqueItems: false}",
                // dropped
                "{type: 'string', maxLength: 9} | {type: 'string'}",
                "{type: 'string', minLength: 9} | {type: 'string'}",
                "{type: 'number', maximum: 9} | {type: 'number'}",
                "{type: 'number', minimum: 9} | {type: 'number'}",
                "{type: 'array', minItems: 1} | {type: 'array'}",
                "{type: 'array', maxItems: 1} | {type: 'array'}",
                "{type: 'string', enum: ['a']} | {type: 'string'}",
                "{type: 'string', const: 'a'} | {type: 'string'}",
                "{type: 'string', pattern: '^a'} | {type: 'string'}",
                "{type: 'array', items: {type: 'string'}} | {type: 'array'}",
                // other values
                "{enum: ['a', 'b']} | {enum: ['a', 'x']}",
                "{enum: ['a', 'b']} | {const: 'x'}",
                "{const: 'a'} | {const: 'b'}",
                "{const: 'a'} | {enum: ['a', 'b']}",
                "{type: 'string', maxLength: 2} | {const: 'abc'}",
                "{type: 'string', pattern: '^a'} | {enum: ['abc', 'xyz']}",
                "{type: 'integer', maximum: 5} | {enum: [3, 6]}",
                "{type: 'string'} | {const: 7}",
                // other texts
                "{pattern: '^a'} | {pattern: '^ab'}",
                "{format: 'uri'} | {format: 'email'}",
                // other types
                "{type: 'string'} | {type: 'integer'}",
                "{type: 'integer'} | {type: 'number'}",
                "{type: 'string'} | {type: ['string', 'null']}",
                "{type: 'object'} | {type: 'array'}",
                "{type: 'array', items: {type: 'string'}} | {type: 'array', items: {type: 'integer'}}",
                "{type: 'array', items: {type: 'string', maxLength: 3}} | {type: 'array', items: {type: 'string'}}",
                // never
                "{type: 'string'} | false",
            })
    void mayNotLoosenAProperty(String base, String derived) {
        for (GtsProfile profile : GtsProfile.values()) {
            Documents documents = two(profile, "properties: {p: " + base + "}", "properties: {p: " + derived + "}");
            assertThat(documents.wrong(B)).as("%s", profile).isNotEmpty().allSatisfy(message ->
                    assertThat(message).startsWith("at /properties/p"));
        }
    }

    @Test
    void checksEveryPairOfAChain() {
        Documents documents = new Documents()
                .type(A, "properties: {n: {type: 'integer', maximum: 100}}")
                .derived(B, "properties: {n: {type: 'integer', maximum: 50}}")
                .derived(C, "properties: {n: {type: 'integer', maximum: 20}}");
        assertThat(documents.wrong(C)).isEmpty();

        documents.derived(C, "properties: {n: {type: 'integer', maximum: 60}}");
        assertThat(documents.wrong(C)).singleElement().asString().contains("50", "60");

        documents.derived(C, "properties: {n: {type: 'integer', maximum: 10}}")
                .derived(B, "properties: {n: {type: 'integer', maximum: 200}}");
        assertThat(documents.wrong(C)).as("the pair above is wrong").singleElement().asString().contains("in " + B);
    }

    @Test
    void needsEveryTypeOfTheChain() {
        Documents documents = new Documents().derived(B, "");
        assertThat(documents.wrong(B)).singleElement().asString().contains(A, "not registered");

        documents.derived(C, "").type(A, "type: 'object'").remove(B);
        assertThat(documents.wrong(C)).singleElement().asString().contains(B, "not registered");
    }

    @Test
    void leavesFinalTypesAlone() {
        String sibling = A + "x.test.ns.sibling.v1~";
        for (GtsProfile profile : GtsProfile.values()) {
            Documents documents = new Documents(profile)
                    .type(A, "type: 'object'")
                    .type(B, "'x-gts-final': true, allOf: [{$ref: 'gts://" + A + "'}]")
                    .derived(C, "")
                    .derived(sibling, "");
            assertThat(documents.wrong(B)).as("final itself").isEmpty();
            assertThat(documents.wrong(sibling)).isEmpty();
            assertThat(documents.wrong(C)).singleElement().asString().contains("final");
            assertThat(documents.derived(C + "x.test.ns.d.v1~", "").wrong(C + "x.test.ns.d.v1~"))
                    .as("any ancestor")
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesReferencesInACycle(GtsProfile profile) {
        String c = "gts.x.test.ns.c.v1~";
        String d = "gts.x.test.ns.d.v1~";
        Documents documents = new Documents(profile)
                .type(A, "allOf: [{$ref: 'gts://" + A + "'}]")
                .type(c, "oneOf: [{$ref: 'gts://" + d + "'}]")
                .type(d, "if: {$ref: 'gts://gts.x.test.ns.e.v1~'}")
                .type("gts.x.test.ns.e.v1~", "not: {$ref: 'gts://" + c + "'}")
                .type("gts.x.test.ns.f.v1~", "allOf: [{$ref: '#'}]")
                .type("gts.x.test.ns.g.v1~", "properties: {a: {$ref: '#/definitions/x'}}, definitions: {x: {anyOf: [{$ref: '#/definitions/x'}]}}");
        for (Document document : documents.documents()) {
            assertThat(documents.wrong(document.key())).as(document.key()).singleElement().asString().contains("itself");
            assertThat(documents.wrong(document.key(), "{a: 1}")).as(document.key()).singleElement().asString().contains("itself");
        }
    }

    @ParameterizedTest
    @EnumSource
    void comparesTypesThatReferToThemselvesForTheirParts(GtsProfile profile) {
        String tree = "type: 'object', properties: {name: {type: 'string', maxLength: 9}, left: {$ref: 'gts://" + A
                + "'}, right: {$ref: 'gts://" + A + "'}, all: {type: 'array', items: {$ref: '#'}}}";
        Documents documents = new Documents(profile).type(A, tree);
        assertThat(documents.wrong(A)).isEmpty();

        documents.derived(B, "properties: {left: {$ref: 'gts://" + A + "'}, right: {$ref: 'gts://" + A + "'}}");
        assertThat(documents.wrong(B)).isEmpty();

        documents.derived(B, "properties: {left: {type: 'object', properties: {name: {type: 'string', maxLength: 10}}}}");
        assertThat(documents.wrong(B)).singleElement().asString().contains("/properties/left/properties/name/maxLength");
    }

    @Test
    void takesTheChainedIdAloneAsDerivationAt14() {
        Documents documents = new Documents(GtsProfile.V0_14).type(A, CLOSED).type(B, "type: 'object'");
        assertThat(documents.wrong(B))
                .as("what is not repeated is gone")
                .anySatisfy(message -> assertThat(message).contains("requires 'id'"))
                .anySatisfy(message -> assertThat(message).contains("closed"));

        documents.type(B, CLOSED.replace("'string'", "'string', maxLength: 7"));
        assertThat(documents.wrong(B)).isEmpty();
    }

    @Test
    void keepsToOneDialectInAChainAt14() {
        String later = "$schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object'";

        assertThat(new Documents(GtsProfile.V0_14).type(A, OPEN).type(B, later + ", required: ['id'], properties: {id: {type: 'string'}}").wrong(B))
                .singleElement()
                .asString()
                .contains("/$schema", "dialect");
        assertThat(new Documents(GtsProfile.V0_14).type(A, later).type(B, later).wrong(B)).isEmpty();
    }

    @Test
    void resolvesReferencesWhenTheProfileSaysSo() {
        String dangling = "properties: {a: {$ref: 'gts://gts.x.test.ns.nowhere.v1~'}}";

        assertThat(new Documents().type(A, dangling).wrong(A)).as("a forward reference").isEmpty();
        assertThat(new Documents(GtsProfile.V0_14).type(A, dangling).wrong(A))
                .singleElement()
                .asString()
                .contains("gts.x.test.ns.nowhere.v1~");
        // transitively
        Documents documents = new Documents(GtsProfile.V0_14)
                .type("gts.x.test.ns.between.v1~", dangling)
                .type(A, "properties: {a: {$ref: 'gts://gts.x.test.ns.between.v1~'}}");
        assertThat(documents.wrong(A)).singleElement().asString().contains("gts.x.test.ns.nowhere.v1~");
    }
}

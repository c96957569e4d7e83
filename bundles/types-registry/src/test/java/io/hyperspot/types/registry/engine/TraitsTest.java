// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import static io.hyperspot.types.registry.engine.Documents.A;
import static io.hyperspot.types.registry.engine.Documents.B;
import static io.hyperspot.types.registry.engine.Documents.C;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GTS operation 13. */
class TraitsTest {
    private static final String RETENTION = "'x-gts-traits-schema': {type: 'object', additionalProperties: false, properties:"
            + " {retention: {type: 'string', default: 'P30D'}, topic: {type: 'string'}}}";
    private static final String TOPIC = "'x-gts-traits': {topic: 'orders'}";

    private static Documents base(GtsProfile profile, String body) {
        return new Documents(profile).type(A, "type: 'object', " + body);
    }

    /** A derived type with traits at its top level, as both profiles take them. */
    private static Documents derive(Documents documents, String id, String traits) {
        String parent = id.substring(0, id.lastIndexOf('~', id.length() - 2) + 1);
        return documents.type(id, "allOf: [{$ref: 'gts://" + parent + "'}], " + traits);
    }

    @ParameterizedTest
    @EnumSource
    void completesValuesWithDefaults(GtsProfile profile) {
        Documents documents = derive(base(profile, RETENTION), B, TOPIC);

        assertThat(documents.wrong(B)).isEmpty();
        assertThat(documents.engine.traits(documents.get(B), documents))
                .isEqualTo(Documents.json("{topic: 'orders', retention: 'P30D'}"));
        derive(documents, C, "type: 'object'");
        assertThat(documents.wrong(C)).as("inherited").isEmpty();
        assertThat(documents.engine.traits(documents.get(C), documents))
                .isEqualTo(Documents.json("{topic: 'orders', retention: 'P30D'}"));
    }

    @Test
    void readsTraitsInsideAllOfAt11() {
        Documents documents = base(GtsProfile.V0_11, RETENTION).derived(B, TOPIC);
        assertThat(documents.wrong(B)).isEmpty();
        assertThat(base(GtsProfile.V0_11, RETENTION).derived(B, "'x-gts-traits': {topic: 7}").wrong(B)).isNotEmpty();
    }

    @Test
    void wantsEveryTraitAt11AndTheRequiredOnesAt14() {
        assertThat(base(GtsProfile.V0_11, RETENTION).wrong(A)).singleElement().asString().contains("'topic'");
        assertThat(base(GtsProfile.V0_14, RETENTION).wrong(A)).isEmpty();
        String required = RETENTION.replace("{type: 'object',", "{type: 'object', required: ['topic', 'retention'],");
        assertThat(base(GtsProfile.V0_14, required).wrong(A)).as("the default counts").singleElement().asString().contains("topic");
    }

    @ParameterizedTest
    @EnumSource
    void leavesAbstractTypesIncomplete(GtsProfile profile) {
        String required = RETENTION.replace("{type: 'object',", "{type: 'object', required: ['topic'],");
        Documents documents = base(profile, "'x-gts-abstract': true, " + required);
        assertThat(documents.wrong(A)).isEmpty();
        assertThat(derive(documents, B, "type: 'object'").wrong(B)).isNotEmpty();
        assertThat(derive(documents, B, TOPIC).wrong(B)).isEmpty();

        String shape = "gts.x.test.ns.shape.v1~";
        documents.type(shape, "type: 'object', required: ['topic'], properties: {topic: {type: 'string'}}")
                .type(A, "type: 'object', 'x-gts-abstract': true, 'x-gts-traits-schema': {type: 'object', allOf: [{$ref: 'gts://" + shape + "'}]}");
        assertThat(documents.wrong(A)).as("what it refers to may be missing as well").isEmpty();
        assertThat(derive(documents, B, "type: 'object'").wrong(B)).isNotEmpty();
    }

    @Test
    void setsATraitOnceAt11AndOverridesItAt14() {
        String other = "'x-gts-traits': {topic: 'invoices'}";
        for (GtsProfile profile : GtsProfile.values()) {
            Documents documents = derive(derive(base(profile, RETENTION), B, TOPIC), C, TOPIC);
            assertThat(documents.wrong(C)).as("the same value again").isEmpty();
            derive(documents, C, other);
            if (profile == GtsProfile.V0_11) {
                assertThat(documents.wrong(C)).singleElement().asString().contains("orders", "invoices");
            } else {
                assertThat(documents.wrong(C)).isEmpty();
                assertThat(documents.engine.traits(documents.get(C), documents).path("topic").asText()).isEqualTo("invoices");
            }
        }
    }

    @Test
    void mergesAsAPatchAt14() {
        String schema = "'x-gts-traits-schema': {type: 'object', properties: {mail: {type: 'object'}, topic: {type: 'string'}}}";
        Documents documents = base(GtsProfile.V0_14, schema + ", 'x-gts-traits': {topic: 'a', mail: {from: 'x', to: 'y'}}");
        derive(documents, B, "'x-gts-traits': {topic: null, mail: {to: null, cc: 'z'}}");

        assertThat(documents.wrong(B)).isEmpty();
        assertThat(documents.engine.traits(documents.get(B), documents))
                .isEqualTo(Documents.json("{mail: {from: 'x', cc: 'z'}}"));
    }

    @Test
    void keepsTheDefaultOfATraitAt11() {
        String other = "'x-gts-traits-schema': {type: 'object', properties: {retention: {type: 'string', default: 'P1D'}}}, " + TOPIC;
        for (GtsProfile profile : GtsProfile.values()) {
            Documents documents = derive(base(profile, RETENTION), B, other);
            assertThat(documents.wrong(B).isEmpty()).isEqualTo(profile == GtsProfile.V0_14);
            derive(documents, B, other.replace("P1D", "P30D"));
            assertThat(documents.wrong(B)).as("the same default").isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // wrong type, unknown trait
                "'x-gts-traits': {topic: 7}",
                "'x-gts-traits': {topic: 'orders', colour: 'red'}",
                // narrowed, and not kept to
                "'x-gts-traits-schema': {type: 'object', properties: {topic: {enum: ['a', 'b']}}}, 'x-gts-traits': {topic: 'c'}",
                "'x-gts-traits-schema': {type: 'object', properties: {topic: {minLength: 9}}}, 'x-gts-traits': {topic: 'c'}",
                "'x-gts-traits-schema': {type: 'object', properties: {topic: {const: 'a'}}}, 'x-gts-traits': {topic: 'c'}",
                // no object
                "'x-gts-traits': 7",
                "'x-gts-traits-schema': {type: 'string'}, 'x-gts-traits': {topic: 'c'}",
            })
    void validatesTheValues(String traits) {
        for (GtsProfile profile : GtsProfile.values()) {
            assertThat(derive(base(profile, RETENTION), B, traits).wrong(B)).as("%s", profile).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void appliesNarrowingToInheritedValues(GtsProfile profile) {
        Documents documents = derive(base(profile, RETENTION), B, TOPIC);
        derive(documents, C, "'x-gts-traits-schema': {type: 'object', properties: {topic: {type: 'string', enum: ['orders', 'a']}}}");
        assertThat(documents.wrong(C)).isEmpty();

        derive(documents, C, "'x-gts-traits-schema': {type: 'object', properties: {topic: {type: 'string', enum: ['a', 'b']}}}");
        assertThat(documents.wrong(C)).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void locksAValueByConst(GtsProfile profile) {
        Documents documents = derive(
                base(profile, RETENTION),
                B,
                "'x-gts-traits-schema': {type: 'object', properties: {topic: {const: 'orders'}}}, " + TOPIC);
        assertThat(documents.wrong(B)).isEmpty();
        assertThat(derive(documents, C, "'x-gts-traits': {topic: 'invoices'}").wrong(C)).isNotEmpty();
        assertThat(derive(documents, C, TOPIC).wrong(C)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void wantsASchemaForTraits(GtsProfile profile) {
        assertThat(base(profile, TOPIC).wrong(A)).singleElement().asString().contains("x-gts-traits-schema");
        assertThat(derive(base(profile, "title: 'A'"), B, TOPIC).wrong(B)).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void resolvesReferencesInsideTheSchema(GtsProfile profile) {
        String shape = "gts.x.test.ns.shape.v1~";
        Documents documents = new Documents(profile)
                .type(shape, "type: 'object', properties: {topic: {$ref: '#/definitions/t'}}, definitions: {t: {type: 'string', maxLength: 6}}")
                .type(A, "type: 'object', 'x-gts-traits-schema': {type: 'object', allOf: [{$ref: 'gts://" + shape
                        + "'}], properties: {level: {$ref: '#/definitions/l'}}}, definitions: {l: {type: 'integer'}}, 'x-gts-traits': {topic: 'orders', level: 1}");
        assertThat(documents.wrong(A)).isEmpty();

        derive(documents.type(A, "type: 'object', 'x-gts-traits-schema': {$ref: 'gts://" + shape + "'}"), B, "'x-gts-traits': {topic: 'too long'}");
        assertThat(documents.wrong(B)).isNotEmpty();

        documents.remove(shape);
        assertThat(documents.wrong(B)).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void refusesSchemasInACycle(GtsProfile profile) {
        String shape = "gts.x.test.ns.shape.v1~";
        Documents documents = new Documents(profile)
                .type(shape, "type: 'object', allOf: [{$ref: 'gts://gts.x.test.ns.other.v1~'}]")
                .type("gts.x.test.ns.other.v1~", "type: 'object', allOf: [{$ref: 'gts://" + shape + "'}]")
                .type(A, "type: 'object', 'x-gts-traits-schema': {type: 'object', allOf: [{$ref: 'gts://" + shape + "'}]}, 'x-gts-traits': {}");

        assertThat(documents.wrong(A)).anySatisfy(message -> assertThat(message).contains("itself"));
    }

    @Test
    void wantsClosedSchemasOfTheEntityAt11() {
        String open = RETENTION.replace("additionalProperties: false, ", "") + ", " + TOPIC;
        for (GtsProfile profile : GtsProfile.values()) {
            Documents documents = base(profile, open);
            assertThat(documents.wrong(A)).isEmpty();
            assertThat(documents.engine.validateEntity(documents.get(A), documents).isEmpty())
                    .isEqualTo(profile == GtsProfile.V0_14);
            assertThat(base(profile, RETENTION + ", " + TOPIC).wrong(A)).isEmpty();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** GTS operation 8. */
class CompatibilityTest {
    private static final String V0 = "gts.x.test.ns.order.v1.0~";
    private static final String V1 = "gts.x.test.ns.order.v1.1~";

    private static Compatibility between(GtsProfile profile, String old, String next) {
        Documents documents = new Documents(profile).type(V0, old).type(V1, next);
        return documents.engine.compatibility(documents.get(V0), documents.get(V1), documents);
    }

    private static String verdict(GtsProfile profile, String old, String next) {
        Compatibility compatibility = between(profile, old, next);
        return (compatibility.isBackward() ? "b" : "-") + (compatibility.isForward() ? "f" : "-");
    }

    /** b: backward, f: forward; at 0.11, then at 0.14. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                // nothing
                "properties: {a: {type: 'string'}} | properties: {a: {type: 'string', title: 'A', description: 'x', default: 'y'}} | bf | bf",
                // optional properties
                "properties: {} | properties: {b: {type: 'string'}} | bf | -f",
                "properties: {b: {type: 'string'}} | properties: {} | bf | b-",
                "properties: {}, additionalProperties: false | properties: {b: {}}, additionalProperties: false | bf | b-",
                "properties: {b: {}}, additionalProperties: false | properties: {}, additionalProperties: false | bf | -f",
                "properties: {} | properties: {}, additionalProperties: false | bf | -f",
                "properties: {}, additionalProperties: false | properties: {} | bf | b-",
                // required
                "properties: {a: {}} | properties: {a: {}}, required: ['a'] | -f | -f",
                "properties: {a: {}}, required: ['a'] | properties: {a: {}} | b- | b-",
                // types
                "properties: {a: {type: 'string'}} | properties: {a: {type: 'integer'}} | -- | --",
                "properties: {a: {type: 'integer'}} | properties: {a: {type: 'number'}} | -- | b-",
                "properties: {a: {type: ['string', 'null']}} | properties: {a: {type: 'string'}} | -- | -f",
                // enum and const
                "properties: {a: {enum: ['x']}} | properties: {a: {enum: ['x', 'y']}} | -f | b-",
                "properties: {a: {enum: ['x', 'y']}} | properties: {a: {enum: ['x']}} | b- | -f",
                "properties: {a: {enum: ['x', 'y']}} | properties: {a: {enum: ['y', 'x']}} | bf | bf",
                "properties: {a: {enum: ['x', 'y']}} | properties: {a: {enum: ['x', 'z']}} | -- | --",
                "properties: {a: {}} | properties: {a: {enum: ['x']}} | -f | -f",
                "properties: {a: {const: 'x'}} | properties: {a: {const: 'y'}} | -- | --",
                "properties: {t: {const: 'gts.x.test.ns.order.v1.0~'}} | properties: {t: {const: 'gts.x.test.ns.order.v1.1~'}} | bf | --",
                // bounds
                "properties: {a: {maxLength: 9}} | properties: {a: {maxLength: 8}} | -f | -f",
                "properties: {a: {maxLength: 8}} | properties: {a: {maxLength: 9}} | b- | b-",
                "properties: {a: {}} | properties: {a: {maxLength: 9}} | -f | -f",
                "properties: {a: {minimum: 1}} | properties: {a: {}} | b- | b-",
                "properties: {a: {minimum: 1}} | properties: {a: {minimum: 1.0}} | bf | bf",
                "properties: {a: {minItems: 1, maxItems: 3}} | properties: {a: {minItems: 2, maxItems: 4}} | -- | --",
                "properties: {a: {pattern: '^a'}} | properties: {a: {pattern: '^b'}} | -- | --",
                // nested, items
                "properties: {o: {type: 'object', properties: {a: {maximum: 1}}}} | properties: {o: {type: 'object', properties: {a: {maximum: 2}}}} | b- | b-",
                "properties: {o: {properties: {a: {}}}} | properties: {o: {properties: {a: {}}, required: ['a']}} | -f | -f",
                "properties: {l: {items: {type: 'string'}}} | properties: {l: {items: {type: 'integer'}}} | -- | --",
                "properties: {l: {items: {properties: {a: {}}}}} | properties: {l: {items: {properties: {a: {}}, required: ['a']}}} | -f | -f",
                // what cannot be compared is not taken for compatible
                "properties: {a: {oneOf: [{type: 'string'}]}} | properties: {a: {oneOf: [{type: 'string'}]}} | bf | bf",
                "properties: {a: {oneOf: [{type: 'string'}]}} | properties: {a: {oneOf: [{type: 'integer'}]}} | -- | --",
                "not: {required: ['a']} | not: {required: ['b']} | -- | --",
                "properties: {a: {multipleOf: 2}} | properties: {a: {multipleOf: 3}} | -- | --",
            })
    void comparesPropertyByProperty(String old, String next, String at11, String at14) {
        assertThat(verdict(GtsProfile.V0_11, old, next)).as("0.11").isEqualTo(at11);
        assertThat(verdict(GtsProfile.V0_14, old, next)).as("0.14").isEqualTo(at14);
    }

    @ParameterizedTest
    @EnumSource
    void seesAllOfAndReferencesAsOneType(GtsProfile profile) {
        String shape = "gts.x.test.ns.shape.v1~";
        Documents documents = new Documents(profile)
                .type(shape, "properties: {a: {type: 'string', maxLength: 5}}, required: ['a']")
                .type(V0, "properties: {a: {type: 'string', maxLength: 5}}, required: ['a']")
                .type(V1, "allOf: [{$ref: 'gts://" + shape + "'}, {title: 'x'}]");

        assertThat(documents.engine.compatibility(documents.get(V0), documents.get(V1), documents))
                .isEqualTo(new Compatibility(
                        java.util.List.of(), java.util.List.of(), java.util.List.of(), java.util.List.of(), java.util.List.of()));
    }

    @Test
    void namesWhatIsAddedRemovedAndChanged() {
        Compatibility compatibility = between(
                GtsProfile.V0_11,
                "properties: {same: {}, gone: {}, o: {properties: {a: {type: 'string'}, gone: {}}}}",
                "properties: {same: {}, more: {}, o: {properties: {a: {type: 'integer'}, more: {}}}}, required: ['more']");

        assertThat(compatibility.added()).containsExactly("more", "o.more");
        assertThat(compatibility.removed()).containsExactlyInAnyOrder("gone", "o.gone");
        assertThat(compatibility.changed()).contains("o.a").doesNotContain("same");
        assertThat(compatibility.backwardErrors())
                .anySatisfy(error -> assertThat(error).contains("'more'", "required"))
                .anySatisfy(error -> assertThat(error).contains("'o.a'", "string", "integer"));
    }

    @ParameterizedTest
    @EnumSource
    void comparesTypesThatReferToThemselves(GtsProfile profile) {
        String tree = "type: 'object', properties: {n: {maximum: 9}, left: {$ref: '#'}, right: {$ref: '#'}, all: {items: {$ref: '#'}}}";

        assertThat(verdict(profile, tree, tree)).isEqualTo("bf");
        assertThat(verdict(profile, tree, tree.replace("9", "8"))).isEqualTo("-f");
    }
}

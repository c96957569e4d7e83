// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** GTS operation 9. */
class CastTest {
    private static final String TARGET = "gts.x.test.ns.order.v1.1~";

    private static Cast cast(String type, String instance) {
        Documents documents = new Documents().type(TARGET, type).instance("{id: '4711', " + instance + "}");
        return documents.engine.cast(documents.get("4711"), documents.get(TARGET), documents);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                // defaults
                "properties: {a: {default: 7}} | b: 1 | b: 1, a: 7",
                "properties: {a: {default: 7}} | a: 1 | a: 1",
                "properties: {a: {default: 7}} | a: null | a: null",
                "properties: {a: {default: {x: [1]}}}, required: ['a'] | b: 1 | b: 1, a: {x: [1]}",
                "properties: {a: {}} | b: 1 | b: 1",
                // what a closed type does not know
                "properties: {id: {}, a: {}}, additionalProperties: false | a: 1, b: 2 | a: 1",
                "properties: {a: {}} | a: 1, b: 2 | a: 1, b: 2",
                "properties: {id: {}}, patternProperties: {'^x-': {}}, additionalProperties: false | 'x-a': 1, b: 2 | 'x-a': 1",
                // constants that name the type
                "properties: {t: {const: 'gts.x.test.ns.order.v1.1~'}} | t: 'gts.x.test.ns.order.v1.0~' | t: 'gts.x.test.ns.order.v1.1~'",
                "properties: {t: {const: 'other'}} | t: 'one' | t: 'one'",
                // inside
                "properties: {o: {type: 'object', properties: {a: {default: 7}}, additionalProperties: false}} | o: {b: 1} | o: {a: 7}",
                "properties: {l: {items: {properties: {a: {default: 7}}}}} | l: [{}, {a: 1}, 3] | l: [{a: 7}, {a: 1}, 3]",
                "properties: {l: {items: {items: {properties: {a: {default: 7}}}}}} | l: [[{}]] | l: [[{a: 7}]]",
                // through references and allOf
                "allOf: [{properties: {o: {$ref: '#/definitions/o'}}}], definitions: {o: {properties: {a: {default: 7}}}} | o: {} | o: {a: 7}",
                "properties: {n: {$ref: '#'}, a: {default: 7}} | n: {n: {}} | n: {n: {a: 7}, a: 7}, a: 7",
            })
    void makesAnInstanceFit(String type, String instance, String expected) {
        Cast cast = cast(type, instance);

        assertThat(cast.entity()).isEqualTo(Documents.json("{id: '4711', " + expected + "}"));
        assertThat(cast.reasons()).isEmpty();
    }

    @Test
    void saysWhatItCannotInvent() {
        Cast cast = cast("properties: {a: {}, o: {properties: {b: {}}, required: ['b']}}, required: ['a']", "o: {}");

        assertThat(cast.reasons()).satisfiesExactlyInAnyOrder(
                first -> assertThat(first).contains("'a'", "no default"), second -> assertThat(second).contains("'o.b'", "no default"));
    }

    @Test
    void leavesTheInstanceAsItIs() {
        Documents documents = new Documents().type(TARGET, "properties: {a: {default: 7}}").instance("{id: '4711'}");
        documents.engine.cast(documents.get("4711"), documents.get(TARGET), documents);

        assertThat(documents.get("4711").content()).isEqualTo(Documents.json("{id: '4711'}"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentificationTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                // schemas: of GTS, derived, and of others
                "{$schema:'s', $id:'gts://gts.x.t.n.a.v1~'} | true | gts.x.t.n.a.v1~ | $id | - | -",
                "{$schema:'s', $id:'gts://gts.x.t.n.a.v1~x.t.n.b.v1~', type:'object'}"
                        + " | true | gts.x.t.n.a.v1~x.t.n.b.v1~ | $id | gts.x.t.n.a.v1~ | $id",
                "{$schema:'s', $id:'https://example.com/s.json', type:'object'} | true | https://example.com/s.json | $id | - | -",
                "{$schema:'s', id:'gts.x.t.n.a.v1~'} | true | - | - | - | -",
                "{$schema:'s'} | true | - | - | - | -",
                // instances: well-known, combined anonymous, anonymous, of others
                "{id:'gts.x.t.n.a.v1~x.t.n.i.v1', type:'gts.o.t.n.a.v1~'}"
                        + " | false | gts.x.t.n.a.v1~x.t.n.i.v1 | id | gts.x.t.n.a.v1~ | id",
                "{id:'gts.x.t.n.a.v1~7a1d2f34-5678-49ab-9012-abcdef123456'}"
                        + " | false | gts.x.t.n.a.v1~7a1d2f34-5678-49ab-9012-abcdef123456 | id | gts.x.t.n.a.v1~ | id",
                "{id:'7a1d2f34-5678-49ab-9012-abcdef123456', type:'gts.x.t.n.a.v1~'}"
                        + " | false | 7a1d2f34-5678-49ab-9012-abcdef123456 | id | gts.x.t.n.a.v1~ | type",
                "{id:'4711'} | false | 4711 | id | - | -",
                "{name:'x'} | false | - | - | - | -",
                "{} | false | - | - | - | -",
                // no $schema, so no schema
                "{id:'7a1d2f34-5678-49ab-9012-abcdef123456', $id:'gts://gts.x.t.n.a.v1~', type:'object'}"
                        + " | false | gts.x.t.n.a.v1~ | $id | - | -",
                // an instance needs a type before it, and is answered as it is written
                "{id:'gts.x.t.n.a.v1'} | false | gts.x.t.n.a.v1 | id | - | -",
                // a GTS id goes before any other; else the order of the fields decides
                "{gtsId:'4711', id:'gts.x.t.n.a.v1~x.t.n.i.v1'}"
                        + " | false | gts.x.t.n.a.v1~x.t.n.i.v1 | id | gts.x.t.n.a.v1~ | id",
                "{id:'1', gts_id:'2', gtsId:'3'} | false | 3 | gtsId | - | -",
                "{id:'1', type:'a', gtsTid:'b'} | false | 1 | id | b | gtsTid",
                "{id:'1', type:'order', schema:'gts.x.t.n.a.v1~'} | false | 1 | id | gts.x.t.n.a.v1~ | schema",
                "{id:'1', type:'gts://gts.x.t.n.a.v1~'} | false | 1 | id | gts.x.t.n.a.v1~ | type",
                // a dialect is no type, and neither is what is no text
                "{id:'1', schema:'http://json-schema.org/draft-07/schema#'} | false | 1 | id | - | -",
                "{id:7, type:{a:1}, gtsId:''} | false | - | - | - | -",
            })
    void findsIdAndType(String json, boolean isType, String id, String idField, String typeId, String typeField) {
        assertThat(Identification.of(Documents.json(json)))
                .isEqualTo(new Identification(isType, id, idField, typeId, typeField));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"gtsId", "gtsIid", "gtsOid", "gtsI", "gts_id", "gts_oid", "gts_iid", "id", "$id"})
    void looksForTheIdInEachField(String field) {
        Identification found = Identification.of(Documents.json("{'" + field + "': '4711'}"));

        assertThat(found.id()).isEqualTo("4711");
        assertThat(found.idField()).isEqualTo(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gtsTid", "gtsType", "gtsT", "gts_t", "gts_tid", "gts_type", "type", "schema"})
    void looksForTheTypeInEachField(String field) {
        Identification found = Identification.of(Documents.json("{id:'1', '" + field + "': 'gts.x.t.n.a.v1~'}"));

        assertThat(found.typeId()).isEqualTo("gts.x.t.n.a.v1~");
        assertThat(found.typeField()).isEqualTo(field);
    }

    @Test
    void registersInstancesUnderWhateverIdTheyHave() throws Exception {
        GtsEngine engine = new GtsEngine(GtsProfile.V0_11);

        assertThat(engine.document(Documents.json("{id:'test-id-123'}")).key()).isEqualTo("test-id-123");
        // looks like a type, and is an instance all the same
        Document typeLike = engine.document(Documents.json("{id:'gts.x.t.n.a.v1~'}"));
        assertThat(typeLike.isType()).isFalse();
        assertThat(typeLike.typeId()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{name:'x'}", "{id:''}", "{id:7}"})
    void refusesInstancesWithoutAnId(String json) {
        assertThatThrownBy(() -> new GtsEngine(GtsProfile.V0_11).document(Documents.json(json)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("\"id\"");
    }

    @Test
    void refusesWhatIsNoObject() {
        assertThatThrownBy(() -> new GtsEngine(GtsProfile.V0_11)
                        .document(Documents.json("{a:[1]}").path("a")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("one JSON object");
    }
}

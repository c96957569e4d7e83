// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import static io.hyperspot.types.registry.engine.Documents.A;
import static io.hyperspot.types.registry.engine.Documents.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsPattern;
import io.hyperspot.gts.GtsQuery;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** GTS operation 10. */
class QueryTest {
    private static final String I = A + "x.test.ns.i.v1";
    private static final String J = B + "x.test.ns.j.v1";

    private static Documents documents(GtsProfile profile) {
        return new Documents(profile)
                .type(A, "type: 'object'")
                .derived(B, "")
                .instance("{id: '" + I + "', status: 'open', count: 7, price: 7.50, flag: true, none: null, screen: 'gts.x.test.ns.a.v1~x.test.ns.k.v1', a: {b: [{c: 'deep'}]}}")
                .instance("{id: '" + J + "', status: 'closed', text: 'a, \"b\"]'}")
                .instance("{id: '4711', type: '" + A + "', status: 'open'}");
    }

    private static List<String> answer(GtsProfile profile, String query, int limit) {
        Documents documents = documents(profile);
        return documents.engine.query(GtsQuery.parse(query), documents, limit).stream().map(Document::key).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "gts.x.test.ns.a.v1~ | A",
                "gts.x.test.ns.a.v1~x.test.ns.i.v1 | I",
                "gts.x.test.ns.none.v1~ | -",
                "gts.* | A B I J",
                "gts.x.test.ns.a.v1~* | B I J",
                "gts.x.test.ns.a.v1~x.test.ns.b.* | B J",
                "gts.x.test.ns.a.v1~x.test.ns.b.v1~* | J",
                "gts.*[status=open] | I",
                "gts.*[status=\"open\"] | I",
                "gts.*[status=*] | I J",
                "gts.*[status=open, count=7] | I",
                "gts.*[status=open, count=8] | -",
                "gts.*[count=7.0] | -",
                "gts.*[price=7.50] | I",
                "gts.*[flag=true] | I",
                "gts.*[none=*] | -",
                "gts.*[none=null] | -",
                "gts.*[nothing=] | -",
                "gts.*[text=\"a, \\\"b\\\"]\"] | J",
                "gts.*[a.b[0].c=deep] | I",
                "gts.*[a.b[1].c=deep] | -",
                "gts.*[screen=gts.x.test.ns.a.v1~*] | I",
                "gts.*[screen=gts.x.test.ns.b.*] | -",
                "gts.x.test.ns.a.v1~[status=open] | -",
            })
    void findsByBaseAndConditions(String query, String expected) {
        List<String> keys = List.of(expected.split(" ")).stream()
                .filter(name -> !name.equals("-"))
                .map(name -> switch (name) {
                    case "A" -> A;
                    case "B" -> B;
                    case "I" -> I;
                    default -> J;
                })
                .toList();
        assertThat(answer(GtsProfile.V0_11, query, 100)).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void answersAsManyAsAskedForInTheOrderOfTheKeys() {
        assertThat(answer(GtsProfile.V0_11, "gts.*", 2)).containsExactly(A, B);
    }

    @ParameterizedTest
    @EnumSource
    void matchesTheTypeItselfBelowATypeAt14(GtsProfile profile) {
        boolean itself = profile == GtsProfile.V0_14;

        assertThat(answer(profile, A + "*", 100)).as("a query asks for what is below").doesNotContain(A);
        GtsEngine engine = new GtsEngine(profile);
        assertThat(engine.matches(GtsPattern.parse(A + "*"), GtsId.parse(A))).isEqualTo(itself);
        assertThat(engine.matches(GtsPattern.parse(A + "*"), GtsId.parse("gts.x.test.ns.a.v1.5~"))).isEqualTo(itself);
        assertThat(engine.matches(GtsPattern.parse(A + "*"), GtsId.parse("gts.x.test.ns.a.v2~"))).isFalse();
        assertThat(engine.matches(GtsPattern.parse(A + "*"), GtsId.parse(I))).isTrue();
        assertThat(engine.matches(GtsPattern.parse(A + "x.*"), GtsId.parse(A))).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void takesTheEmbeddedUuidAt14(GtsProfile profile) {
        String uuid = "7a1d2f34-5678-49ab-9012-abcdef123456";
        GtsId anonymous = GtsId.parse("gts.x.core.events.event.v1~" + uuid);
        GtsEngine engine = new GtsEngine(profile);

        assertThat(engine.uuid(anonymous))
                .hasToString(profile == GtsProfile.V0_14 ? uuid : "c4a03670-658d-5d58-9bf2-65d88b70ec73");
        assertThat(engine.uuid(GtsId.parse("gts.x.test5.events.type.v1~"))).hasToString("de567dcc-10ef-597d-8f82-3c999ed9b979");
    }
}

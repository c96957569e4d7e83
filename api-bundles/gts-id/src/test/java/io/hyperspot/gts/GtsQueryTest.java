// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperspot.gts.GtsQuery.Condition;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GtsQueryTest {
    private static Condition condition(String path, String value) {
        return new Condition(GtsPath.parse(path), value);
    }

    @Test
    void readsABaseAlone() {
        assertThat(GtsQuery.parse("gts.acme.*")).isEqualTo(new GtsQuery(GtsPattern.parse("gts.acme.*"), java.util.List.of()));
    }

    @Test
    void readsBareAndQuotedValues() {
        GtsQuery query = GtsQuery.parse("gts.acme.*[status=open, customer.name=\"Ada, \\\"L\\\" \\\\ ]\",items[0].id = 7 ,note=*]");

        assertThat(query.base()).hasToString("gts.acme.*");
        assertThat(query.conditions())
                .containsExactly(
                        condition("status", "open"),
                        condition("customer.name", "Ada, \"L\" \\ ]"),
                        condition("items[0].id", "7"),
                        condition("note", "*"));
        assertThat(query.conditions()).extracting(Condition::anyValue).containsExactly(false, false, false, true);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '#',
            value = {
                "gts.acme.*, gts.acme.*",
                "gts.acme.*[a=b], #gts.acme.*[a=\"b\"]#",
                "#gts.acme.*[ a = b , c = \"d\" ]#, #gts.acme.*[a=\"b\", c=\"d\"]#",
                "gts.acme.*[a=*], gts.acme.*[a=*]",
                "gts.acme.*[a=], #gts.acme.*[a=\"\"]#",
                "#gts.acme.*[a=x\"y]#, #gts.acme.*[a=\"x\\\"y\"]#",
                "#gts.a.b.c.d.v1~[a=gts.x.y.z.w.v1~*]#, #gts.a.b.c.d.v1~[a=\"gts.x.y.z.w.v1~*\"]#",
            })
    void printsAFormThatMeansTheSame(String text, String printed) {
        GtsQuery query = GtsQuery.parse(text);

        assertThat(query).hasToString(printed);
        assertThat(GtsQuery.parse(printed)).isEqualTo(query);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '#',
            value = {
                "##, 0",
                "[a=b], 0",
                "gts.acme, 8",
                "gts.acme.shop.orders.order.v1[a=b], 29",
                "gts.acme.o*[a=b], 10",
                "gts.acme.*[, 11",
                "gts.acme.*[], 11",
                "gts.acme.*[a, 11",
                "gts.acme.*[a], 11",
                "gts.acme.*[=b], 11",
                "gts.acme.*[a.=b], 13",
                "gts.acme.*[a[x]=b], 13",
                "gts.acme.*[a=b, 14",
                "#gts.acme.*[a=\"b]#, 16",
                "#gts.acme.*[a=\"b\" c]#, 17",
                "#gts.acme.*[a=b,]#, 15",
                "gts.acme.*[a=b]x, 15",
                "gts.acme.*[a=b][c=d], 15",
            })
    void refusesMalformedQueriesAndSaysWhere(String text, int position) {
        GtsSyntaxException e = catchThrowableOfType(GtsSyntaxException.class, () -> GtsQuery.parse(text));

        assertThat(e).as(text).isNotNull();
        assertThat(e.position()).isEqualTo(position);
        assertThat(e.expected()).isNotBlank();
    }

    @Test
    void limitsTheConditions() {
        String most = "gts.acme.*[" + String.join(",", Collections.nCopies(32, "a=b"));

        assertThat(GtsQuery.parse(most + "]").conditions()).hasSize(32);
        assertThat(catchThrowableOfType(GtsSyntaxException.class, () -> GtsQuery.parse(most + ",a=b]")))
                .hasMessageContaining("at most 32 conditions");
    }
}

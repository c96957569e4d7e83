// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GtsSelectorTest {
    private static final String ORDER = "gts.acme.shop.orders.order.v1~";

    @Test
    void splitsAtTheFirstAt() {
        GtsSelector selector = GtsSelector.parse(ORDER + "@mail.a@b[0]");

        assertThat(selector.id()).isEqualTo(GtsId.parse(ORDER));
        assertThat(selector.path()).isEqualTo(GtsPath.parse("mail.a@b[0]"));
        assertThat(selector).hasToString(ORDER + "@mail.a@b[0]");
    }

    @ParameterizedTest
    @CsvSource({
        "gts.acme.shop.orders.order.v1~, 30",
        "gts.acme.shop.orders.order.v1~@, 31",
        "gts.acme.shop.orders.order.v1~@a., 33",
        "gts.acme.shop.orders.order.v1~@a[x], 33",
        "gts.acme.shop.orders.order.v1@a, 29",
        "gts.acme.shop.*@a, 14",
        "@a, 0",
        "'', 0",
    })
    void refusesMalformedSelectorsAndSaysWhere(String text, int position) {
        GtsSyntaxException e = catchThrowableOfType(GtsSyntaxException.class, () -> GtsSelector.parse(text));

        assertThat(e).as(text).isNotNull();
        assertThat(e.position()).isEqualTo(position);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.gts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyperspot.gts.GtsPath.Index;
import io.hyperspot.gts.GtsPath.Name;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GtsPathTest {
    @Test
    void readsNamesAndIndexes() {
        assertThat(GtsPath.parse("payload.items[0][12].name").steps())
                .containsExactly(
                        new Name("payload"), new Name("items"), new Index(0), new Index(12), new Name("name"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.b", "a[0]", "[0]", "[0][1].a", "a[2147483647]", "$id", "x-gts-ref", "é ñ.ß", "a]b"})
    void printsWhatItRead(String text) {
        assertThat(GtsPath.parse(text)).hasToString(text).isEqualTo(GtsPath.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0",
        ".a, 0",
        "a., 2",
        "a..b, 2",
        "a[, 2",
        "a[0, 2",
        "a[], 2",
        "a[x], 2",
        "a[-1], 2",
        "a[-0], 2",
        "a[+1], 2",
        "a[007], 2",
        "a[1 ], 2",
        "a[٣], 2",
        "a[2147483648], 2",
        "a[0]b, 4",
        "a[0]., 5",
        "a.[0], 2",
    })
    void refusesMalformedPathsAndSaysWhere(String text, int position) {
        GtsSyntaxException e = catchThrowableOfType(GtsSyntaxException.class, () -> GtsPath.parse(text));

        assertThat(e).as(text).isNotNull();
        assertThat(e.position()).isEqualTo(position);
        assertThat(e.expected()).isNotBlank();
    }

    @Test
    void limitsTheSteps() {
        String longest = "a" + ".a".repeat(63);

        assertThat(GtsPath.parse(longest).steps()).hasSize(64);
        assertThat(catchThrowableOfType(GtsSyntaxException.class, () -> GtsPath.parse(longest + "[0]")))
                .hasMessageContaining("at most 64 steps");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.gts.GtsPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** GTS operation 11. */
class AttributesTest {
    private static final ObjectNode CONTENT = Documents.json("{id: 'x', a: {b: [{c: 7}, [1, 2]], n: null}, $id: 'y', 'd-e': true}");

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            delimiter = '|',
            value = {
                "id | \"x\"",
                "$id | \"y\"",
                "d-e | true",
                "a.b[0].c | 7",
                "a.b[0] | {\"c\":7}",
                "a.b[1][1] | 2",
                "a.n | null",
                "a.x | -",
                "a.n.x | -",
                "a.b.c | -",
                "a.b[2] | -",
                "a[0] | -",
                "id[0] | -",
                "id.length | -",
                "[0] | -",
            })
    void findsTheValueAtAPath(String path, String json) {
        var value = Attributes.find(CONTENT, GtsPath.parse(path));

        assertThat(value == null ? null : value.toString()).isEqualTo(json);
    }

    @Test
    void namesThePathsThereAre() {
        assertThat(Attributes.available(CONTENT))
                .containsExactly(
                        "id", "a", "a.b", "a.b[0]", "a.b[0].c", "a.b[1]", "a.b[1][0]", "a.b[1][1]", "a.n", "$id", "d-e");
    }

    @Test
    void namesNoMoreThanAnybodyReads() {
        ObjectNode large = Documents.json("{}");
        for (int i = 0; i < 10_000; i++) {
            large.putObject("p" + i).put("q", i);
        }
        assertThat(Attributes.available(large)).hasSizeBetween(100, 501);
    }
}

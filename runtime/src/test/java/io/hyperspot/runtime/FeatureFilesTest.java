// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FeatureFilesTest {
    @Test
    void ordersTheBundlesOfAllFeatures(@TempDir Path dir) throws IOException {
        TinyDistribution distribution = new TinyDistribution(dir)
                .bundle("late", 9, Map.of())
                .bundle("early", 1, Map.of())
                .bundle("api", 0, Map.of());
        distribution.build();
        Installation installation = distribution.feature(
                "another.json",
                "{\"id\": \"test:another:1\", \"name\": \"Another\", \"bundles\": [{\"id\": \"test:api:1.0.0\"}]}");

        assertThat(FeatureFiles.read(installation))
                .extracting(entry -> entry.file().getFileName() + " " + entry.startLevel())
                .containsExactly("api-1.0.0.jar 0", "early-1.0.0.jar 1", "late-1.0.0.jar 9");
    }

    @Test
    void takesAFeatureWithoutBundles(@TempDir Path dir) throws IOException {
        Installation installation = new TinyDistribution(dir).feature("empty.json", "{\"id\": \"test:empty:1\"}");

        assertThat(FeatureFiles.read(installation)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"id\": \"a:b:1\",                                                      | line 1",
        "[1]                                                                      | ",
        "{\"id\": \"a:b:1\", \"bundels\": []}                                     | key 'bundels' is not known; known are SCM, bundles",
        "{\"id\": \"a:b:1\", \"configurations\": {\"web\": {\"port\": 1}}}        | key 'configurations': it would not be applied",
        "{\"id\": \"a:b:1\", \"bundles\": {}}                                     | key 'bundles': a list is expected",
        "{\"id\": \"a:b:1\", \"bundles\": [7]}                                    | key 'bundles[0]': an object with an 'id' is expected",
        "{\"id\": \"a:b:1\", \"bundles\": [{\"id\": \"a:b:1\", \"start-ordr\": 1}]} | key 'bundles[0].start-ordr' is not known; known are id, start-order",
        "{\"id\": \"a:b:1\", \"bundles\": [{\"id\": \"a:b:1\", \"start-order\": \"one\"}]} | key 'bundles[0].start-order': a whole number is expected, got \"one\"",
        "{\"id\": \"a:b:1\", \"bundles\": [{\"id\": \"a:b:1\", \"start-order\": -1}]} | key 'bundles[0].start-order'",
        "{\"id\": \"a:b:1\", \"bundles\": [{\"id\": \"nonsense\"}]}               | nonsense",
        "{\"id\": \"a:b:1\", \"bundles\": [{}]}                                   | key 'bundles[0].id': it is missing",
        "{}                                                                       | key 'id': it is missing",
    })
    void namesFileAndKeyOfWhatIsWrong(String json, String why, @TempDir Path dir) throws IOException {
        Installation installation = new TinyDistribution(dir).feature("bad.json", json);

        assertThatThrownBy(() -> FeatureFiles.read(installation))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("features" + java.io.File.separator + "bad.json")
                .hasMessageContaining(why == null ? "" : why)
                .hasMessageNotContaining("null");
    }

    @Test
    void namesTheBundleThatIsNotThere(@TempDir Path dir) throws IOException {
        Installation installation =
                new TinyDistribution(dir).feature("kernel.json", "{\"id\": \"a:b:1\", \"bundles\": [{\"id\": \"acme:gone:2.0\"}]}");

        assertThatThrownBy(() -> FeatureFiles.read(installation))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("kernel.json")
                .hasMessageContaining("acme:gone:2.0")
                .hasMessageContaining("gone-2.0.jar is not there");
    }

    @Test
    void saysThatThereAreNoFeatures(@TempDir Path dir) {
        assertThatThrownBy(() -> FeatureFiles.read(new Installation(dir)))
                .isInstanceOf(LaunchException.class)
                .hasMessage("cannot list the features in " + dir.resolve("features") + ": " + dir.resolve("features")
                        + " is not there");
    }
}

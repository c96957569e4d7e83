// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.money;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.llm.ModelId;
import io.hyperspot.llm.Usage;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceListTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Usage MILLION = new Usage(1_000_000, 0, 1_000_000, 0);

    private static String cost(String document, String model, Instant at, Usage usage) {
        Price price = PriceList.read(document.getBytes(UTF_8)).find(ModelId.parse(model), at, usage.input());
        return price == null ? "none" : price.of(usage).stripTrailingZeros().toPlainString();
    }

    @Test
    void takesTheLongestNameThatFitsAndTheEntryThatBeganLast() {
        String list = """
                {"prices":[
                  {"model":"p/*","from":"2025-01-01","input":"1"},
                  {"model":"p/big*","from":"2025-01-01","input":"2"},
                  {"model":"p/big","from":"2025-01-01","input":3},
                  {"model":"p/big","from":"2025-06-01","input":4.5},
                  {"model":"p/big","from":"2027-01-01","input":"9"}]}""";
        assertThat(cost(list, "p/small", NOW, MILLION)).isEqualTo("1");
        assertThat(cost(list, "p/big-1", NOW, MILLION)).isEqualTo("2");
        assertThat(cost(list, "p/big", NOW, MILLION)).isEqualTo("4.5");
        assertThat(cost(list, "p/big", Instant.parse("2025-05-31T23:59:59Z"), MILLION)).isEqualTo("3");
        assertThat(cost(list, "p/big", Instant.parse("2024-05-31T00:00:00Z"), MILLION)).isEqualTo("none");
        assertThat(cost(list, "q/big", NOW, MILLION)).isEqualTo("none");
    }

    @Test
    void countsEveryKindOfTokenOnceAndTheCallItself() {
        String list = """
                {"prices":[{"model":"p/m","from":"2025-01-01","input":"1","cached_input":"0.1","cache_write":"1.25",
                  "cache_write_hour":"2","audio_input":"40","output":"10","audio_output":"80","request":"0.01"}]}""";
        Usage usage = new Usage(1000, 100, 500, 300, 200, 300, 50, 40);
        // 350 plain, 100 cached, 200 and 300 written, 50 audio; 460 text, 40 audio
        assertThat(cost(list, "p/m", NOW, usage)).isEqualTo("0.02101");
        assertThat(cost(list, "p/m", NOW, new Usage(0, 0, 0, 0))).isEqualTo("0.01");
    }

    @Test
    void isDearerForAWholeCallAboveItsLimit() {
        String list = """
                {"prices":[{"model":"p/m","from":"2025-01-01","input":"1","output":"10",
                  "above_input_tokens":{"tokens":1000,"input":"2"}}]}""";
        assertThat(cost(list, "p/m", NOW, new Usage(1000, 0, 10, 0))).isEqualTo("0.0011");
        assertThat(cost(list, "p/m", NOW, new Usage(1001, 0, 10, 0))).isEqualTo("0.002102");
    }

    @Test
    void neverCostsMoreThanItsMost() {
        Price price = Objects.requireNonNull(PriceList.read(
                        "{\"prices\":[{\"model\":\"p/m\",\"from\":\"2025-01-01\",\"input\":\"1\",\"cache_write_hour\":\"2\",\"output\":\"3\"}]}"
                                .getBytes(UTF_8))
                .find(ModelId.parse("p/m"), NOW, 10));
        assertThat(price.most(10, 10)).isEqualByComparingTo(price.of(new Usage(10, 0, 10, 0, 0, 10, 0, 0)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                                                                        | not JSON",
                "{\"price\":[]}                                                         | 'prices'",
                "{\"prices\":[{\"model\":\"m\",\"from\":\"2025-01-01\"}]}       | {provider}/{model}",
                "{\"prices\":[{\"model\":\"p/m\",\"from\":\"soon\"}]}           | 'from' of p/m",
                "{\"prices\":[{\"model\":\"p/m\",\"from\":\"2025-01-01\",\"inptu\":\"1\"}]} | 'inptu'",
                "{\"prices\":[{\"model\":\"p/m\",\"from\":\"2025-01-01\",\"input\":\"-1\"}]} | 'input' of p/m",
                "{\"prices\":[{\"model\":\"p/m\",\"from\":\"2025-01-01\",\"input\":\"0.0000001\"}]} | 6 decimals",
            })
    void saysWhatIsWrongWithAList(String document, String words) {
        assertThatThrownBy(() -> PriceList.read(document.getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }

    @Test
    void putsTheOperatorsPricesFirstAndKeepsThemWhenTheFileIsBroken(@TempDir Path home) throws Exception {
        Path file = home.resolve("prices.json");
        Files.writeString(file, "{\"prices\":[{\"model\":\"openai/gpt-4o\",\"from\":\"2025-01-01\",\"input\":\"7\"}]}");
        Prices prices = new Prices(file);
        assertThat(prices.cost(ModelId.parse("openai/gpt-4o"), NOW, MILLION)).isEqualByComparingTo(new BigDecimal(7));
        assertThat(prices.cost(ModelId.parse("openai/gpt-4o-mini"), NOW, MILLION)).isEqualByComparingTo(new BigDecimal("0.75"));
        Files.writeString(file, "{");
        assertThat(new Prices(file).trouble()).contains("prices.json cannot be read");
        assertThat(new Prices(file).cost(ModelId.parse("openai/gpt-4o"), NOW, MILLION))
                .as("the shipped ones, at least")
                .isEqualByComparingTo(new BigDecimal("12.5"));
    }
}

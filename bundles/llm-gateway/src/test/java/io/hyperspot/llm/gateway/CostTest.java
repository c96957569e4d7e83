// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.llm.ModelId;
import io.hyperspot.llm.gateway.anthropic.AnthropicSurface;
import io.hyperspot.llm.gateway.calls.UsageScanner;
import io.hyperspot.llm.gateway.gemini.GeminiSurface;
import io.hyperspot.llm.gateway.money.Prices;
import io.hyperspot.llm.gateway.openai.OpenAiSurface;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What answers of the vendors cost, to the last decimal: bodies in the shapes of their references, costs worked out
 * from their lists of prices apart from this code. Each entry names its sources.
 */
class CostTest {
    @TempDir
    private static Path home;

    static Stream<JsonNode> bodies() throws Exception {
        try (InputStream in = CostTest.class.getResourceAsStream("money/usage-bodies.json")) {
            return StreamSupport.stream(new ObjectMapper().readTree(in).spliterator(), false);
        }
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void costsWhatTheVendorWouldCharge(JsonNode golden) {
        UsageScanner scanner = new UsageScanner(
                switch (golden.path("protocol").asText()) {
                    case "openai" -> OpenAiSurface.USAGE;
                    case "anthropic" -> AnthropicSurface.USAGE;
                    default -> GeminiSurface.USAGE;
                });
        byte[] body = golden.path("body").asText().getBytes(StandardCharsets.UTF_8);
        int half = body.length / 2;
        scanner.scan(body, 0, half);
        scanner.scan(body, half, body.length - half);
        BigDecimal cost = new Prices(home.resolve("none.json"))
                .cost(
                        ModelId.parse(golden.path("model").asText()),
                        Instant.parse("2026-06-30T00:00:00Z"),
                        scanner.usage());
        assertThat(cost).as("%s", golden).isEqualTo(new BigDecimal(golden.path("cost").asText()));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A limit in tokens as a client meets it. */
final class TokenLimitTest {
    @Test
    void answers429WhenTheTokensOfTheMinuteAreUsedUp(@TempDir Path home) throws Exception {
        try (FakeProvider provider = new FakeProvider();
                TestServer server = TestServer.start(
                        home, provider.yaml("mock") + "  llm-gateway: { token_limit_subject_per_minute: 200 }\n")) {
            // each call takes about 130 tokens before, and 12 after
            String body = TestServer.chat("mock/plain", "hi").replace("{\"model\"", "{\"max_tokens\":100,\"model\"");
            int passed = 0;
            TestServer.Answer answer = server.post("/openai/v1/chat/completions", body);
            while (answer.status() == 200 && passed < 50) {
                passed++;
                answer = server.post("/openai/v1/chat/completions", body);
            }
            assertThat(passed).isBetween(5, 30);
            assertThat(answer.status()).as(answer.body()).isEqualTo(429);
            assertThat(Integer.parseInt(answer.header("retry-after"))).isBetween(1, 60);
            assertThat(answer.json().at("/error/message").asText()).contains("200 tokens a minute of this caller");
            assertThat(answer.json().at("/error/type").asText()).isEqualTo("rate_limit_error");
            // what needs no tokens goes on
            assertThat(server.get("/openai/v1/models").status()).isEqualTo(200);
        }
    }
}

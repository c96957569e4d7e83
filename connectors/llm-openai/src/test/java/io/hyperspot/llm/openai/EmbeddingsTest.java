// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.openai;

import static io.hyperspot.llm.openai.Fixture.CALLER;
import static io.hyperspot.llm.openai.Fixture.KEY;
import static io.hyperspot.llm.openai.Fixture.problem;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.itests.providers.ProviderServer;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.llm.Usage;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class EmbeddingsTest {
    private static final EmbeddingRequest TWO = new EmbeddingRequest("text-embed-1", List.of("a", "b"), 2);

    private final Fixture fixture = new Fixture();

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void returnsVectorsInTheOrderOfTheInputs() throws Exception {
        String second = Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putFloat(0.5f)
                        .putFloat(-2f)
                        .array());
        CompletableFuture<ProviderServer.Call> seen = new CompletableFuture<>();
        try (ProviderServer provider = new ProviderServer(KEY, call -> {
            seen.complete(call);
            call.json(
                    200,
                    "{\"data\":[{\"index\":1,\"embedding\":\"" + second
                            + "\"},{\"index\":0,\"embedding\":[1,2.5]}],\"usage\":{\"prompt_tokens\":4}}");
        })) {
            EmbeddingResult result = fixture.worker(provider).embed(CALLER, TWO, new Cancellation());
            assertThat(result.vectors()).hasSize(2);
            assertThat(result.vectors().get(0)).containsExactly(1f, 2.5f);
            assertThat(result.vectors().get(1)).containsExactly(0.5f, -2f);
            assertThat(result.usage()).isEqualTo(new Usage(4, 0, 0, 0));
            assertThat(seen.join().path()).isEqualTo("/v1/embeddings");
            assertThat(seen.join().body().toString())
                    .isEqualTo("{\"model\":\"text-embed-1\",\"input\":[\"a\",\"b\"],\"dimensions\":2,"
                            + "\"encoding_format\":\"float\"}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "{\"data\":[{\"embedding\":[1]},{\"embedding\":[1]}]} trailing",
                "{}",
                "{\"data\":[{\"embedding\":[1]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":0,\"embedding\":[1]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":9,\"embedding\":[1]}]}",
                "{\"data\":[{\"embedding\":[1]},{\"embedding\":[\"x\"]}]}",
                "{\"data\":[{\"embedding\":[1]},{\"embedding\":\"%%\"}]}",
                "{\"data\":[{\"embedding\":[1]},{\"embedding\":[]}]}",
            })
    void refusesGarbage(String answer) throws Exception {
        try (ProviderServer provider = new ProviderServer(KEY, call -> call.json(200, answer))) {
            OpenAiWorker worker = fixture.worker(provider);
            problem(ErrorCategory.BAD_UPSTREAM, () -> worker.embed(CALLER, TWO, new Cancellation()));
        }
    }

    @Test
    void reportsTheProvidersRefusal() throws Exception {
        try (ProviderServer provider = new ProviderServer(KEY, call -> call.json(429, "{\"error\":\"slow down\"}"))) {
            OpenAiWorker worker = fixture.worker(provider);
            assertThat(problem(ErrorCategory.RESOURCE_EXHAUSTED, () -> worker.embed(CALLER, TWO, new Cancellation()))
                            .detail())
                    .endsWith(": slow down");
        }
    }
}

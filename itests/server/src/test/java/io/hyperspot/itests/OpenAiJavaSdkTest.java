// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The official OpenAI SDK for Java, unchanged but for its base URL. */
final class OpenAiJavaSdkTest {
    @TempDir
    static Path home;

    static FakeProvider provider;
    static TestServer server;
    static OpenAIClient client;

    @BeforeAll
    static void start() throws Exception {
        provider = new FakeProvider();
        server = TestServer.start(home, provider.yaml("mock"));
        client = client(server.firstKey());
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(server.models()).contains("mock/plain"));
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        server.close();
        provider.close();
    }

    private static OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(server.url() + "/openai/v1")
                .apiKey(key)
                .maxRetries(0)
                .timeout(Duration.ofSeconds(60))
                .build();
    }

    private static ChatCompletionCreateParams chat(String model) {
        return ChatCompletionCreateParams.builder().model(model).addUserMessage("hi").build();
    }

    @Test
    void completes() {
        ChatCompletion answer = client.chat().completions().create(chat("mock/plain"));
        assertThat(answer.choices().getFirst().message().content()).contains("Hello there!");
        assertThat(answer.usage().orElseThrow().totalTokens()).isEqualTo(12);
    }

    @Test
    void streams() {
        StringBuilder text = new StringBuilder();
        try (StreamResponse<ChatCompletionChunk> stream = client.chat().completions().createStreaming(chat("mock/plain"))) {
            stream.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .flatMap(choice -> choice.delta().content().stream())
                    .forEach(text::append);
        }
        assertThat(text).hasToString("Hello there!");
    }

    @Test
    void embeds() {
        var vector = client.embeddings()
                .create(EmbeddingCreateParams.builder().model("mock/e").input("hi").build())
                .data()
                .getFirst()
                .embedding();
        assertThat(vector).containsExactly(0.5f, -0.25f);
    }

    @Test
    void listsAndRetrievesModels() {
        assertThat(client.models().list().autoPager().stream().map(model -> model.id())).contains("mock/plain");
        assertThat(client.models().retrieve("mock/plain").ownedBy()).isEqualTo("mock");
    }

    @Test
    void throwsTypedErrors() throws Exception {
        assertFails(client("hs_wrong"), "mock/plain", UnauthorizedException.class);
        TestServer.Answer created =
                server.post("/security/v1/api-keys", "{\"name\":\"lists\",\"scopes\":[\"gts.hyperspot.llm.*:read\"]}");
        assertFails(client(created.json().path("secret").asText()), "mock/plain", PermissionDeniedException.class);
        assertFails(client, "nobody/nothing", NotFoundException.class);
        assertFails(client, "mock/e400", BadRequestException.class);
        assertFails(client, "mock/e429", RateLimitException.class);
        assertFails(client, "mock/e500", InternalServerException.class);
        assertFails(client, "mock/html", InternalServerException.class);
    }

    private static void assertFails(OpenAIClient caller, String model, Class<? extends OpenAIServiceException> type) {
        assertThatThrownBy(() -> caller.chat().completions().create(chat(model)))
                .isInstanceOfSatisfying(type, failure -> assertThat(failure.type()).isPresent());
        if (!caller.equals(client)) {
            caller.close();
        }
    }

    @Test
    void throwsInTheMiddleOfAStreamThatBreaks() {
        try (StreamResponse<ChatCompletionChunk> stream = client.chat().completions().createStreaming(chat("mock/reset"))) {
            Iterator<ChatCompletionChunk> chunks = stream.stream().iterator();
            List<String> seen = new java.util.ArrayList<>();
            assertThatThrownBy(() -> chunks.forEachRemaining(
                            chunk -> seen.add(chunk.choices().getFirst().delta().content().orElse(""))))
                    .isInstanceOf(OpenAIException.class);
            assertThat(seen).containsExactly("one", "two");
        }
    }

    @Test
    void cancelsTheProviderWhenAStreamIsClosed() {
        int before = provider.active.get();
        try (StreamResponse<ChatCompletionChunk> stream = client.chat().completions().createStreaming(chat("mock/endless"))) {
            assertThat(stream.stream().limit(3)).hasSize(3);
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> provider.active.get() == before);
    }
}

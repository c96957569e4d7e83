// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer does: {@code hyperspot run}, paste the command, point an SDK at it. The models are real. */
@Tag("model")
final class MainJobTest {
    private static final Duration START = Duration.ofSeconds(90);
    private static final String EMBEDDINGS = "local-embeddings/all-minilm-l6-v2";

    @TempDir
    static Path home;

    static HyperSpotProcess server;
    static NodeScript sdk;

    @BeforeAll
    static void start() throws Exception {
        LocalModel.into(home);
        server = HyperSpotProcess.server(home);
        URI api = server.awaitGreeting(START);
        sdk = new NodeScript("openai.mjs", Map.of("BASE_URL", api.toString(), "API_KEY", key(home)));
    }

    @AfterAll
    static void stop() throws Exception {
        sdk.close();
        server.close();
    }

    private static String key(Path home) throws Exception {
        return Files.readString(home.resolve("data/first-api-key")).strip();
    }

    @Test
    void thePastedCommandAnswers() throws Exception {
        JsonNode answer = paste(server);
        assertThat(answer.path("model").asText()).isEqualTo(LocalModel.ID);
        assertThat(answer.at("/choices/0/message/content").asText()).as("%s", answer).contains("Paris");
        assertThat(answer.at("/usage/completion_tokens").asInt()).isPositive();
    }

    private static JsonNode paste(HyperSpotProcess process) throws Exception {
        assumeTrue(NodeRuntime.onPath("curl") != null, "no curl");
        Process shell = new ProcessBuilder("sh", "-c", process.pasted().replaceFirst("^curl ", "curl -sS --max-time 120 "))
                .redirectErrorStream(true)
                .start();
        String text = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(shell.exitValue()).as(text).isZero();
        return new ObjectMapper().readTree(text);
    }

    @Test
    void theSdkCompletesStreamsAndEmbeds() throws Exception {
        JsonNode whole = sdk.ask("chat", "model", LocalModel.ID, "text", "Say hello.", "max_tokens", 16);
        assertThat(whole.at("/choices/0/message/content").asText()).as("%s", whole).isNotBlank();
        assertThat(whole.at("/usage/completion_tokens").asInt()).isBetween(1, 16);

        JsonNode parts = sdk.ask(
                "stream", "model", LocalModel.ID, "text", "Say hello.", "max_tokens", 16,
                "stream_options", Map.of("include_usage", true));
        assertThat(parts.path("content").asText()).as("%s", parts).isNotBlank();
        assertThat(parts.path("chunks").asInt()).isGreaterThan(2);
        assertThat(parts.path("finish").asText()).isIn("stop", "length");
        assertThat(parts.at("/usage/completion_tokens").asInt()).isBetween(1, 16);

        JsonNode vectors = sdk.ask("embeddings", "model", EMBEDDINGS, "input", List.of("A dog barks.", "The dog is barking."));
        assertThat(vectors.path("length").asInt()).as("%s", vectors).isEqualTo(384);
        assertThat(vectors.at("/similar/1").asDouble()).isGreaterThan(0.7);
        assertThat(sdk.ask("models").path("ids")).extracting(JsonNode::asText).contains(LocalModel.ID, EMBEDDINGS);
    }

    @Test
    void anAbortedGenerationFreesTheModel() throws Exception {
        JsonNode aborted = sdk.ask(
                "abort", "model", LocalModel.ID, "text", "Write a very long story.", "max_tokens", 1500, "after", 4);
        assertThat(aborted.path("aborted").asBoolean()).as("%s", aborted).isTrue();
        // the rest of the story would take longer than this
        JsonNode next = sdk.ask(
                "chat", "model", LocalModel.ID, "text", "Say hello.", "max_tokens", 4, "timeout", 15_000);
        assertThat(next.at("/choices/0/message/content").asText()).as("%s", next).isNotBlank();
    }

    @Test
    void tellsWhatALocalModelCannotDo() throws Exception {
        JsonNode missing = sdk.ask("chat", "model", "local/llama-9");
        assertThat(missing.path("error").asText()).isEqualTo("NotFoundError");
        assertThat(missing.path("message").asText()).contains(LocalModel.ID);
        JsonNode chat = sdk.ask("chat", "model", EMBEDDINGS);
        assertThat(chat.path("status").asInt()).as("%s", chat).isBetween(400, 404);
        JsonNode embed = sdk.ask("embeddings", "model", LocalModel.ID, "input", "hi");
        assertThat(embed.path("status").asInt()).as("%s", embed).isBetween(400, 404);
    }

    @Test
    void saysWhatCanBeServedWithoutAModel(@TempDir Path bare) throws Exception {
        try (HyperSpotProcess process = HyperSpotProcess.server(bare, "--no-model")) {
            process.awaitGreeting(START);
            assertThat(process.output())
                    .contains(EMBEDDINGS)
                    .contains("no chat model yet")
                    .contains("hyperspot models pull");
            assertThat(paste(process).at("/data/0/embedding")).hasSize(384);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.local;

import static io.hyperspot.llm.local.Fixture.CALLER;
import static io.hyperspot.llm.local.Fixture.ask;
import static io.hyperspot.llm.local.Fixture.finish;
import static io.hyperspot.llm.local.Fixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.Message.Role;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With a real model; skipped where there is none. */
@Timeout(180)
final class RealModelTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static String model = "";
    private static Fixture fixture;

    @TempDir
    static Path folder;

    @BeforeAll
    static void start() throws IOException {
        String models = System.getProperty("HYPERSPOT_TEST_MODELS", System.getenv("HYPERSPOT_TEST_MODELS"));
        assumeTrue(
                models != null && Files.isDirectory(Path.of(models)),
                "no model: set HYPERSPOT_TEST_MODELS to a folder with a *.gguf file; './hyperspot models pull'"
                        + " fetches the default one to <home>/models");
        Path source = Path.of(models);
        try (Stream<Path> files = Files.list(source)) {
            Path file = files.filter(path -> path.toString().endsWith(".gguf"))
                    .sorted()
                    .findFirst()
                    .orElse(null);
            assumeTrue(file != null, "no *.gguf file in " + models);
            model = "small";
            Files.createSymbolicLink(folder.resolve("small.gguf"), file);
            Files.createSymbolicLink(folder.resolve("other.gguf"), file);
        }
        fixture = new Fixture(folder, folder.resolve("work"), new Fixture.Config(512, 64, 3));
    }

    @AfterAll
    static void stop() {
        if (fixture != null) {
            fixture.close();
        }
    }

    @Test
    void answersInPiecesAndCountsTokens() throws Exception {
        List<ChatEvent> events = fixture.chat(ask(model, "What is the capital of France?", 32));

        assertThat(text(events)).contains("Paris").doesNotStartWith("\n");
        assertThat(events).hasSizeGreaterThan(4);
        assertThat(finish(events).usage().input()).isBetween(10L, 60L);
        assertThat(finish(events).usage().output()).isBetween((long) events.size() - 1, 32L);
    }

    @Test
    void saysWhyAnAnswerEnded() throws Exception {
        List<ChatEvent> cut = fixture.chat(ask(model, "Tell me a long story about a dragon.", 7));
        assertThat(finish(cut).reason()).isEqualTo(ChatEvent.Reason.LENGTH);
        assertThat(finish(cut).usage().output()).isEqualTo(7);

        ChatRequest withStop = ChatRequest.builder(model, List.of(Message.of(Role.USER, "What is the capital of France?")))
                .maxTokens(40)
                .temperature(0.0)
                .topP(1.0)
                .stop(List.of("Paris"))
                .build();
        List<ChatEvent> stopped = fixture.chat(withStop);
        assertThat(finish(stopped).reason()).isEqualTo(ChatEvent.Reason.STOP);
        assertThat(text(stopped)).doesNotContain("Paris");
    }

    @Test
    void givesTheSameAnswerForTheSameSeed() throws Exception {
        ChatRequest request = ChatRequest.builder(
                        model,
                        List.of(Message.of(Role.SYSTEM, "You are a poet 😀."), Message.of(Role.USER, "Write a line.")))
                .maxTokens(12)
                .temperature(0.9)
                .seed(42L)
                .build();

        assertThat(text(fixture.chat(request))).isEqualTo(text(fixture.chat(request)));
    }

    @Test
    void keepsToASchema() throws Exception {
        ObjectNode schema = (ObjectNode) JSON.readTree("""
                {"type": "object", "required": ["city", "population"], "additionalProperties": false,
                 "properties": {"city": {"$ref": "#/$defs/city"}, "population": {"type": "integer", "title": "x"}},
                 "$defs": {"city": {"enum": ["Paris", "Rome"]}}}""");
        List<ChatEvent> events = fixture.chat(formatted(new ChatRequest.ResponseFormat.JsonSchema("c", schema, true)));

        JsonNode answer = JSON.readTree(text(events));
        assertThat(answer.path("city").asText()).isIn("Paris", "Rome");
        assertThat(answer.path("population").isIntegralNumber()).isTrue();
    }

    @Test
    void writesJsonWhenAsked() throws Exception {
        String text = text(fixture.chat(formatted(new ChatRequest.ResponseFormat.Json())));

        assertThat(text).startsWith("{");
    }

    @Test
    void refusesAPromptThatIsTooLongAndGoesOn() throws Exception {
        assertThatThrownBy(() -> fixture.chat(ask(model, "word ".repeat(1_000), 5)))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
                    assertThat(e.code()).isEqualTo("CONTEXT_LENGTH_EXCEEDED");
                    assertThat(e.detail()).contains("512");
                });
        assertThat(fixture.chat(ask(model, "Hi", 2))).isNotEmpty();
    }

    @Test
    void stopsAtOnceWhenCancelledWhileItAnswers() throws Exception {
        Cancellation cancellation = new Cancellation();
        List<ChatEvent> events = new ArrayList<>();

        assertThatThrownBy(() -> fixture.worker.chat(
                        CALLER,
                        ask(model, "Count from one to a hundred.", 400),
                        event -> {
                            events.add(event);
                            if (events.size() == 3) {
                                cancellation.cancel("the client left");
                            }
                        },
                        cancellation))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.CANCELLED));

        assertThat(events).hasSize(3);
        // Had it gone on, this would wait for hundreds of tokens.
        CompletableFuture<List<ChatEvent>> next = async(ask(model, "Hi", 1));
        assertThat(next.get(60, TimeUnit.SECONDS)).isNotEmpty();
    }

    @Test
    void stopsWhenCancelledWhileItReadsThePrompt() throws Exception {
        for (int i = 0; i < 3; i++) {
            Cancellation cancellation = new Cancellation();
            StringBuilder prompt = new StringBuilder();
            for (int n = 0; n < 80; n++) {
                prompt.append(i).append("word").append(n).append(' ');
            }
            CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS)
                    .execute(() -> cancellation.cancel("the client left"));
            assertThatThrownBy(() -> fixture.worker.chat(
                            CALLER, ask(model, prompt.toString(), 100), event -> {}, cancellation))
                    .isInstanceOf(ProblemException.class);
        }
        assertThat(async(ask(model, "Hi", 2)).get(60, TimeUnit.SECONDS)).isNotEmpty();
    }

    @Test
    void exchangesModelsOnDemand() throws Exception {
        assertThat(text(fixture.chat(ask("other", "What is the capital of France?", 20)))).contains("Paris");
        assertThat(text(fixture.chat(ask(model, "What is the capital of France?", 20)))).contains("Paris");
    }

    @Test
    void refusesWhenTheQueueIsFull() throws Exception {
        Cancellation cancellation = new Cancellation();
        CountDownLatch answering = new CountDownLatch(1);
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                calls.add(callers.submit(() -> {
                    fixture.worker.chat(
                            CALLER,
                            ask(model, "Count from one to a hundred.", 300),
                            event -> answering.countDown(),
                            cancellation);
                    return null;
                }));
            }
            assertThat(answering.await(60, TimeUnit.SECONDS)).isTrue();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThatThrownBy(() -> fixture.chat(ask(model, "Hi", 1)))
                            .isInstanceOfSatisfying(ProblemException.class, e -> {
                                assertThat(e.code()).isEqualTo("MODEL_BUSY");
                                assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
                                assertThat(e.context()).containsKey("retry_after_seconds");
                            }));
            cancellation.cancel("enough");
            for (Future<?> call : calls) {
                assertThatThrownBy(() -> call.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(ProblemException.class);
            }
        }
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(fixture.chat(ask(model, "Hi", 1))).isNotEmpty());
    }

    @Test
    void survivesACrashOfTheProcess() throws Exception {
        CountDownLatch answering = new CountDownLatch(1);
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> call = callers.submit(() -> {
                fixture.worker.chat(
                        CALLER,
                        ask(model, "Count from one to a hundred.", 400),
                        event -> answering.countDown(),
                        new Cancellation());
                return null;
            });
            assertThat(answering.await(60, TimeUnit.SECONDS)).isTrue();
            ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
            assertThatThrownBy(() -> call.get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(ProblemException.class)
                    .hasMessageContaining("started again");
        }
        assertThat(fixture.chat(ask(model, "Hi", 2))).isNotEmpty();
    }

    private static ChatRequest formatted(ChatRequest.ResponseFormat format) {
        return ChatRequest.builder(
                        model,
                        List.of(Message.of(Role.USER, "Give the capital of France and its population as JSON.")))
                .maxTokens(64)
                .temperature(0.0)
                .responseFormat(format)
                .build();
    }

    private static CompletableFuture<List<ChatEvent>> async(ChatRequest request) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return fixture.chat(request);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }
}

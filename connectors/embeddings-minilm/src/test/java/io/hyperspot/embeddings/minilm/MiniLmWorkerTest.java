// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.embeddings.minilm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.llm.ModelInfo;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.process.ChildJvm;
import io.hyperspot.process.supervisor.OwnedProcesses;
import io.hyperspot.process.supervisor.ProcessSupervisor;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.io.File;
import java.lang.annotation.Annotation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With the real model, in a real child. */
@Timeout(120)
final class MiniLmWorkerTest {
    private record Config(int threads) implements MiniLmConfig {
        @Override
        public int max__pending() {
            return 4;
        }

        @Override
        public int idle__stop__seconds() {
            return 0;
        }

        @Override
        public int load__timeout__seconds() {
            return 60;
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return MiniLmConfig.class;
        }
    }

    private static final SecurityContext CALLER =
            new SecurityContext("tester", new TenantId(new UUID(0, 1)), List.of());
    private static final String MODEL = "all-minilm-l6-v2";

    @TempDir
    static Path folder;

    private static ProcessSupervisor supervisor;
    private static MiniLmWorker worker;

    @BeforeAll
    static void start() {
        supervisor = new ProcessSupervisor(folder.resolve("logs"));
        Config config = new Config(0);
        worker = new MiniLmWorker(new OwnedProcesses("embeddings-minilm", supervisor), config, folder, () -> ChildJvm.ofClassPath(
                        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                                .map(Path::of)
                                .toList(),
                        "io.hyperspot.embeddings.minilm.child.MiniLmChild")
                .command(folder, MiniLmWorker.options(folder, config)));
    }

    @AfterAll
    static void stop() {
        worker.stop();
        supervisor.stop();
    }

    @Test
    void offersOneModel() {
        assertThat(worker.provider()).isEqualTo("local-embeddings");
        assertThat(worker.models()).singleElement().satisfies(model -> {
            assertThat(model.model()).isEqualTo(MODEL);
            assertThat(model.dimensions()).isEqualTo(384);
            assertThat(model.capabilities()).containsExactly(ModelInfo.Capability.EMBEDDINGS);
        });
    }

    @Test
    void putsRelatedTextsNearEachOther() throws Exception {
        EmbeddingResult result = embed(
                "The cat sits on the mat.",
                "A kitten is resting on the rug.",
                "Interest rates rose by half a percent in October.");

        assertThat(result.vectors()).hasSize(3).allSatisfy(vector -> {
            assertThat(vector).hasSize(384);
            assertThat(dot(vector, vector)).isCloseTo(1.0, within(1e-4));
        });
        double related = dot(result.vectors().get(0), result.vectors().get(1));
        double unrelated = dot(result.vectors().get(0), result.vectors().get(2));
        assertThat(related).isGreaterThan(0.4);
        assertThat(unrelated).isLessThan(0.2);
    }

    @Test
    void countsTokensExactlyAndKeepsTheOrder() throws Exception {
        assertThat(embed("hello world").usage().input()).isEqualTo(2);

        String[] inputs = new String[150];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = i % 2 == 0 ? "hello world" : "unbelievable";
        }
        EmbeddingResult many = embed(inputs);

        assertThat(many.vectors()).hasSize(150);
        assertThat(many.vectors().get(148)).isEqualTo(many.vectors().get(0));
        assertThat(many.vectors().get(149)).isEqualTo(many.vectors().get(1));
        assertThat(many.vectors().get(1)).isNotEqualTo(many.vectors().get(0));
        assertThat(many.usage().input())
                .isEqualTo(75 * embed("unbelievable").usage().input() + 75 * 2);
    }

    @Test
    void readsLongTextsToTheirEnd() throws Exception {
        String beginning = "The cat sits on the mat. ".repeat(60);
        String end = "Interest rates rose by half a percent. ".repeat(60);

        EmbeddingResult result = embed(beginning, beginning + end, "Central banks decide on interest rates.");

        double without = dot(result.vectors().get(0), result.vectors().get(2));
        double with = dot(result.vectors().get(1), result.vectors().get(2));
        assertThat(with).isGreaterThan(without + 0.2);
        assertThat(result.usage().input()).isGreaterThan(1_000);
    }

    @Test
    void takesAnyText() throws Exception {
        EmbeddingResult result = embed("😀", "\u0000\u0001", "\ud800", "日本語のテキスト", "a\nb\r\n\tc");

        assertThat(result.vectors()).hasSize(5).allSatisfy(vector -> assertThat(dot(vector, vector))
                .isCloseTo(1.0, within(1e-4)));
    }

    @Test
    void refusesWhatItCannotDo() {
        assertInvalid(() -> embed("", "x"), "INVALID_INPUT");
        assertInvalid(() -> embed(), "INVALID_INPUT");
        assertInvalid(() -> embed("word ".repeat(9_000)), "INPUT_TOO_LONG");
        assertInvalid(() -> embed("w".repeat(300_000)), "INPUT_TOO_LONG");
        assertInvalid(() -> embed(Collections.nCopies(2_049, "x"), null), "INVALID_INPUT");
        assertInvalid(() -> embed(List.of("x"), 128), "INVALID_DIMENSIONS");
        assertInvalid(
                () -> worker.chat(CALLER, ChatRequest.of(MODEL, List.of()), event -> {}, new Cancellation()),
                "CHAT_NOT_SUPPORTED");
        assertThatThrownBy(() ->
                        worker.embed(CALLER, new EmbeddingRequest("other", List.of("x"), null), new Cancellation()))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.NOT_FOUND));
    }

    @Test
    void takesItsOwnNumberOfDimensions() throws Exception {
        assertThat(embed(List.of("x"), 384).vectors()).hasSize(1);
    }

    @Test
    void survivesACrashOfTheProcess() throws Exception {
        embed("hello");
        ProcessHandle child = ProcessHandle.current().children().findFirst().orElseThrow();
        child.destroyForcibly();
        await().atMost(Duration.ofSeconds(20)).until(() -> !child.isAlive());

        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(embed("hello").vectors()).hasSize(1));
    }

    @Test
    void stopsWhenCancelled() throws Exception {
        Cancellation cancellation = new Cancellation();
        cancellation.cancel("the client left");

        assertThatThrownBy(() -> worker.embed(
                        CALLER,
                        new EmbeddingRequest(MODEL, Collections.nCopies(1_000, "some words ".repeat(200)), null),
                        cancellation))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.CANCELLED));
        assertThat(embed("x").vectors()).hasSize(1);
    }

    private static EmbeddingResult embed(String... inputs) throws Exception {
        return embed(List.of(inputs), null);
    }

    private static EmbeddingResult embed(List<String> inputs, @Nullable Integer dimensions) throws Exception {
        return worker.embed(CALLER, new EmbeddingRequest(MODEL, inputs, dimensions), new Cancellation());
    }

    private static double dot(float[] a, float[] b) {
        double dot = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
        }
        return dot;
    }

    private static void assertInvalid(ThrowingCallable call, String code) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
            assertThat(e.code()).isEqualTo(code);
        });
    }
}

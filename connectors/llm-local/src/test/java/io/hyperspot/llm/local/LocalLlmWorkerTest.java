// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.local;

import static io.hyperspot.llm.local.Fixture.CALLER;
import static io.hyperspot.llm.local.Fixture.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.Content;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.Extra;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.Message.Role;
import io.hyperspot.llm.ModelInfo;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.modkit.ProblemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What needs no model. */
@Timeout(60)
final class LocalLlmWorkerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Fixture fixture;

    @BeforeEach
    void start() {
        fixture = new Fixture(folder.resolve("models"), folder.resolve("work"), new Fixture.Config(512, 64, 2));
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void offersModelsThatArriveAndForgetsThoseThatGo() throws Exception {
        assertThat(fixture.worker.models()).isEmpty();
        assertThat(fixture.worker.health().state()).isEqualTo(State.DEGRADED);
        assertThat(fixture.worker.health().reason()).contains("no *.gguf file in");

        Path model = Files.createDirectories(folder.resolve("models")).resolve("tiny-1.1b.gguf");
        Files.writeString(model, "GGUF");
        Files.writeString(folder.resolve("models/notes.txt"), "no model");

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(fixture.worker.models())
                        .extracting(ModelInfo::model)
                        .containsExactly("tiny-1.1b"));
        assertThat(fixture.worker.models().getFirst().contextTokens()).isEqualTo(512);
        assertThat(fixture.worker.models().getFirst().capabilities()).contains(ModelInfo.Capability.CHAT);
        assertThat(fixture.worker.health().state()).isEqualTo(State.UP);

        Files.delete(model);
        await().atMost(Duration.ofSeconds(10)).until(() -> fixture.worker.models().isEmpty());
    }

    @Test
    void namesTheModelsThatThereAreWhenOneIsUnknown() throws Exception {
        model("there", "GGUF");

        assertThatThrownBy(() -> fixture.chat(ask("missing", "Hi", 1)))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.category()).isEqualTo(ErrorCategory.NOT_FOUND);
                    assertThat(e.detail()).contains("'missing'").contains("there");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text, not a model, but long enough to look at", "GGUF\u0003\u0000\u0000\u0000cut off here......"})
    void saysThatAFileIsNoModelAndGoesOn(String content) throws Exception {
        model("broken", content);

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> fixture.chat(ask("broken", "Hi", 1)))
                    .isInstanceOfSatisfying(ProblemException.class, e -> {
                        assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
                        assertThat(e.code()).isEqualTo("MODEL_LOAD_FAILED");
                        assertThat(e.detail()).contains("broken").doesNotContain(folder.toString());
                    });
        }
    }

    @Test
    void refusesWhatALocalModelCannotDo() throws Exception {
        model("m", "GGUF");
        var tool = new ChatRequest.Tool("f", null, null, false);
        var image = new Content.Image("https://example.org/a.png", null);

        assertInvalid(() -> fixture.chat(request(List.of(user(image)), List.of(), null)), "TEXT_ONLY");
        assertInvalid(
                () -> fixture.chat(request(List.of(user(new Content.Audio("", "wav"))), List.of(), null)), "TEXT_ONLY");
        assertInvalid(
                () -> fixture.chat(request(List.of(Message.of(Role.USER, "x")), List.of(tool), null)),
                "TOOLS_NOT_SUPPORTED");
        assertInvalid(
                () -> fixture.chat(request(List.of(Message.of(Role.TOOL, "x")), List.of(), null)),
                "TOOLS_NOT_SUPPORTED");
        assertInvalid(() -> fixture.chat(request(List.of(), List.of(), null)), "INVALID_MESSAGES");
        assertInvalid(() -> fixture.chat(ask("m", "x", 0)), "INVALID_MAX_TOKENS");
        assertInvalid(
                () -> fixture.worker.embed(
                        CALLER, new EmbeddingRequest("m", List.of("x"), null), new Cancellation()),
                "EMBEDDINGS_NOT_SUPPORTED");
        ObjectNode two = JSON.createObjectNode().put("n", 2);
        assertInvalid(
                () -> fixture.chat(ChatRequest.builder("m", List.of(Message.of(Role.USER, "x")))
                        .extra(new Extra("openai", two))
                        .build()),
                "INVALID_N");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"nonsense\"}",
                "{\"type\":[]}",
                "{\"pattern\":\"a+\"}",
                "{\"$ref\":\"https://example.org/schema\"}",
                "{\"$ref\":\"#/$defs/missing\"}",
                "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"$ref\":\"#/$defs/a\"}}}",
                "{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"maxItems\":100000}",
                "{\"enum\":[]}",
                "{\"properties\":{\"a\":3}}",
                "{\"allOf\":[{}]}"
            })
    void refusesSchemasThatCannotGuideIt(String schema) throws Exception {
        model("m", "GGUF");
        var format = new ChatRequest.ResponseFormat.JsonSchema("s", (ObjectNode) JSON.readTree(schema), true);

        assertInvalid(
                () -> fixture.chat(request(List.of(Message.of(Role.USER, "x")), List.of(), format)),
                "SCHEMA_NOT_SUPPORTED");
    }

    @Test
    void refusesASchemaThatIsTooDeep() throws Exception {
        model("m", "GGUF");
        ObjectNode schema = JSON.createObjectNode().put("type", "string");
        for (int i = 0; i < 200; i++) {
            ObjectNode outer = JSON.createObjectNode().put("type", "array");
            outer.set("items", schema);
            schema = outer;
        }
        var format = new ChatRequest.ResponseFormat.JsonSchema("s", schema, true);

        assertInvalid(
                () -> fixture.chat(request(List.of(Message.of(Role.USER, "x")), List.of(), format)),
                "SCHEMA_NOT_SUPPORTED");
    }

    private void model(String name, String content) throws Exception {
        Path models = Files.createDirectories(folder.resolve("models"));
        Files.writeString(models.resolve(name + ".gguf"), content);
        await().atMost(Duration.ofSeconds(10)).until(() -> !fixture.worker.models().isEmpty());
    }

    private static Message user(Content part) {
        return Message.of(Role.USER, List.of(part));
    }

    private static ChatRequest request(
            List<Message> messages, List<ChatRequest.Tool> tools, ChatRequest.@Nullable ResponseFormat format) {
        return ChatRequest.builder("m", messages).tools(tools).responseFormat(format).build();
    }

    private static void assertInvalid(ThrowingCallable call, String code) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
            assertThat(e.code()).isEqualTo(code);
        });
    }
}

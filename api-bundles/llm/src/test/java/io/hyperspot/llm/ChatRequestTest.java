// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.gts.GtsId;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChatRequestTest {
    private static final Message HELLO = Message.of(Message.Role.USER, "hello");
    private static final ChatRequest HELLO_ONLY = ChatRequest.of("gpt", List.of(HELLO));

    @Test
    void leavesToTheProviderWhatIsNotSaid() {
        ChatRequest request = ChatRequest.of("gpt", List.of(HELLO));

        assertThat(request.messages()).containsExactly(HELLO);
        assertThat(request.tools()).isEmpty();
        assertThat(request.stop()).isEmpty();
        assertThat(request)
                .extracting(
                        ChatRequest::toolChoice,
                        ChatRequest::maxTokens,
                        ChatRequest::temperature,
                        ChatRequest::topP,
                        ChatRequest::seed,
                        ChatRequest::responseFormat,
                        ChatRequest::extra)
                .containsOnlyNulls();
    }

    @Test
    void keepsItsListsWhenTheGivenOnesChange() {
        List<Message> messages = new ArrayList<>(List.of(HELLO));
        List<Content> content = new ArrayList<>(List.of(new Content.Text("a")));
        List<String> inputs = new ArrayList<>(List.of("a"));
        ChatRequest request = ChatRequest.of("gpt", messages);
        Message message = Message.of(Message.Role.USER, content);
        EmbeddingRequest embedding = new EmbeddingRequest("e", inputs, null);

        messages.clear();
        content.clear();
        inputs.clear();

        assertThat(request.messages()).hasSize(1);
        assertThat(message.content()).hasSize(1);
        assertThat(embedding.inputs()).containsExactly("a");
        assertThatThrownBy(() -> request.messages().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void passesOnMembersThatItDoesNotKnow() throws Exception {
        ObjectNode extra = (ObjectNode) new ObjectMapper().readTree("{\"x_acme\":{\"deep\":[1,null,\"\u00e4\"]},\"n\":1.50}");
        Extra members = new Extra("openai", extra);
        Message message = new Message(Message.Role.ASSISTANT, List.of(), List.of(), null, false, null, members);
        ChatRequest request = ChatRequest.builder("gpt", List.of(message)).extra(members).build();

        assertThat(request.extra()).isSameAs(members);
        assertThat(request.messages().getFirst().extra()).isSameAs(members);
        assertThat(new Content.Unknown("openai", extra).json()).isSameAs(extra);
        assertThat(new ChatEvent.Unknown("openai", extra).json()).isSameAs(extra);
    }

    @Test
    void joinsTheTextOfAMessageAndNothingElse() throws Exception {
        Message message = Message.of(
                Message.Role.USER,
                List.of(
                        new Content.Text("a"),
                        new Content.Image("https://x.test/i.png", null),
                        new Content.Reasoning("hidden", "sig"),
                        new Content.Unknown("openai", new ObjectMapper().createObjectNode()),
                        new Content.Text("b")));

        assertThat(message.text()).isEqualTo("ab");
        assertThat(Message.of(Message.Role.SYSTEM, "").text()).isEmpty();
    }

    @Test
    void namesWhatOnlyAnotherProtocolKnows() throws Exception {
        ObjectMapper json = new ObjectMapper();
        Extra bias = new Extra("openai", (ObjectNode) json.readTree("{\"logit_bias\":{},\"n\":2}"));
        Message message = new Message(
                Message.Role.USER,
                List.of(new Content.Unknown("openai", (ObjectNode) json.readTree("{\"type\":\"video_url\"}"))),
                List.of(),
                null,
                false,
                null,
                new Extra("openai", (ObjectNode) json.readTree("{\"audio\":{}}")));
        ChatRequest request = ChatRequest.builder("gpt", List.of(HELLO, message)).extra(bias).build();

        request.refuseForeign("openai");
        HELLO_ONLY.refuseForeign("anthropic");
        assertThatThrownBy(() -> request.refuseForeign("anthropic"))
                .isInstanceOfSatisfying(ProblemException.class, problem -> {
                    assertThat(problem.category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
                    assertThat(problem.context().get("members")).isEqualTo(List.of(
                            "logit_bias", "n", "messages[1].audio", "messages[1].content of type 'video_url'"));
                })
                .hasMessageContaining("logit_bias, n, messages[1].audio");
    }

    @Test
    void changesOneOptionAndKeepsTheOthers() {
        ChatRequest request = ChatRequest.builder("gpt", List.of(HELLO))
                .tools(List.of(new ChatRequest.Tool("f", null, null, true)))
                .toolChoice(new ChatRequest.ToolChoice.Required())
                .parallelToolCalls(true)
                .maxTokens(1)
                .temperature(0.1)
                .topP(0.2)
                .topK(3)
                .presencePenalty(0.4)
                .frequencyPenalty(0.5)
                .seed(6L)
                .stop(List.of("x"))
                .responseFormat(new ChatRequest.ResponseFormat.Json())
                .reasoning(new ChatRequest.Reasoning(ChatRequest.Reasoning.Effort.HIGH, 7))
                .extra(new Extra("openai", new ObjectMapper().createObjectNode().put("n", 2)))
                .build();

        assertThat(request.toBuilder().build()).isEqualTo(request);
        ChatRequest changed = request.toBuilder().model("other").build();
        assertThat(changed).isNotEqualTo(request);
        assertThat(changed.toBuilder().model("gpt").build()).isEqualTo(request);
    }

    @ParameterizedTest
    @CsvSource({"openai/gpt-5, openai, gpt-5", "openrouter/meta/llama-3, openrouter, meta/llama-3", "local/tiny:q4, local, tiny:q4"})
    void splitsAModelsIdAtTheFirstSlash(String text, String provider, String model) {
        assertThat(ModelId.parse(text)).isEqualTo(new ModelId(provider, model)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpt-5", "/gpt-5", "openai/", "/"})
    void saysHowAModelIsCalled(String text) {
        assertThatThrownBy(() -> ModelId.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a model is called {provider}/{model}; got '" + text + "'");
    }

    @Test
    void keepsWhatAModelCanDo() {
        Set<ModelInfo.Capability> can = EnumSet.of(ModelInfo.Capability.CHAT);
        ModelInfo model = new ModelInfo("gpt", can, 0, 0);
        can.add(ModelInfo.Capability.VISION);

        assertThat(model.capabilities()).containsExactly(ModelInfo.Capability.CHAT);
    }

    @Test
    void keepsVectorsInTheOrderOfTheInputs() {
        List<float[]> vectors = new ArrayList<>(List.of(new float[] {1}, new float[] {2}));
        EmbeddingResult result = new EmbeddingResult(vectors, Usage.NONE);
        vectors.clear();

        assertThat(result.vectors()).extracting(vector -> vector[0]).containsExactly(1f, 2f);
        assertThat(result.usage()).isEqualTo(new Usage(0, 0, 0, 0));
    }

    @Test
    void namesItsWorkersByAType() {
        assertThat(LlmWorker.TYPE).endsWith("~");
        assertThat(GtsId.parse(LlmWorker.TYPE)).hasToString(LlmWorker.TYPE);
    }
}

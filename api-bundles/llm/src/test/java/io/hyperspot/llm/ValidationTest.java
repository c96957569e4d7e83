// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.llm.Message.Role;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What no model can do. */
final class ValidationTest {
    private static final List<Message> HELLO = List.of(Message.of(Role.USER, "Hello."));

    private static ChatRequest request(
            List<Message> messages, @Nullable Integer maxTokens, @Nullable Double temperature, @Nullable Double topP) {
        return ChatRequest.builder("m", messages)
                .maxTokens(maxTokens)
                .temperature(temperature)
                .topP(topP)
                .build();
    }

    private static void refused(String rule, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ProblemException.class, problem -> {
            assertThat(problem.category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
            assertThat(problem.detail()).contains(rule);
        });
    }

    @Test
    void takesDefaultsAndBounds() {
        assertThatCode(() -> {
                    ChatRequest.of("m", HELLO).validate();
                    request(HELLO, 1, 0.0, 0.0).validate();
                    request(HELLO, 100_000, 2.0, 1.0).validate();
                    new EmbeddingRequest("m", List.of("a"), null).validate();
                    new EmbeddingRequest("m", List.of("a"), 1).validate();
                })
                .doesNotThrowAnyException();
    }

    @Test
    void refusesTheImpossibleInWords() {
        refused("at least one message", () -> request(List.of(), null, null, null).validate());
        refused("max_tokens", () -> request(HELLO, 0, null, null).validate());
        refused("temperature", () -> request(HELLO, null, 2.1, null).validate());
        refused("temperature", () -> request(HELLO, null, -0.1, null).validate());
        refused("temperature", () -> request(HELLO, null, Double.NaN, null).validate());
        refused("top_p", () -> request(HELLO, null, null, 1.1).validate());
        refused("input", () -> new EmbeddingRequest("m", List.of(), null).validate());
        refused("dimensions", () -> new EmbeddingRequest("m", List.of("a"), 0).validate());
    }
}

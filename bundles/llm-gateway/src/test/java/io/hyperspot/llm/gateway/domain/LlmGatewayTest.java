// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.ModelInfo;
import io.hyperspot.llm.gateway.money.RecordedUsage;
import io.hyperspot.llm.gateway.routes.Routes;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LlmGatewayTest {
    private static final SecurityContext CTX = new SecurityContext("key:test", TenantId.ROOT, List.of());

    private final RecordedUsage usage = new RecordedUsage();
    private final FakeLlm one = new FakeLlm("one", "b", "a");
    private final FakeLlm two = new FakeLlm("two", "org/large");
    private final FakeWorkers workers = new FakeWorkers(two, one);
    private final ModelDirectory directory = new ModelDirectory(workers, new Routes());
    private final LlmGateway gateway = new LlmGateway(directory, new Router(directory, new Routes()), usage.accounts());

    @AfterEach
    void close() {
        usage.close();
    }

    private void chat(String model, List<ChatEvent> events) throws Exception {
        gateway.chat(
                CTX,
                ChatRequest.of(model, List.of(Message.of(Message.Role.USER, "hi"))),
                events::add,
                new Cancellation());
    }

    @Test
    void listsTheModelsOfAllWorkersByIdAndReturnsItsLeases() {
        assertThat(gateway.models(CTX)).extracting(model -> model.id().toString())
                .containsExactly("one/a", "one/b", "two/org/large");
        assertThat(workers.leases).hasValue(0);
        assertThat(directory.isEmpty()).isFalse();
        assertThat(new ModelDirectory(new FakeWorkers(), new Routes()).isEmpty()).isTrue();
    }

    @Test
    void callsTheWorkerWithItsOwnNameOfTheModel() throws Exception {
        List<ChatEvent> events = new ArrayList<>();
        chat("two/org/large", events);
        assertThat(two.chats).extracting(ChatRequest::model).containsExactly("org/large");
        assertThat(events).hasSize(2);
        assertThat(gateway.embed(CTX, new EmbeddingRequest("one/a", List.of("abc"), 2), new Cancellation()).vectors())
                .containsExactly(new float[] {3, -0.5f});
        assertThat(one.embeddings).containsExactly(new EmbeddingRequest("a", List.of("abc"), 2));
        assertThat(workers.leases).hasValue(0);
    }

    @Test
    void namesTheModelsThatExistWhenOneDoesNot() {
        for (String name : List.of("one/none", "three/a", "plain", "/a", "one/")) {
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> chat(name, new ArrayList<>()))
                    .satisfies(problem -> {
                        assertThat(problem.category()).isEqualTo(ErrorCategory.NOT_FOUND);
                        assertThat(problem.code()).isEqualTo("MODEL_NOT_FOUND");
                        assertThat(problem.detail()).contains("'" + name + "'", "one/a, one/b, two/org/large");
                        assertThat(problem.context()).containsKey("models");
                    });
        }
        assertThat(workers.leases).hasValue(0);
    }

    @Test
    void saysHowToGetAModelWhenThereIsNone() {
        ModelDirectory empty = new ModelDirectory(new FakeWorkers(), new Routes());
        assertThat(empty.unknown("x/y").detail()).contains("hyperspot models pull");
    }

    @Test
    void passesUnlistedNamesOnWhereTheWorkerAllowsThem() throws Exception {
        one.unlisted = true;
        chat("one/anything", new ArrayList<>());
        assertThat(one.chats).hasSize(1);
    }

    @Test
    void takesTheSuccessorOfAWorkerThatIsDrained() throws Exception {
        workers.refusals.set(2);
        chat("one/a", new ArrayList<>());
        assertThat(one.chats).hasSize(1);
    }

    @Test
    void reportsAWorkerThatFailsUnexpectedlyAsBadUpstream() {
        for (Throwable failure : List.of(new IllegalStateException("secret"), new NoClassDefFoundError("x"))) {
            one.script = listener -> {
                if (failure instanceof Error error) {
                    throw error;
                }
                throw (Exception) failure;
            };
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> chat("one/a", new ArrayList<>()))
                    .satisfies(problem -> {
                        assertThat(problem.category()).isEqualTo(ErrorCategory.BAD_UPSTREAM);
                        assertThat(problem.code()).isEqualTo("WORKER_FAILED");
                        assertThat(problem.detail()).doesNotContain("secret");
                        assertThat(problem).hasCause(failure);
                    });
        }
        assertThat(workers.leases).hasValue(0);
    }

    @Test
    void passesOnWhatAWorkerReports() {
        ProblemException limit = new ProblemException(ErrorCategory.RESOURCE_EXHAUSTED, "RATE_LIMITED", "wait");
        one.script = listener -> {
            throw limit;
        };
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> gateway.embed(CTX, new EmbeddingRequest("one/a", List.of("x"), null), new Cancellation()))
                .isSameAs(limit);
        one.script = listener -> {
            throw new IOException("gone");
        };
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> chat("one/a", new ArrayList<>()));
    }

    @Test
    void saysThatAProviderIsWithdrawnNotThatItsModelDoesNotExist() {
        workers.withdrawn.put("three", "gts.x is PENDING: its type is not registered");
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> chat("three/a", new ArrayList<>()))
                .satisfies(problem -> {
                    assertThat(problem.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
                    assertThat(problem.detail()).contains("'three'", "its type is not registered");
                });
    }

    @Test
    void keepsListingWhenOneWorkerCannot() {
        FakeLlm broken = new FakeLlm("broken") {
            @Override
            public List<ModelInfo> models() {
                throw new NoSuchMethodError("an old contract");
            }
        };
        ModelDirectory both = new ModelDirectory(new FakeWorkers(broken, one), new Routes());
        LlmGateway mixed = new LlmGateway(both, new Router(both, new Routes()), usage.accounts());
        assertThat(mixed.models(CTX)).extracting(model -> model.id().toString()).containsExactly("one/a", "one/b");
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> mixed.embed(CTX, new EmbeddingRequest("broken/x", List.of("x"), null), new Cancellation()))
                .satisfies(problem -> assertThat(problem.code()).isEqualTo("MODEL_NOT_FOUND"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.Message.Role;
import io.hyperspot.llm.ModelId;
import io.hyperspot.llm.ModelInfo;
import io.hyperspot.llm.ModelInfo.Capability;
import io.hyperspot.llm.Usage;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.ErrorCategory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a worker offers, and how it answers. */
abstract class ChatRules extends WorkerFixture {
    @Test
    void namesItsProviderAsModelIdsNeedIt() {
        String provider = worker().provider();
        assertThat(provider).matches("[a-z0-9][a-z0-9._-]{0,62}");
        assertThat(worker().provider()).isEqualTo(provider);
    }

    @Test
    void listsEachModelOnceWithWhatItCanDo() {
        List<ModelInfo> models = listed(worker());
        assertThat(models).extracting(ModelInfo::model).doesNotHaveDuplicates();
        for (ModelInfo model : models) {
            assertThat(model.model()).isNotBlank().isEqualTo(model.model().strip()).doesNotMatch("(?s).*\\p{Cntrl}.*");
            assertThat(ModelId.parse(worker().provider() + "/" + model.model()))
                    .isEqualTo(new ModelId(worker().provider(), model.model()));
            assertThat(model.capabilities()).as(model.model()).isNotEmpty();
            assertThat(model.contextTokens()).isNotNegative();
            assertThat(model.dimensions()).isNotNegative();
            if (!model.capabilities().contains(Capability.EMBEDDINGS)) {
                assertThat(model.dimensions()).as("dimensions of " + model.model()).isZero();
            }
        }
        ModelInfo first = models.getFirst();
        assertThatThrownBy(() -> models.add(first)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void listsItsModelsFromMemory() throws Exception {
        LlmWorker worker = worker();
        listed(worker);
        // the gateway asks for every request; a look at a disk or a network would take far longer
        WorkerCall asking = WorkerCall.start(worker, cancellation -> {
            for (int i = 0; i < 10_000; i++) {
                assertThat(worker.models()).isNotNull();
            }
        });
        assertThat(asking.end(soon())).isNull();
    }

    @Test
    void answersWithDeltasAndOneFinishOnTheCallingThread() throws Exception {
        LlmWorker worker = worker();
        ChatRequest request = chatRequest();
        List<ChatEvent> events = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        WorkerCall call = WorkerCall.start(worker, cancellation -> worker.chat(
                CALLER,
                request,
                event -> {
                    events.add(event);
                    threads.add(Thread.currentThread());
                },
                cancellation));
        succeeded(call);

        assertThat(text(events)).as("text of the answer").isNotEmpty();
        assertThat(events).filteredOn(ChatEvent.Finish.class::isInstance).as("the end, exactly once").hasSize(1);
        assertThat(events.getLast()).isInstanceOf(ChatEvent.Finish.class);
        assertThat(threads).containsOnly(call.thread());
    }

    @Test
    void tellsAUsageThatCanBe() throws Exception {
        ChatEvent last = chat(worker(), chatRequest()).getLast();
        assertThat(last).isInstanceOf(ChatEvent.Finish.class);
        Usage usage = ((ChatEvent.Finish) last).usage();
        assertThat(usage.cachedInput()).isBetween(0L, usage.input());
        assertThat(usage.reasoning()).isBetween(0L, usage.output());
    }

    @Test
    void answersTheSameAgain() throws Exception {
        assumeTrue(isDeterministic());
        assertThat(text(chat(worker(), chatRequest()))).isEqualTo(text(chat(worker(), chatRequest())));
    }

    @Test
    void doesNotKnowAModelThatIsNotThere() throws Exception {
        model(Capability.CHAT);
        ChatRequest request = ChatRequest.of(UNKNOWN, List.of(Message.of(Role.USER, "Hello.")));
        problem(refused(request), ErrorCategory.NOT_FOUND);
        assertThat(chat(worker(), chatRequest())).isNotEmpty();
    }

    @Test
    void refusesParametersThatNoModelTakes() throws Exception {
        ChatRequest good = chatRequest();
        Map<String, ChatRequest> bad = new LinkedHashMap<>();
        bad.put("no messages", ChatRequest.of(good.model(), List.of()));
        bad.put("max_tokens 0", with(good, 0, null, null));
        bad.put("max_tokens -1", with(good, -1, null, null));
        bad.put("temperature -1", with(good, null, -1.0, null));
        bad.put("temperature 99", with(good, null, 99.0, null));
        bad.put("temperature NaN", with(good, null, Double.NaN, null));
        bad.put("top_p 1.5", with(good, null, null, 1.5));
        for (Map.Entry<String, ChatRequest> entry : bad.entrySet()) {
            try {
                problem(refused(entry.getValue()), ErrorCategory.INVALID_ARGUMENT);
            } catch (AssertionError e) {
                throw new AssertionError(entry.getKey() + ": " + e.getMessage(), e);
            }
        }
        assertThat(chat(worker(), good)).isNotEmpty();
    }

    @Test
    void refusesToChatWithoutAModelForIt() throws Exception {
        assumeFalse(find(worker(), Capability.CHAT).isPresent(), "it can chat");
        String model = listed(worker()).getFirst().model();
        problem(
                refused(ChatRequest.of(model, List.of(Message.of(Role.USER, "Hello.")))),
                ErrorCategory.INVALID_ARGUMENT);
    }

    /** What a call throws that must send no event. */
    private @Nullable Throwable refused(ChatRequest request) throws Exception {
        LlmWorker worker = worker();
        List<ChatEvent> events = new ArrayList<>();
        Throwable failure = WorkerCall.start(
                        worker, cancellation -> worker.chat(CALLER, request, events::add, cancellation))
                .end(LONG);
        assertThat(events).as("events of a refused call").isEmpty();
        return failure;
    }

    private static ChatRequest with(
            ChatRequest request, @Nullable Integer maxTokens, @Nullable Double temperature, @Nullable Double topP) {
        return request.toBuilder().maxTokens(maxTokens).temperature(temperature).topP(topP).build();
    }
}

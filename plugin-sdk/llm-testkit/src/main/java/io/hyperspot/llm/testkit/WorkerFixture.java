// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.Message.Role;
import io.hyperspot.llm.ModelInfo;
import io.hyperspot.llm.ModelInfo.Capability;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What a connector's author says about the worker; the lower half of {@link LlmWorkerContract}. */
abstract class WorkerFixture {
    static final SecurityContext CALLER = new SecurityContext("user:contract", TenantId.ROOT, List.of());
    static final String UNKNOWN = "no-such-model-4711";

    static final Duration LONG = Duration.ofSeconds(60);

    private final Map<Capability, String> models = new EnumMap<>(Capability.class);
    private @Nullable LlmWorker opened;
    private boolean taken;

    /** Makes a worker, active, as Declarative Services would. Called for each test, and for some twice. */
    protected abstract LlmWorker open() throws Exception;

    /** Does what deactivation does: calls the method with {@code @Deactivate}, where there is one. */
    protected void close(LlmWorker worker) throws Exception {
        if (worker instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    /** A request that is answered with some text. */
    protected ChatRequest chatRequest() {
        return ChatRequest.of(model(Capability.CHAT), List.of(Message.of(Role.USER, "Say hello to the world.")));
    }

    /**
     * A request whose answer goes on, unless it is cancelled: for 10 seconds, or for 1,000 events.
     * Whoever tests against a local server of its own makes that one talk without end.
     */
    protected ChatRequest longChatRequest() {
        return ChatRequest.of(model(Capability.CHAT), List.of(Message.of(Role.USER, "on and on ".repeat(2_000))));
    }

    /** A request to which the provider does not say anything for a minute, if that can be brought about. */
    protected Optional<ChatRequest> silentChatRequest() {
        return Optional.empty();
    }

    /** A request for vectors; its inputs differ from each other. */
    protected EmbeddingRequest embeddingRequest() {
        return new EmbeddingRequest(model(Capability.EMBEDDINGS), List.of("a cat", "the stock exchange", "rain"), null);
    }

    /** Whether the same request is always answered the same. */
    protected boolean isDeterministic() {
        return true;
    }

    /** How many calls are made at once; at least one of them must be answered, none may be lost. */
    protected int parallelCalls() {
        return 64;
    }

    /** How many things the worker holds for its calls now, for example connections that are in use. */
    protected int held() {
        return 0;
    }

    /** How long "soon" is: generous, because a busy build machine is no broken worker. */
    protected Duration soon() {
        return Duration.ofSeconds(10);
    }

    /** Whether a thread is the test's own, for example of the server that plays the provider. */
    protected boolean isOfTheTest(String threadName) {
        return false;
    }

    @BeforeEach
    final void openWorker() throws Exception {
        opened = open();
    }

    @AfterEach
    final void closeWorker() throws Exception {
        if (opened != null && !taken) {
            close(opened);
        }
    }

    final LlmWorker worker() {
        if (opened == null) {
            throw new AssertionError("open() gave no worker");
        }
        return opened;
    }

    /** For tests that deactivate it themselves. */
    final LlmWorker takeWorker() {
        taken = true;
        return worker();
    }

    /** The name of a model of the worker that can do something; the test is skipped when there is none. */
    protected final String model(Capability capability) {
        String known = models.get(capability);
        if (known != null) {
            return known;
        }
        Optional<ModelInfo> found = find(worker(), capability);
        assumeTrue(found.isPresent(), "it has no model for " + capability);
        String name = found.orElseThrow().model();
        models.put(capability, name);
        return name;
    }

    static Optional<ModelInfo> find(LlmWorker worker, Capability capability) {
        return listed(worker).stream()
                .filter(model -> model.capabilities().contains(capability))
                .findFirst();
    }

    /** Its models, when they are known. */
    static List<ModelInfo> listed(LlmWorker worker) {
        await("models").atMost(LONG).pollInterval(Duration.ofMillis(10)).until(() -> !worker.models().isEmpty());
        return worker.models();
    }

    /** The events of a call that must succeed. */
    static List<ChatEvent> chat(LlmWorker worker, ChatRequest request) throws Exception {
        List<ChatEvent> events = new ArrayList<>();
        WorkerCall call = WorkerCall.start(worker, cancellation -> worker.chat(CALLER, request, events::add, cancellation));
        succeeded(call);
        return events;
    }

    static EmbeddingResult embed(LlmWorker worker, EmbeddingRequest request) throws Exception {
        List<EmbeddingResult> results = new ArrayList<>();
        succeeded(WorkerCall.start(
                worker, cancellation -> results.add(worker.embed(CALLER, request, cancellation))));
        return results.getFirst();
    }

    static void succeeded(WorkerCall call) throws InterruptedException {
        Throwable failure = call.end(LONG);
        if (failure != null) {
            throw new AssertionError("the call failed: " + failure, failure);
        }
    }

    /** Whatever it can do, once, as text. */
    final String ask(LlmWorker worker, Cancellation cancellation) throws Exception {
        if (find(worker, Capability.CHAT).isPresent()) {
            List<ChatEvent> events = new ArrayList<>();
            worker.chat(CALLER, chatRequest(), events::add, cancellation);
            assertThat(events.getLast()).isInstanceOf(ChatEvent.Finish.class);
            return text(events);
        }
        return worker.embed(CALLER, embeddingRequest(), cancellation).vectors().stream()
                .map(Arrays::toString)
                .toList()
                .toString();
    }

    static String text(List<ChatEvent> events) {
        StringBuilder text = new StringBuilder();
        for (ChatEvent event : events) {
            if (event instanceof ChatEvent.TextDelta(String delta)) {
                text.append(delta);
            }
        }
        return text.toString();
    }

    /** A problem for the caller, of the category, with words. */
    static ProblemException problem(@Nullable Throwable failure, ErrorCategory... categories) {
        if (!(failure instanceof ProblemException problem)) {
            throw new AssertionError("expected a problem " + Arrays.toString(categories) + ", got " + failure, failure);
        }
        assertThat(problem.category()).as("%s", problem).isIn((Object[]) categories);
        assertThat(problem.code()).matches("[A-Z][A-Z0-9_]*");
        assertThat(problem.detail()).as("a sentence for people").contains(" ");
        return problem;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How calls end, that they do not disturb each other, and that nothing is left of a worker. */
abstract class CallRules extends ChatRules {
    private static final Duration POLL = Duration.ofMillis(20);

    @Test
    void endsAtOnceWhenItWasCancelledBefore() throws Exception {
        LlmWorker worker = worker();
        ChatRequest request = chatRequest();
        Cancellation cancelled = new Cancellation();
        cancelled.cancel("the caller left");
        List<ChatEvent> events = new ArrayList<>();
        WorkerCall call = WorkerCall.start(worker, ignored -> worker.chat(CALLER, request, events::add, cancelled));
        problem(call.end(soon()), ErrorCategory.CANCELLED);
        assertThat(events).isEmpty();
        frees();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsSoonWhenCancelledWithinAnAnswer(boolean byTheListener) throws Exception {
        LlmWorker worker = worker();
        ChatRequest request = longChatRequest();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        Queue<ChatEvent> events = new ConcurrentLinkedQueue<>();
        WorkerCall call = WorkerCall.start(worker, cancellation -> worker.chat(
                CALLER,
                request,
                event -> {
                    events.add(event);
                    begun.countDown();
                    if (byTheListener) {
                        cancellation.cancel("the caller left");
                    } else {
                        // a slow reader, so that the answer has not ended before it is cancelled
                        cancelled.await(5, TimeUnit.MILLISECONDS);
                    }
                },
                cancellation));
        assertThat(begun.await(LONG.toSeconds(), TimeUnit.SECONDS) || call.hasEnded())
                .as("the answer begins")
                .isTrue();
        call.cancel();
        cancelled.countDown();

        problem(call.end(soon()), ErrorCategory.CANCELLED);
        assertThat(events).noneMatch(ChatEvent.Finish.class::isInstance);
        frees();
        WorkerCall next = WorkerCall.start(worker, cancellation -> ask(worker, cancellation));
        assertThat(next.end(LONG)).as("the next call").isNull();
    }

    @Test
    void endsSoonWhenCancelledBeforeTheFirstWord() throws Exception {
        LlmWorker worker = worker();
        assumeTrue(silentChatRequest().isPresent(), "silentChatRequest() gives none");
        ChatRequest request = silentChatRequest().orElseThrow();
        List<ChatEvent> events = new ArrayList<>();
        WorkerCall call = WorkerCall.start(
                worker, cancellation -> worker.chat(CALLER, request, events::add, cancellation));
        // long enough to have asked the provider
        assertThat(call.thread().join(Duration.ofMillis(300))).as("it waits").isFalse();
        call.cancel();
        problem(call.end(soon()), ErrorCategory.CANCELLED);
        assertThat(events).isEmpty();
        frees();
    }

    @Test
    void handsOnWhatItsListenerThrows() throws Exception {
        LlmWorker worker = worker();
        ChatRequest request = longChatRequest();
        for (Exception thrown :
                List.of(new IOException("the client's connection broke"), new IllegalStateException("a bug"))) {
            List<ChatEvent> events = new ArrayList<>();
            WorkerCall call = WorkerCall.start(worker, cancellation -> worker.chat(
                    CALLER,
                    request,
                    event -> {
                        events.add(event);
                        throw thrown;
                    },
                    cancellation));
            assertThat(call.end(soon())).isSameAs(thrown);
            assertThat(events).as("events until then").hasSize(1);
            frees();
        }
        assertThat(chat(worker, chatRequest())).isNotEmpty();
    }

    @Test
    void servesManyCallsAtOnce() throws Exception {
        LlmWorker worker = worker();
        String alone = ask(worker, new Cancellation());
        Queue<String> answers = new ConcurrentLinkedQueue<>();
        List<WorkerCall> calls = new ArrayList<>();
        for (int i = 0; i < parallelCalls(); i++) {
            calls.add(WorkerCall.start(worker, cancellation -> answers.add(ask(worker, cancellation))));
        }
        for (WorkerCall call : calls) {
            Throwable failure = call.end(LONG);
            if (failure != null) {
                problem(failure, ErrorCategory.RESOURCE_EXHAUSTED, ErrorCategory.UNAVAILABLE);
            }
        }
        assertThat(answers).isNotEmpty();
        if (isDeterministic()) {
            assertThat(answers).containsOnly(alone);
        }
        frees();
    }

    @Test
    void servesBesideAnotherAndAfterItHasGone() throws Exception {
        succeeded(WorkerCall.start(worker(), cancellation -> ask(worker(), cancellation)));
        LlmWorker next = open();
        try {
            LlmWorker old = takeWorker();
            try {
                WorkerCall first = WorkerCall.start(old, cancellation -> ask(old, cancellation));
                WorkerCall second = WorkerCall.start(next, cancellation -> ask(next, cancellation));
                succeeded(first);
                succeeded(second);
            } finally {
                close(old);
            }
            succeeded(WorkerCall.start(next, cancellation -> ask(next, cancellation)));
        } finally {
            close(next);
        }
    }

    @Test
    void isDeactivatedWhileItAnswers() throws Exception {
        LlmWorker worker = worker();
        ChatRequest request = longChatRequest();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        WorkerCall call = WorkerCall.start(worker, cancellation -> worker.chat(
                CALLER,
                request,
                event -> {
                    begun.countDown();
                    // a slow reader
                    over.await(5, TimeUnit.MILLISECONDS);
                },
                cancellation));
        assertThat(begun.await(LONG.toSeconds(), TimeUnit.SECONDS)).as("the answer begins").isTrue();

        LlmWorker leaving = takeWorker();
        WorkerCall closing = WorkerCall.start(leaving, ignored -> close(leaving));
        assertThat(closing.end(soon())).as("deactivation").isNull();
        call.cancel();
        over.countDown();
        call.end(soon());
        frees();
    }

    @Test
    void leavesNoThreadBehind() throws Exception {
        // once for what libraries and the JVM start for good
        LlmWorker first = takeWorker();
        ask(first, new Cancellation());
        close(first);
        Map<Long, String> before = ThreadCensus.take();

        LlmWorker second = open();
        try {
            ask(second, new Cancellation());
        } finally {
            close(second);
        }
        await("threads that deactivation has left")
                .atMost(soon())
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> {
                    Map<Long, String> after = ThreadCensus.take();
                    after.keySet().removeAll(before.keySet());
                    after.values().removeIf(thread -> isOfTheTest(thread.substring(1, thread.lastIndexOf('\''))));
                    assertThat(after).isEmpty();
                });
    }

    final void frees() {
        await("what it held for its calls").atMost(soon()).pollInterval(POLL).untilAsserted(() -> assertThat(held())
                .isZero());
    }
}

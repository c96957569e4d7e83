// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.testkit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.ModelInfo;
import io.hyperspot.llm.ModelInfo.Capability;
import io.hyperspot.llm.Usage;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Does everything right, but for one flaw. */
final class Parrot implements LlmWorker, WireWorker, AutoCloseable {
    static final String SILENT = "silent";
    static final AtomicInteger HELD = new AtomicInteger();
    /** What workers must not do. */
    static final AtomicInteger SHARED = new AtomicInteger();

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Flaw flaw;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger served = new AtomicInteger();
    private volatile String last = "";

    Parrot(Flaw flaw) {
        this.flaw = flaw;
        SHARED.set(1);
        if (flaw == Flaw.LEAVES_A_THREAD || flaw == Flaw.LEAVES_A_VIRTUAL_THREAD) {
            // ends long after the test that must find it
            Runnable waiting = () -> sleep(5_000);
            Thread thread = flaw == Flaw.LEAVES_A_THREAD
                    ? Thread.ofPlatform().daemon().unstarted(waiting)
                    : Thread.ofVirtual().unstarted(waiting);
            thread.start();
        }
    }

    private static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean is(Flaw other) {
        return flaw == other;
    }

    @Override
    public void close() {
        SHARED.set(0);
        while (is(Flaw.WAITS_FOR_CALLS_WHEN_DEACTIVATED) && running.get() > 0) {
            sleep(10);
        }
    }

    @Override
    public String provider() {
        return is(Flaw.PROVIDER_IN_CAPITALS) ? "ACME" : "acme";
    }

    @Override
    public List<ModelInfo> models() {
        ModelInfo parrot = new ModelInfo("parrot", Set.of(Capability.CHAT), 0, 0);
        ModelInfo counter = new ModelInfo("counter", Set.of(Capability.EMBEDDINGS), 0, 2);
        if (is(Flaw.MODELS_TAKE_TIME)) {
            sleep(1);
        }
        if (is(Flaw.MODELS_CAN_BE_CHANGED)) {
            return new ArrayList<>(List.of(parrot, counter));
        }
        return is(Flaw.MODEL_TWICE) ? List.of(parrot, parrot, counter) : List.of(parrot, counter);
    }

    @Override
    public void chat(SecurityContext ctx, ChatRequest request, LlmClient.Listener listener, Cancellation cancellation)
            throws Exception {
        if (is(Flaw.TALKS_BEFORE_IT_REFUSES)) {
            listener.event(new ChatEvent.TextDelta("Well "));
        }
        if (!is(Flaw.TAKES_ANY_PARAMETER)) {
            request.validate();
        }
        if (is(Flaw.NO_WORD_OF_THE_PROBLEM)) {
            throw new IllegalStateException();
        }
        if (!is(Flaw.TAKES_ANY_MODEL)) {
            known(request.model(), "parrot");
        }
        running.incrementAndGet();
        try {
            if (is(Flaw.FAILS_UNDER_LOAD) && running.get() + served.incrementAndGet() > 2) {
                // the first call that is alone succeeds, and nothing after it
                throw new IllegalStateException("too much at once");
            }
            HELD.incrementAndGet();
            if (!is(Flaw.STARTS_CANCELLED_CALLS)) {
                check(cancellation);
            }
            answer(request, listener, cancellation);
        } finally {
            running.decrementAndGet();
            if (!is(Flaw.KEEPS_WHAT_IT_HELD)) {
                HELD.decrementAndGet();
            }
        }
        if (is(Flaw.LEAVES_A_CLASS_LOADER)) {
            Thread.currentThread().setContextClassLoader(null);
        } else if (is(Flaw.LEAVES_AN_INTERRUPT)) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(ChatRequest request, LlmClient.Listener listener, Cancellation cancellation) throws Exception {
        String said = request.messages().getLast().text();
        if (said.equals(SILENT)) {
            CountDownLatch over = new CountDownLatch(1);
            if (!is(Flaw.WAITS_WHEN_CANCELLED)) {
                var registration = cancellation.onCancel(over::countDown);
                over.await();
                registration.close();
            } else if (over.await(2, TimeUnit.SECONDS)) {
                throw new AssertionError();
            }
            throw new ProblemException(ErrorCategory.CANCELLED, "CANCELLED", "the caller left");
        }
        if (is(Flaw.SHARES_WITH_ITS_LIKE) && SHARED.get() == 0) {
            throw new IllegalStateException("the other has closed it");
        }
        if (is(Flaw.MIXES_CALLS_UP)) {
            // as if an answer of one call could be taken for another's
            said = last.isEmpty() || running.get() == 1 ? said : "mixed up";
            last = said;
            sleep(50);
        }
        if (is(Flaw.OTHER_ANSWER_EACH_TIME)) {
            said += System.nanoTime();
        }
        List<String> words = new ArrayList<>(List.of(said.split("(?<= )")));
        for (String word : words) {
            if (cancellation.isCancelled() && is(Flaw.FINISHES_WHEN_CANCELLED)) {
                break;
            }
            if (!is(Flaw.GOES_ON_WHEN_CANCELLED)
                    && !(is(Flaw.STARTS_CANCELLED_CALLS) && word.equals(words.getFirst()))) {
                check(cancellation);
            }
            say(word, listener);
        }
        ChatEvent finish = new ChatEvent.Finish(
                ChatEvent.Reason.STOP, new Usage(1, is(Flaw.USAGE_CANNOT_BE) ? 2 : 0, words.size(), 0));
        if (!is(Flaw.NEVER_FINISHES)) {
            listener.event(finish);
        }
        if (is(Flaw.FINISHES_TWICE)) {
            listener.event(finish);
        } else if (is(Flaw.TALKS_AFTER_THE_FINISH)) {
            listener.event(new ChatEvent.TextDelta("..."));
        }
    }

    private void say(String word, LlmClient.Listener listener) throws Exception {
        ChatEvent event = new ChatEvent.TextDelta(word);
        if (is(Flaw.CALLS_FROM_ELSEWHERE)) {
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            listener.event(event);
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    })
                    .join();
            return;
        }
        try {
            listener.event(event);
        } catch (Exception e) {
            if (is(Flaw.WRAPS_THE_LISTENERS_FAILURE)) {
                throw new IllegalStateException("failed", e);
            }
            if (!is(Flaw.SWALLOWS_THE_LISTENERS_FAILURE)) {
                throw e;
            }
        }
    }

    @Override
    public EmbeddingResult embed(SecurityContext ctx, EmbeddingRequest request, Cancellation cancellation) {
        if (!is(Flaw.EMBEDS_NOTHING)) {
            request.validate();
        }
        known(request.model(), "counter");
        if (!is(Flaw.EMBEDS_FOR_NOBODY)) {
            check(cancellation);
        }
        List<float[]> vectors = new ArrayList<>();
        for (String input : request.inputs()) {
            float[] vector = {input.length(), input.hashCode() % 100};
            vectors.add(is(Flaw.VECTOR_TOO_SHORT) ? Arrays.copyOf(vector, 1) : vector);
        }
        if (is(Flaw.VECTOR_TOO_FEW)) {
            vectors.removeLast();
        }
        if (is(Flaw.VECTORS_IN_ANOTHER_ORDER)) {
            vectors.sort((a, b) -> Float.compare(a[0], b[0]));
        }
        return new EmbeddingResult(vectors, Usage.NONE);
    }

    @Override
    public boolean speaks(String protocol) {
        return is(Flaw.SPEAKS_EVERY_PROTOCOL) || protocol.equals(OPENAI);
    }

    @Override
    public void forward(SecurityContext ctx, Call call, Sink sink, Cancellation cancellation) throws Exception {
        check(cancellation);
        int from = is(Flaw.READS_BEYOND_THE_BODY) ? 0 : call.offset();
        var request = JSON.readTree(call.body(), from, call.length());
        if (!is(Flaw.FORWARDS_ANY_MODEL)) {
            known(request.path("model").asText(), "parrot");
        }
        String said = request.at("/messages/0/content").asText();
        if (!request.path("stream").asBoolean()) {
            ObjectNode answer = JSON.createObjectNode();
            answer.putArray("choices").addObject().putObject("message").put("content", said);
            byte[] bytes = JSON.writeValueAsBytes(answer);
            sink.start(200, "application/json", bytes.length, Map.of());
            sink.write(bytes, 0, bytes.length);
            return;
        }
        sink.start(200, "text/event-stream", -1, Map.of());
        for (String word : said.split("(?<= )")) {
            if (!is(Flaw.FORWARDS_WHEN_CANCELLED)) {
                check(cancellation);
            }
            ObjectNode chunk = JSON.createObjectNode();
            chunk.putArray("choices").addObject().putObject("delta").put("content", word);
            write(sink, "data: " + chunk + "\n\n");
        }
        if (is(Flaw.STREAM_HAS_OTHER_TEXT)) {
            write(sink, "data: {\"choices\":[{\"delta\":{\"content\":\"!\"}}]}\n\n");
        }
        if (!is(Flaw.STREAM_HAS_NO_END)) {
            write(sink, "data: [DONE]\n\n");
        }
    }

    private void write(Sink sink, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            sink.write(bytes, 0, bytes.length);
        } catch (IOException e) {
            if (is(Flaw.WRITES_AFTER_A_FAILURE)) {
                sink.write(bytes, 0, bytes.length);
            }
            throw e;
        }
    }

    private static void check(Cancellation cancellation) {
        if (cancellation.isCancelled()) {
            throw new ProblemException(ErrorCategory.CANCELLED, "CANCELLED", "the caller left");
        }
    }

    private static void known(String model, String known) {
        if (!model.equals(known)) {
            throw new ProblemException(ErrorCategory.NOT_FOUND, "MODEL_NOT_FOUND", "there is no such model");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package acme.swap;

import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.ModelInfo;
import io.hyperspot.llm.Usage;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.GtsWorker;
import io.hyperspot.security.SecurityContext;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Answers with its version: {@code quick} at once, {@code slow} over two seconds, {@code late} by a class not loaded before. */
@Component(service = LlmWorker.class)
@GtsWorker(type = LlmWorker.TYPE, instance = LlmWorker.TYPE + "acme.swap._.swap.v1")
public final class SwapWorker implements LlmWorker {
    private static final int SLOW_WORDS = 100;
    private static final long SLOW_MS = 20;
    private static final long LATE_MS = 1000;

    private final Behaviour behaviour = new Behaviour();
    private final Journal journal = new Journal(behaviour.text("journal"));
    private final AtomicInteger calls = new AtomicInteger();
    private final String version;

    @Activate
    public SwapWorker(BundleContext context) throws InterruptedException {
        version = context.getBundle().getVersion().toString();
        if (behaviour.is("activate", "throw")) {
            throw new IllegalStateException("the licence of version " + version + " has expired");
        }
        if (behaviour.is("activate", "hang")) {
            new CountDownLatch(1).await();
        }
        if (behaviour.is("thread", "left")) {
            Thread.ofPlatform().daemon().name("swap-left-behind").start(() -> {
                // a bad plugin ignores interruption
                new java.util.concurrent.Semaphore(0).acquireUninterruptibly();
            });
        }
    }

    @Deactivate
    void stop() throws InterruptedException {
        if (behaviour.is("stop", "hang")) {
            new CountDownLatch(1).await();
        }
        journal.close();
    }

    @Override
    public String provider() {
        return "swap";
    }

    @Override
    public List<ModelInfo> models() {
        return List.of(model("quick"), model("slow"), model("late"));
    }

    private static ModelInfo model(String name) {
        return new ModelInfo(name, Set.of(ModelInfo.Capability.CHAT), 4096, 0);
    }

    @Override
    public void chat(SecurityContext ctx, ChatRequest request, LlmClient.Listener listener, Cancellation cancellation)
            throws Exception {
        String asked = request.messages().getLast().text();
        // one of so many, evenly spread
        int percent = behaviour.number("fail_percent");
        if (percent > 0 && calls.incrementAndGet() * percent % 100 < percent) {
            journal.failed(asked);
            throw new IllegalStateException("version " + version + " fails on " + percent + " % of its calls");
        }
        int words = 1;
        switch (request.model()) {
            case "slow" -> {
                words = SLOW_WORDS;
                for (int i = 0; i < words; i++) {
                    Thread.sleep(SLOW_MS);
                    if (cancellation.isCancelled()) {
                        throw new ProblemException(ErrorCategory.CANCELLED, "CANCELLED", "the caller left");
                    }
                    listener.event(new ChatEvent.TextDelta(version + " "));
                }
            }
            case "late" -> {
                Thread.sleep(LATE_MS);
                listener.event(new ChatEvent.TextDelta(Late.text() + version));
            }
            default -> {
                String more = behaviour.is("needs_missing_class", "true") ? Missing.text() : "";
                listener.event(new ChatEvent.TextDelta(more + version));
            }
        }
        journal.answered(asked);
        listener.event(new ChatEvent.Finish(ChatEvent.Reason.STOP, new Usage(1, 0, words, 0)));
    }

    @Override
    public EmbeddingResult embed(SecurityContext ctx, EmbeddingRequest request, Cancellation cancellation) {
        throw new ProblemException(ErrorCategory.INVALID_ARGUMENT, "NOT_SUPPORTED", "there are no vectors");
    }
}

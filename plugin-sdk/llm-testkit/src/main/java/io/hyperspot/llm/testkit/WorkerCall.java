// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.Cancellation;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One call of a worker, made as the gateway does: on a virtual thread, with the worker's class loader. */
final class WorkerCall {
    /** What is called. */
    @FunctionalInterface
    interface Body {
        void run(Cancellation cancellation) throws Exception;
    }

    private final Cancellation cancellation = new Cancellation();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ClassLoader loader;
    private final Thread thread;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable String trace;

    private WorkerCall(LlmWorker worker, Body body) {
        loader = worker.getClass().getClassLoader();
        thread = Thread.ofVirtual().name("contract-call").unstarted(() -> run(body));
        thread.setContextClassLoader(loader);
    }

    static WorkerCall start(LlmWorker worker, Body body) {
        WorkerCall call = new WorkerCall(worker, body);
        call.thread.start();
        return call;
    }

    private void run(Body body) {
        try {
            body.run(cancellation);
        } catch (Exception | Error e) {
            failure = e;
        } finally {
            if (!Objects.equals(Thread.currentThread().getContextClassLoader(), loader)) {
                trace = "the call left another context class loader on its thread";
            } else if (Thread.interrupted()) {
                trace = "the call left its thread interrupted";
            }
            ended.countDown();
        }
    }

    Thread thread() {
        return thread;
    }

    void cancel() {
        cancellation.cancel("the caller left");
    }

    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /** Waits for the end; what the call threw, or null. */
    @Nullable Throwable end(Duration within) throws InterruptedException {
        if (!ended.await(within.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the call has not ended within " + within + "; it is at\n    "
                    + String.join(
                            "\n    ",
                            Arrays.stream(thread.getStackTrace())
                                    .map(StackTraceElement::toString)
                                    .toList()));
        }
        assertThat(trace).isNull();
        return failure;
    }
}

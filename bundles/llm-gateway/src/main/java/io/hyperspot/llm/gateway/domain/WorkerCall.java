// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.domain;

import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls into a connector's code: with its class loader as context class loader, because libraries
 * look there, and with its unexpected failures contained.
 */
public final class WorkerCall {
    private static final Logger log = LoggerFactory.getLogger(WorkerCall.class);

    /** Something that may throw. */
    @FunctionalInterface
    public interface Body {
        void run() throws Exception;
    }

    private WorkerCall() {}

    /**
     * @throws ProblemException what the worker reports, or BAD_UPSTREAM for its unexpected failures
     * @throws IOException when the client is gone
     */
    public static void run(LlmWorker worker, Body body) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(worker.getClass().getClassLoader());
        try {
            body.run();
        } catch (ProblemException | IOException | InterruptedException e) {
            throw e;
        } catch (Exception | LinkageError e) {
            throw failed(worker, e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Logs what a worker did that its contract forbids, and makes it a problem. */
    public static ProblemException failed(LlmWorker worker, Throwable failure) {
        log.error("worker {} failed", worker.provider(), failure);
        return new ProblemException(
                ErrorCategory.BAD_UPSTREAM,
                "WORKER_FAILED",
                "the provider's connector failed; the log has the reason",
                Map.of("worker", worker.getClass().getName()),
                failure);
    }
}

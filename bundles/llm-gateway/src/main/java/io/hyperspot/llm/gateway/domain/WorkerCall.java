// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.domain;

import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.ProblemException;
import java.io.IOException;
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
            log.error("worker {} failed", worker.provider(), e);
            throw LlmGateway.broken(worker, e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}

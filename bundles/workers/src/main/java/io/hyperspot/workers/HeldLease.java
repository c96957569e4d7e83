// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.workers;

import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.WorkerHandle;
import java.io.IOException;

/** A lease of a worker; contains what the worker's code does. */
final class HeldLease<T> implements WorkerHandle.Lease<T> {
    private static final int SERVER_ERROR = 500;

    private final Candidate candidate;
    private final Held<T> held;
    private final WorkerFailures failures;
    private boolean closed;

    HeldLease(Candidate candidate, Held<T> held, WorkerFailures failures) {
        this.candidate = candidate;
        this.held = held;
        this.failures = failures;
    }

    @Override
    public T worker() {
        return held.worker();
    }

    @Override
    public void call(WorkerHandle.Call<? super T> call) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(held.loader());
        try {
            call.on(held.worker());
        } catch (ProblemException e) {
            if (e.category().status() >= SERVER_ERROR) {
                held.tally().failed();
            }
            throw e;
        } catch (IOException | InterruptedException e) {
            throw e;
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            throw failed(e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public ProblemException failed(Throwable failure) {
        held.tally().failed();
        return failures.contain(candidate, held.tally(), failure);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            held.tally().called();
            held.gate().leave();
        }
    }
}

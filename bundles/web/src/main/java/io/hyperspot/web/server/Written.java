// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Waits for one write; the common case, written at once, neither parks nor locks. */
final class Written implements Callback {
    private static final Object DONE = new Object();

    private volatile @Nullable Object outcome;
    private volatile @Nullable Thread waiter;

    @Override
    public void succeeded() {
        complete(DONE);
    }

    @Override
    public void failed(Throwable failure) {
        complete(failure);
    }

    private void complete(Object value) {
        outcome = value;
        Thread waiting = waiter;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    boolean isDone() {
        return outcome != null;
    }

    boolean hasFailed() {
        return outcome instanceof Throwable;
    }

    /**
     * @throws InterruptedIOException when the thread is interrupted; the bytes may still be written
     * @throws IOException when they cannot be
     */
    void await() throws IOException {
        if (outcome == null) {
            waiter = Thread.currentThread();
            // Jetty fails a write that makes no progress for the connection's idle timeout
            while (outcome == null) {
                LockSupport.park(this);
                if (outcome == null && Thread.interrupted()) {
                    throw new InterruptedIOException("the client reads too slowly");
                }
            }
        }
        if (outcome instanceof Throwable failure) {
            throw new IOException("the answer cannot be written", failure);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import io.hyperspot.modkit.Cancellation;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** The waits between the attempts of calls; all end at once when the client closes. */
final class Pauses {
    private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    /** Waits on the calling thread; false when the wait was cut short. */
    boolean await(long nanos, Cancellation cancellation) {
        Thread caller = Thread.currentThread();
        long end = System.nanoTime() + nanos;
        waiting.add(caller);
        try (Cancellation.Registration _ = cancellation.onCancel(() -> LockSupport.unpark(caller))) {
            while (true) {
                if (ended || cancellation.isCancelled() || caller.isInterrupted()) {
                    return false;
                }
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return true;
                }
                LockSupport.parkNanos(this, left);
            }
        } finally {
            waiting.remove(caller);
        }
    }

    void end() {
        ended = true;
        waiting.forEach(LockSupport::unpark);
    }
}

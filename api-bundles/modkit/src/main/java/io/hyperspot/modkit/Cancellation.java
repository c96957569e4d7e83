// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Tells everything that works for one request that the request is over. Thread-safe; actions run
 * once, on the thread that cancels, and must not block.
 */
public final class Cancellation {
    /** Undo of {@link #onCancel}; idempotent. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    private static final class Node implements Registration {
        private final AtomicReference<@Nullable Runnable> action;
        private final @Nullable Node next;

        Node(@Nullable Runnable action, @Nullable Node next) {
            this.action = new AtomicReference<>(action);
            this.next = next;
        }

        void fire() {
            Runnable run = action.getAndSet(null);
            if (run != null) {
                run.run();
            }
        }

        @Override
        public void close() {
            action.set(null);
        }
    }

    private static final Node CANCELLED = new Node(null, null);

    private final AtomicReference<@Nullable Node> head = new AtomicReference<>();
    private final AtomicReference<@Nullable String> reason = new AtomicReference<>();

    /** A cancellation that nobody will ever trigger is a fresh instance: there is no shared one. */
    public Cancellation() {}

    public boolean isCancelled() {
        return head.get() == CANCELLED;
    }

    /** Why, in words, or null while not cancelled. */
    public @Nullable String reason() {
        return isCancelled() ? reason.get() : null;
    }

    /** Runs the action at cancellation, or at once when that has happened. */
    public Registration onCancel(Runnable action) {
        while (true) {
            Node first = head.get();
            if (first == CANCELLED) {
                action.run();
                return CANCELLED;
            }
            Node node = new Node(action, first);
            if (head.compareAndSet(first, node)) {
                return node;
            }
        }
    }

    /** Cancels; only the first call has an effect. A failing action does not stop the others. */
    public void cancel(String why) {
        if (!reason.compareAndSet(null, why)) {
            return;
        }
        Node node = head.getAndSet(CANCELLED);
        for (; node != null; node = node.next) {
            try {
                node.fire();
            } catch (RuntimeException e) {
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import io.hyperspot.process.ChildProcessException;
import io.hyperspot.process.ChildProcessException.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A call on its way: what its process says of it, on the way to the caller's thread. It is settled
 * when the child will say no more of it, which for a cancelled call is later than its return.
 */
final class PendingCall {
    /** What a receiver may be behind. */
    private static final int MAX_EVENTS = 8_192;

    private static final long MAX_BYTES = 64L * 1024 * 1024;

    private sealed interface Message {
        record Ready() implements Message {}

        record Event(byte[] json) implements Message {}

        record Done() implements Message {}

        record Failed(ChildProcessException why) implements Message {}
    }

    private final Runnable settled;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Message> messages = new ArrayDeque<>();
    private long bytes;
    private boolean cancelled;
    private boolean overrun;
    private boolean isSettled;
    private @Nullable Runnable tellChild;

    /**
     * @param settled run once
     */
    PendingCall(Runnable settled) {
        this.settled = settled;
    }

    void ready() {
        offer(new Message.Ready());
    }

    void event(byte[] json) {
        Runnable tell;
        lock.lock();
        try {
            if (overrun || cancelled) {
                return;
            }
            if (messages.size() < MAX_EVENTS && bytes + json.length <= MAX_BYTES) {
                offer(new Message.Event(json));
                bytes += json.length;
                return;
            }
            overrun = true;
            offer(new Message.Failed(
                    new ChildProcessException(Kind.FAILED, "its events are not taken as fast as they come")));
            tell = tellChild;
        } finally {
            lock.unlock();
        }
        if (tell != null) {
            tell.run();
        }
    }

    void done() {
        offer(new Message.Done());
        settle();
    }

    void failed(ChildProcessException why) {
        offer(new Message.Failed(why));
        settle();
    }

    /** Returns the caller's thread, and tells the child when it knows of the call. Does not block. */
    void cancel() {
        Runnable tell;
        lock.lock();
        try {
            if (cancelled) {
                return;
            }
            cancelled = true;
            tell = isSettled ? null : tellChild;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (tell != null) {
            tell.run();
        }
    }

    /** From now on a cancellation is for the child too, one that has happened included. */
    void sent(Runnable cancelAtChild) {
        lock.lock();
        try {
            tellChild = cancelAtChild;
            if (!cancelled) {
                return;
            }
        } finally {
            lock.unlock();
        }
        cancelAtChild.run();
    }

    void settle() {
        lock.lock();
        try {
            if (isSettled) {
                return;
            }
            isSettled = true;
        } finally {
            lock.unlock();
        }
        settled.run();
    }

    void awaitReady() throws ChildProcessException {
        switch (take()) {
            case Message.Ready() -> {}
            case Message.Failed(ChildProcessException why) -> throw rethrown(why);
            case Message.Event e -> throw new IllegalStateException("an event before the request");
            case Message.Done e -> throw new IllegalStateException("an end before the request");
        }
    }

    /** The next event, or null at the end. */
    byte @Nullable [] next() throws ChildProcessException {
        return switch (take()) {
            case Message.Event(byte[] json) -> json;
            case Message.Done() -> null;
            case Message.Failed(ChildProcessException why) -> throw rethrown(why);
            case Message.Ready() -> throw new IllegalStateException("ready twice");
        };
    }

    private void offer(Message message) {
        lock.lock();
        try {
            messages.addLast(message);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private Message take() throws ChildProcessException {
        lock.lock();
        try {
            while (messages.isEmpty() && !cancelled) {
                changed.await();
            }
            if (cancelled) {
                throw new ChildProcessException(Kind.CANCELLED, "the call was cancelled");
            }
            Message message = messages.removeFirst();
            if (message instanceof Message.Event(byte[] json)) {
                bytes -= json.length;
            }
            return message;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChildProcessException(
                    Kind.CANCELLED, "the call's thread was interrupted", "", Duration.ZERO, e);
        } finally {
            lock.unlock();
        }
    }

    /** With the caller's stack; one exception may be the end of many calls. */
    private static ChildProcessException rethrown(ChildProcessException why) {
        return new ChildProcessException(
                why.kind(), String.valueOf(why.getMessage()), why.code(), why.retryAfter(), why);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lines that wait to be written, cancellations first. A child that does not read must not block a
 * caller. Bounded by the calls that may be pending. Thread-safe.
 */
final class Outbox {
    private record Line(long id, byte[] bytes) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Line> requests = new ArrayDeque<>();
    private final ArrayDeque<byte[]> cancellations = new ArrayDeque<>();
    private boolean closed;

    /** Ignored when closed. */
    void request(long id, byte[] line) {
        lock.lock();
        try {
            if (!closed) {
                requests.addLast(new Line(id, line));
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** True when the request had not left yet: the child will never hear of it. */
    boolean cancel(long id) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            if (requests.removeIf(line -> line.id() == id)) {
                return true;
            }
            cancellations.addLast(Envelope.cancel(id));
            changed.signal();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next line; null when closed, whatever still waits. */
    byte @Nullable [] take() throws InterruptedException {
        lock.lock();
        try {
            while (!closed && requests.isEmpty() && cancellations.isEmpty()) {
                changed.await();
            }
            if (closed) {
                return null;
            }
            byte[] cancellation = cancellations.pollFirst();
            return cancellation != null ? cancellation : requests.removeFirst().bytes();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            requests.clear();
            cancellations.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit.lifecycle;

import java.time.Duration;

/**
 * What a component must get done before it is whole, such as reading its data, without keeping others
 * waiting: tried on a virtual thread of its own, again after longer and longer pauses, until it succeeds or
 * is closed. Thread-safe.
 */
public final class Loading implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    private static final Duration END = Duration.ofSeconds(2);

    /** One try. */
    @FunctionalInterface
    public interface Attempt {
        /** Succeeds by returning. */
        void run() throws Exception;
    }

    /** Told of every try that failed. */
    @FunctionalInterface
    public interface Failed {
        /** @param pause until the next try */
        void because(Exception reason, Duration pause);
    }

    private final Thread thread;

    private Loading(Thread thread) {
        this.thread = thread;
    }

    /**
     * Begins.
     *
     * @param name of the thread
     */
    public static Loading start(String name, Attempt attempt, Failed failed) {
        return new Loading(Thread.ofVirtual().name(name).start(() -> untilDone(attempt, failed)));
    }

    private static void untilDone(Attempt attempt, Failed failed) {
        Duration pause = FIRST_PAUSE;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                attempt.run();
                return;
            } catch (InterruptedException e) {
                return;
            } catch (Exception e) {
                failed.because(e, pause);
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                return;
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    /** Interrupts the try that is made, and waits for its end for at most two seconds. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

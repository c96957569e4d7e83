// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit.lifecycle;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleException;

/**
 * Runs a step of a bundle's life with a deadline, on a platform thread of its own: what a bundle does
 * there is foreign code, which may hang for ever. One that hangs is interrupted and left behind.
 */
@FunctionalInterface
public interface BoundedStep {
    void run() throws BundleException;

    /** What came of a step. */
    sealed interface Outcome {
        /** It has ended well. */
        record Done() implements Outcome {}

        /** It has thrown. */
        record Failed(Throwable cause) implements Outcome {}

        /**
         * It goes on.
         *
         * @param place the nearest one in code that is not the JDK's; "an unknown place" when there is none
         */
        record Hanging(String place) implements Outcome {}

        /** The caller was interrupted, and its interrupt flag is set; the step may go on. */
        record Interrupted() implements Outcome {}
    }

    /**
     * Runs a step and waits for its end.
     *
     * @param name of the thread
     */
    static Outcome run(String name, Duration deadline, BoundedStep step) {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().daemon().name(name).start(() -> {
            try {
                step.run();
            } catch (BundleException | RuntimeException | LinkageError e) {
                failure.set(e);
            } finally {
                done.countDown();
            }
        });
        try {
            if (!done.await(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                String place = place(thread);
                thread.interrupt();
                return new Outcome.Hanging(place);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.Interrupted();
        }
        Throwable cause = failure.get();
        return cause == null ? new Outcome.Done() : new Outcome.Failed(cause);
    }

    private static String place(Thread thread) {
        return Stream.of(thread.getStackTrace())
                .filter(frame -> !frame.getClassName().startsWith("java.") && !frame.getClassName().startsWith("jdk."))
                .findFirst()
                .map(StackTraceElement::toString)
                .orElse("an unknown place");
    }
}

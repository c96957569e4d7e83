// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

final class CancellationTest {
    private final Cancellation cancellation = new Cancellation();
    private final List<String> ran = new CopyOnWriteArrayList<>();

    @Test
    void isNotCancelledAtFirst() {
        assertThat(cancellation.isCancelled()).isFalse();
        assertThat(cancellation.reason()).isNull();
    }

    @Test
    void runsEachActionOnceOnTheThreadThatCancels() {
        cancellation.onCancel(() -> ran.add("a " + Thread.currentThread().getName()));
        cancellation.onCancel(() -> ran.add("b"));

        cancellation.cancel("the client left");
        cancellation.cancel("again");

        assertThat(ran).containsExactlyInAnyOrder("a " + Thread.currentThread().getName(), "b");
        assertThat(cancellation.isCancelled()).isTrue();
        assertThat(cancellation.reason()).isEqualTo("the client left");
    }

    @Test
    void runsAnActionAtOnceWhenItComesTooLate() {
        cancellation.cancel("timeout");

        cancellation.onCancel(() -> ran.add("late")).close();

        assertThat(ran).containsExactly("late");
    }

    @Test
    void doesNotRunAnActionThatWasWithdrawn() {
        Cancellation.Registration first = cancellation.onCancel(() -> ran.add("withdrawn"));
        cancellation.onCancel(() -> ran.add("kept"));
        first.close();
        first.close();

        cancellation.cancel("timeout");
        first.close();

        assertThat(ran).containsExactly("kept");
    }

    @Test
    void runsTheOthersWhenAnActionFails() {
        Thread thread = Thread.currentThread();
        Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
        thread.setUncaughtExceptionHandler((t, e) -> ran.add("told: " + e.getMessage()));
        try {
            cancellation.onCancel(() -> ran.add("first"));
            cancellation.onCancel(() -> {
                throw new IllegalStateException("broken");
            });
            cancellation.onCancel(() -> ran.add("last"));

            cancellation.cancel("timeout");
        } finally {
            thread.setUncaughtExceptionHandler(before);
        }

        assertThat(ran).containsExactlyInAnyOrder("first", "last", "told: broken");
    }

    @Test
    void mayBeCancelledByAnActionOfItsOwn() {
        cancellation.onCancel(() -> {
            cancellation.cancel("inner");
            cancellation.onCancel(() -> ran.add("inner"));
        });

        cancellation.cancel("outer");

        assertThat(ran).containsExactly("inner");
        assertThat(cancellation.reason()).isEqualTo("outer");
    }

    @RepeatedTest(200)
    void runsEachActionExactlyOnceHoweverThreadsMeet() throws Exception {
        int threads = 4;
        AtomicInteger runs = new AtomicInteger();
        CyclicBarrier barrier = new CyclicBarrier(threads);
        List<String> reasons = new CopyOnWriteArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                String name = "canceller " + i;
                all.add(pool.submit(() -> {
                    barrier.await();
                    cancellation.onCancel(runs::incrementAndGet);
                    cancellation.cancel(name);
                    cancellation.onCancel(() -> reasons.add(String.valueOf(cancellation.reason())));
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }

        assertThat(runs).hasValue(threads);
        assertThat(cancellation.isCancelled()).isTrue();
        assertThat(reasons).hasSize(threads).containsOnly(String.valueOf(cancellation.reason()));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LoadingTest {
    @Test
    void triesAgainUntilItSucceeds() throws Exception {
        List<String> failures = new CopyOnWriteArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        try (Loading loading = Loading.start(
                "test",
                () -> {
                    if (failures.isEmpty()) {
                        throw new IOException("not yet");
                    }
                    done.countDown();
                },
                (reason, pause) -> failures.add(reason.getMessage() + ", again in " + pause.toMillis()))) {
            assertThat(loading).isNotNull();
            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(failures).containsExactly("not yet, again in 500");
    }

    @Test
    void endsATryThatIsMadeWhenClosed() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        Loading loading = Loading.start(
                "test",
                () -> {
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.set(true);
                        throw e;
                    }
                },
                (reason, pause) -> {
                    throw new AssertionError(reason);
                });
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

        loading.close();

        assertThat(interrupted).isTrue();
    }
}

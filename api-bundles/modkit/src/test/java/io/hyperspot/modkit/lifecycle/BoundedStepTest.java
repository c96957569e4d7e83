// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyperspot.modkit.lifecycle.BoundedStep.Outcome;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleException;

final class BoundedStepTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void tellsTheEnd() {
        assertThat(BoundedStep.run("step", LONG, () -> {})).isEqualTo(new Outcome.Done());
    }

    @Test
    void handsOnWhatIsThrown() {
        BundleException checked = new BundleException("no");
        assertThat(BoundedStep.run("step", LONG, () -> {
                    throw checked;
                }))
                .isEqualTo(new Outcome.Failed(checked));
        LinkageError error = new NoClassDefFoundError("acme/Missing");
        assertThat(BoundedStep.run("step", LONG, () -> {
                    throw error;
                }))
                .isEqualTo(new Outcome.Failed(error));
    }

    @Test
    void leavesBehindWhatHangsAndNamesThePlace() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        Outcome outcome = BoundedStep.run("step", Duration.ofMillis(100), () -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        assertThat(outcome).isInstanceOfSatisfying(
                Outcome.Hanging.class, hanging -> assertThat(hanging.place()).contains("BoundedStepTest"));
        interrupted.await();
    }

    @Test
    void keepsTheCallersInterrupt() {
        Thread.currentThread().interrupt();
        CountDownLatch end = new CountDownLatch(1);
        Outcome outcome = BoundedStep.run("step", LONG, () -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        end.countDown();
        assertThat(outcome).isEqualTo(new Outcome.Interrupted());
        assertThat(Thread.interrupted()).isTrue();
    }
}

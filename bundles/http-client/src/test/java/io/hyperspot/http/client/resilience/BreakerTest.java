// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.http.client.ProviderClients.Breaking;
import io.hyperspot.http.client.resilience.Breaker.Pass;
import io.hyperspot.http.client.resilience.Breaker.State;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class BreakerTest {
    private static final long SECOND = 1_000_000_000L;

    private final Breaker breaker = new Breaker(new Breaking(2, Duration.ofSeconds(10)));

    /** Overflows after five seconds, as nano time may. */
    private static long at(long seconds) {
        return Long.sum(Long.MAX_VALUE - 5 * SECOND, seconds * SECOND);
    }

    private Pass admit(long seconds) {
        return Objects.requireNonNull(breaker.admit(at(seconds)));
    }

    private void fail(long seconds) {
        breaker.failed(admit(seconds), at(seconds), "silence");
    }

    private void open() {
        fail(0);
        fail(0);
        assertThat(breaker.state()).isEqualTo(State.OPEN);
    }

    @Test
    void countsFailuresInARowOnly() {
        fail(0);
        assertThat(breaker.answered()).isFalse();
        fail(0);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        assertThat(breaker.failed(admit(0), at(0), "silence")).isTrue();
        assertThat(breaker.state()).isEqualTo(State.OPEN);
    }

    @Test
    void saysForHowLongAndWhy() {
        open();
        assertThat(breaker.refusal(at(6) + 1))
                .isEqualTo("is not called for another 4 s after 2 failures: last silence");
        assertThat(breaker.remaining(at(6))).isEqualTo(Duration.ofSeconds(4));
        assertThat(breaker.remaining(at(20))).isZero();
    }

    @Test
    void letsOneProbeThroughAtATime() {
        open();
        assertThat(breaker.admit(at(9))).isNull();
        Pass probe = admit(10);
        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
        assertThat(breaker.admit(at(11))).isNull();
        breaker.failed(probe, at(12), "still silence");
        assertThat(breaker.admit(at(21))).isNull();
        assertThat(breaker.refusal(at(21)))
                .isEqualTo("is not called for another 1 s after 3 failures: last still silence");
        admit(22);
        assertThat(breaker.answered()).isTrue();
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        admit(22);
        admit(22);
    }

    @Test
    void givesThePlaceOfAProbeThatWasGivenUpToTheNext() {
        open();
        breaker.abandoned(admit(10), at(11));
        Pass second = admit(11);
        assertThat(breaker.admit(at(12))).isNull();
        breaker.abandoned(second, at(12));
        admit(12);
    }

    @Test
    void doesNotWaitForAProbeForEver() {
        open();
        Pass lost = admit(10);
        assertThat(breaker.admit(at(69))).isNull();
        admit(70);
        breaker.failed(lost, at(71), "too late");
        assertThat(breaker.state()).as("the second probe is still undecided").isEqualTo(State.HALF_OPEN);
    }

    @Test
    void isNotReopenedByACallThatBeganBefore() {
        Pass early = admit(0);
        open();
        Pass probe = admit(10);
        breaker.failed(early, at(11), "late");
        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
        breaker.abandoned(early, at(11));
        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
        breaker.failed(probe, at(11), "silence");
        assertThat(breaker.state()).isEqualTo(State.OPEN);
    }

    @Test
    void neverOpensWhenItMayNot() {
        Breaker never = new Breaker(Breaking.NEVER);
        for (int i = 0; i < 100; i++) {
            never.failed(Objects.requireNonNull(never.admit(i)), i, "silence");
        }
        assertThat(never.state()).isEqualTo(State.CLOSED);
        assertThatThrownBy(() -> new Breaking(-1, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }
}

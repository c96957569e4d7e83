// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process;

import java.time.Duration;

/**
 * Whether and when a command is started again after it has ended by itself: the first time at once, then
 * after delays that double, with jitter. A run that was ready for as long as the longest delay begins
 * the count anew.
 *
 * @param maxRestarts in a row; then it is left alone
 */
public record RestartPolicy(Mode mode, int maxRestarts, Duration firstDelay, Duration longestDelay) {
    /** After what. */
    public enum Mode {
        NEVER,
        /** An exit code other than 0, a signal, or no readiness in time. */
        ON_FAILURE,
        /** Exit code 0 too. */
        ALWAYS
    }

    public RestartPolicy {
        if (maxRestarts < 0 || !firstDelay.isPositive() || longestDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException("need maxRestarts >= 0 and 0 < firstDelay <= longestDelay");
        }
    }

    /** Delays from half a second to half a minute, without end. */
    public static RestartPolicy of(Mode mode) {
        return new RestartPolicy(mode, Integer.MAX_VALUE, Duration.ofMillis(500), Duration.ofSeconds(30));
    }

    public RestartPolicy withMaxRestarts(int restarts) {
        return new RestartPolicy(mode, restarts, firstDelay, longestDelay);
    }

    public RestartPolicy withDelays(Duration first, Duration longest) {
        return new RestartPolicy(mode, maxRestarts, first, longest);
    }
}

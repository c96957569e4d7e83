// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A service that says whether one part of the product can serve. Readiness is the conjunction of
 * all contributors; the reasons are shown to operators as they are.
 */
@ConsumerType
public interface HealthContributor {
    /** The state of a part. */
    enum State {
        /** Serves. */
        UP,
        /** Serves, with something an operator should look at. Does not affect readiness. */
        DEGRADED,
        /** Cannot serve yet or any more. Readiness fails. */
        DOWN
    }

    /**
     * What is the case.
     *
     * @param reason a sentence for an operator: what is missing, and how it will be resolved; empty
     *     when up
     */
    record Health(State state, String reason) {
        public static Health up() {
            return new Health(State.UP, "");
        }

        public static Health degraded(String reason) {
            return new Health(State.DEGRADED, reason);
        }

        public static Health down(String reason) {
            return new Health(State.DOWN, reason);
        }
    }

    /** Lower-case dashed name, unique, for example {@code llm-gateway}. */
    String name();

    /** Answers from memory, within a millisecond; never does I/O. Thread-safe. */
    Health health();
}

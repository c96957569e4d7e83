// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.store;

import io.hyperspot.types.registry.engine.Violation;
import java.util.List;

/** What came of one document that somebody wanted to register. */
public sealed interface Registration {
    /**
     * It is registered, or would be.
     *
     * @param changed false when it was there already
     */
    record Done(Registered entity, boolean changed) implements Registration {}

    /** It is not. */
    record Refused(Reason reason, String key, List<Violation> violations) implements Registration {
        public String message() {
            return Violation.text(violations);
        }
    }

    /** Why not. */
    enum Reason {
        /** The id is malformed. */
        INVALID_ID,
        /** The document breaks a rule or does not fit the others. */
        INVALID,
        /** The id has another document. */
        CONFLICT,
        /** The id is in a name space of somebody else. */
        FORBIDDEN,
        /** The tenant has too many. */
        EXHAUSTED,
        /** Another document of the same atomic batch was refused. */
        ABANDONED
    }

    /** How to register. */
    record Mode(boolean validate, boolean atomic, boolean dryRun) {
        public static final Mode CHECKED = new Mode(true, false, false);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz;

import java.util.List;

/**
 * What was decided. A permit without constraints reaches nothing: whoever applies a decision treats it as
 * a denial.
 *
 * @param constraints which resources it reaches, those of any one of them; empty for a denial
 * @param code why, for programs
 * @param rule what decided, for example {@code role viewer by binding 0192…}; for a denial, what is missing
 */
public record Decision(boolean allowed, List<Constraint> constraints, Code code, String rule) {
    /** Why it was decided so. */
    public enum Code {
        /** The credential itself carries the permission. */
        CREDENTIAL,
        /** A role that is bound to the subject or one of its groups has it. */
        ROLE,
        /** A policy permits it. */
        POLICY,
        /** Nothing grants it. */
        NOT_GRANTED,
        /** The credential is limited to other things. */
        OUT_OF_SCOPE,
        /** A policy forbids it. */
        FORBIDDEN,
        /** A policy that may forbid it could not be evaluated. */
        POLICY_FAILED,
        /** The address is not on the list of those from which the subject may come. */
        ADDRESS,
        /** The rules are not known now. */
        UNAVAILABLE
    }

    public Decision {
        constraints = List.copyOf(constraints);
    }

    public static Decision deny(Code code, String rule) {
        return new Decision(false, List.of(), code, rule);
    }
}

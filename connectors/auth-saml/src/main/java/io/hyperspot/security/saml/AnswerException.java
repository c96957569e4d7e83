// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

/**
 * An answer that nobody gets in with. The message is for the operator's log: it is one of this code's own
 * sentences, and holds nothing of the answer, neither personal data nor what somebody forged.
 */
final class AnswerException extends Exception {
    private static final long serialVersionUID = 1L;

    /** All that is said to whoever may be guessing. */
    private static final String NOT_ACCEPTED = "the identity provider's answer is not accepted: begin the login again";

    private final String shown;

    private AnswerException(String reason, String shown) {
        super(reason);
        this.shown = shown;
    }

    /** Of what may be forged. */
    static AnswerException because(String reason) {
        return new AnswerException(reason, NOT_ACCEPTED);
    }

    /** Of what the identity provider has signed, or what says itself that nobody gets in. */
    static AnswerException told(String reason) {
        return new AnswerException(reason, reason);
    }

    String shown() {
        return shown;
    }
}

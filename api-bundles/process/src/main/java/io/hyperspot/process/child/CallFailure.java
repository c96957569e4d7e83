// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.child;

/** A call fails in a way that its caller should know of. */
public final class CallFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;

    /**
     * @param code UPPER_SNAKE, for programs
     * @param message a sentence that may be shown to people
     */
    public CallFailure(String code, String message) {
        super(message);
        this.code = code;
    }

    public String code() {
        return code;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.keys;

/** What is stored is not what was stored, or stands where it was not put. */
public final class TamperedException extends Exception {
    private static final long serialVersionUID = 1L;

    TamperedException(Throwable cause) {
        super("it does not pass its integrity check", cause);
    }
}

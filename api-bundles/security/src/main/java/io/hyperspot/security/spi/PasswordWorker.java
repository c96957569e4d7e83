// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.spi;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Recognises people by name and password: a directory, or a table of users. A DS component with {@code
 * @GtsWorker(type = PasswordWorker.TYPE, ...)}. Called from many threads at once.
 */
@ConsumerType
public interface PasswordWorker {
    /** The GTS type of these workers. */
    String TYPE = "gts.hyperspot.core.modkit.plugin.v1~hyperspot.core.security.password_worker.v1~";

    /**
     * What somebody typed.
     *
     * @param password never empty; the caller overwrites it after the call
     * @param code of an authenticator app, or a recovery code; null: none was given
     * @param address from where, or empty: who guesses from elsewhere need not lock out the person
     */
    record Attempt(String name, char[] password, @Nullable String code, String address) {
        /** From nobody knows where. */
        public Attempt(String name, char[] password, @Nullable String code) {
            this(name, password, code, "");
        }

        @Override
        public String toString() {
            return "Attempt[***]";
        }
    }

    /** By what a login names this worker: lower-case letters, digits and dashes; constant. */
    String provider();

    /**
     * Takes as long for a name that nobody has as for a wrong password, and answers both with the same
     * sentence.
     */
    Recognition check(Attempt attempt);
}

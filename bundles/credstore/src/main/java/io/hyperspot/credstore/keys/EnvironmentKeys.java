// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.keys;

import java.io.IOException;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Keys in an environment variable, {@code name:hex,name:hex}; the last one is current. To rotate, an
 * operator adds one and starts the server again; then the data keys are encrypted again under it.
 */
public final class EnvironmentKeys extends LocalKeys {
    private EnvironmentKeys(Ring ring, SecureRandom random) {
        super(ring, random);
    }

    /** @param value of the variable, or null */
    public static EnvironmentKeys of(String variable, @Nullable String value, SecureRandom random) throws IOException {
        if (value == null) {
            throw new IOException("the environment variable " + variable + " is not set");
        }
        return new EnvironmentKeys(parse(value, "the environment variable " + variable), random);
    }

    @Override
    public void rotate() {
        // the last key of the variable is the current one already
    }
}

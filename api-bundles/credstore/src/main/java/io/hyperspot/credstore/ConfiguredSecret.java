// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore;

import java.util.function.Supplier;

/** A secret as a component was configured with it. Thread-safe; shows its value to nobody but who asks. */
public final class ConfiguredSecret {
    private final String reference;
    private final Supplier<String> source;

    /**
     * @param reference the name of the secret, or empty when the value itself was configured
     * @param source gives the value of this moment, from memory in almost all calls
     */
    public ConfiguredSecret(String reference, Supplier<String> source) {
        this.reference = reference;
        this.source = source;
    }

    /** The name of the secret that is referred to, or empty. */
    public String reference() {
        return reference;
    }

    /**
     * The value of this moment: use it and let it go, for the next call may give another.
     *
     * @throws io.hyperspot.modkit.ProblemException UNAVAILABLE when the reference leads nowhere now
     */
    public String reveal() {
        return source.get();
    }

    /** A text without the value, should it be in there. */
    public String masked(String text) {
        String value = source.get();
        return value.isEmpty() ? text : text.replace(value, Secret.MASK);
    }

    @Override
    public String toString() {
        return reference.isEmpty() ? Secret.MASK : "${secret:" + reference + "}";
    }
}

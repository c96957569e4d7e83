// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.keys;

/**
 * Keys under which data keys are encrypted. One is current; those before it still decrypt. Thread-safe;
 * calls block. What is wrapped is bound to the given associated data.
 */
public interface KeyEncryptionKeys {
    /** Names the key that {@link #wrap} uses now; at most 200 ASCII characters. */
    String current();

    /** What became of a data key. */
    record Wrapped(String keyId, byte[] bytes) {}

    /** @throws io.hyperspot.modkit.ProblemException UNAVAILABLE when the keys cannot be reached */
    Wrapped wrap(byte[] dataKey, byte[] associated);

    /**
     * @throws TamperedException when it was not wrapped like this
     * @throws io.hyperspot.modkit.ProblemException UNAVAILABLE when the key is not there or cannot be reached
     */
    byte[] unwrap(Wrapped wrapped, byte[] associated) throws TamperedException;

    /**
     * Makes a new key the current one, where keys can be made; else takes up what has been made elsewhere.
     *
     * @throws io.hyperspot.modkit.ProblemException UNAVAILABLE when that fails; nothing has changed then
     */
    void rotate();
}

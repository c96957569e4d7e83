// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.console;

import java.security.SecureRandom;
import java.util.Base64;

/** Makes secrets of 256 random bits, in the URL-safe alphabet. */
final class RandomToken {
    private static final int BYTES = 32;

    private final SecureRandom random = new SecureRandom();

    String next() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}

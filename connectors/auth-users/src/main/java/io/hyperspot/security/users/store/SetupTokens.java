// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.store;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.function.Supplier;

/**
 * By which somebody chooses a password, once.
 *
 * @param secret under which they are hashed, once it is known
 * @param life how long one holds
 */
record SetupTokens(Supplier<UserSecret> secret, SecureRandom random, Duration life) {
    private static final String START = "hsu_";

    String generate() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return START + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    String hash(String token) {
        return secret.get().hash("setup " + token);
    }
}

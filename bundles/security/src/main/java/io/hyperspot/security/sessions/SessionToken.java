// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.sessions;

import io.hyperspot.security.SessionCookie;
import io.hyperspot.security.keys.KeyHash;
import io.hyperspot.security.keys.Pepper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/**
 * The session as its holder sends it: 256 bits at random, and a seal by which one that this installation
 * never made is refused without a look at the database.
 */
final class SessionToken {
    static final String START = SessionCookie.TOKEN_START;
    private static final int RANDOM_BYTES = 32;
    private static final int SEAL_BYTES = 12;
    private static final int RANDOM_CHARACTERS = 43;
    private static final int LENGTH = START.length() + RANDOM_CHARACTERS + 16;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private SessionToken() {}

    static String generate(SecureRandom random, Pepper pepper) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String secret = START + BASE64.encodeToString(bytes);
        return secret + seal(secret, pepper);
    }

    private static String seal(String secret, Pepper pepper) {
        return BASE64.encodeToString(Arrays.copyOf(pepper.mac("session seal " + secret), SEAL_BYTES));
    }

    static boolean isSealed(String token, Pepper pepper) {
        if (token.length() != LENGTH || !token.startsWith(START)) {
            return false;
        }
        int end = START.length() + RANDOM_CHARACTERS;
        String expected = seal(token.substring(0, end), pepper);
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.ISO_8859_1), token.substring(end).getBytes(StandardCharsets.UTF_8));
    }

    /** By which it is stored and found. */
    static KeyHash hash(String token, Pepper pepper) {
        return pepper.hash("session " + token);
    }

    /** What its browser must send beside the cookie: whoever has only one of the two cannot make the other. */
    static String csrf(KeyHash hash, Pepper pepper) {
        return BASE64.encodeToString(pepper.mac("session csrf " + hash));
    }
}

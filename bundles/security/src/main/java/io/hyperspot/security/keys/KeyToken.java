// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.keys;

import java.security.SecureRandom;

/** The key as its holder sends it: {@code hs_} and 43 letters and digits, at random, 256 bits. */
final class KeyToken {
    static final String START = "hs_";
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    // 62^43 is more than 2^256
    private static final int RANDOM = 43;
    private static final int SHOWN = 8;
    private static final int LENGTH = START.length() + RANDOM;

    private KeyToken() {}

    static String generate(SecureRandom random) {
        StringBuilder token = new StringBuilder(LENGTH).append(START);
        for (int i = 0; i < RANDOM; i++) {
            token.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return token.toString();
    }

    /** The part by which people recognise a key. */
    static String prefix(String token) {
        return token.substring(0, START.length() + SHOWN);
    }

    /** Whether it can be a key at all; what cannot is refused without a look at the keys. */
    static boolean isWellFormed(String token) {
        if (token.length() != LENGTH || !token.startsWith(START)) {
            return false;
        }
        for (int i = START.length(); i < LENGTH; i++) {
            char c = token.charAt(i);
            if (ALPHABET.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}

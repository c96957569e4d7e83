// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import java.security.SecureRandom;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Request ids: the caller's {@code X-Request-Id} when it is well-formed, else 16 random hex digits. */
final class RequestIds {
    private static final char[] HEX = "0123456789abcdef".toCharArray();
    private static final int MAX_LENGTH = 64;

    /** Unlike ids of earlier runs; uniqueness matters here, unpredictability does not. */
    private final long salt = new SecureRandom().nextLong();

    String of(@Nullable String given) {
        return given != null && wellFormed(given) ? given : next();
    }

    private String next() {
        long bits = ThreadLocalRandom.current().nextLong() ^ salt;
        char[] id = new char[16];
        for (int i = 0; i < 16; i++) {
            id[i] = HEX[(int) (bits >>> (60 - 4 * i)) & 15];
        }
        return new String(id);
    }

    private static boolean wellFormed(String id) {
        if (id.isEmpty() || id.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
            if (!good) {
                return false;
            }
        }
        return true;
    }
}

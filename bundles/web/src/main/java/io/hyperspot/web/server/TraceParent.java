// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The {@code traceparent} header of W3C Trace Context, level 1: version-traceid-parentid-flags. */
final class TraceParent {
    private static final char[] HEX = "0123456789abcdef".toCharArray();
    private static final int START = 3;
    private static final int LENGTH = 32;
    private static final int SHORTEST = 55;

    private TraceParent() {}

    /** The trace that the caller is part of, or a new one: 32 lower-case hexadecimal digits. */
    static String traceId(@Nullable String header) {
        return header != null && wellFormed(header) ? header.substring(START, START + LENGTH) : next();
    }

    private static boolean wellFormed(String header) {
        if (header.length() < SHORTEST
                || header.charAt(2) != '-'
                || header.charAt(35) != '-'
                || header.charAt(52) != '-'
                || header.startsWith("ff")) {
            return false;
        }
        boolean zero = true;
        for (int i = START; i < START + LENGTH; i++) {
            char c = header.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
            zero &= c == '0';
        }
        return !zero;
    }

    private static String next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        char[] id = new char[LENGTH];
        long bits = 0;
        for (int i = 0; i < LENGTH; i++) {
            if (i % 16 == 0) {
                bits = random.nextLong();
            }
            id[i] = HEX[(int) (bits & 15)];
            bits >>>= 4;
        }
        return new String(id);
    }
}

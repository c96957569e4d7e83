// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.store;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import javax.crypto.spec.SecretKeySpec;

/** Codes of authenticator apps (RFC 6238: SHA-1, six digits, 30 s), which is what all apps can do. */
final class Totp {
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final long STEP_SECONDS = 30;
    private static final int SECRET_BYTES = 20;

    private final TimeBasedOneTimePasswordGenerator generator = new TimeBasedOneTimePasswordGenerator();

    static byte[] newSecret(SecureRandom random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return secret;
    }

    /** As people type it into an app. */
    static String text(byte[] secret) {
        StringBuilder text = new StringBuilder();
        long bits = 0;
        int count = 0;
        for (byte b : secret) {
            bits = bits << 8 | (b & 0xff);
            for (count += 8; count >= 5; count -= 5) {
                text.append(BASE32.charAt((int) (bits >> (count - 5)) & 31));
            }
        }
        return text.toString();
    }

    /** As apps take it from a picture. */
    static String url(String issuer, String name, byte[] secret) {
        return "otpauth://totp/" + encoded(issuer) + ":" + encoded(name) + "?secret=" + text(secret) + "&issuer="
                + encoded(issuer) + "&algorithm=SHA1&digits=6&period=30";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * The step of time of which a code is: this one, or one beside it, because clocks differ.
     *
     * @param after the last step of which a code was taken: none is taken twice
     */
    OptionalLong step(byte[] secret, String code, Instant now, long after) {
        String digits = code.strip().replace(" ", "");
        if (!digits.matches("[0-9]{6}")) {
            return OptionalLong.empty();
        }
        SecretKeySpec key = new SecretKeySpec(secret, generator.getAlgorithm());
        long current = now.getEpochSecond() / STEP_SECONDS;
        long found = -1;
        for (long step = current - 1; step <= current + 1; step++) {
            if (isSame(digits, key, step) && step > after) {
                found = step;
            }
        }
        return found < 0 ? OptionalLong.empty() : OptionalLong.of(found);
    }

    private boolean isSame(String digits, SecretKeySpec key, long step) {
        try {
            String expected = generator.generateOneTimePasswordString(key, Instant.ofEpochSecond(step * STEP_SECONDS), Locale.ROOT);
            return MessageDigest.isEqual(
                    expected.getBytes(StandardCharsets.US_ASCII), digits.getBytes(StandardCharsets.US_ASCII));
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("the key of an authenticator app is unusable", e);
        }
    }
}

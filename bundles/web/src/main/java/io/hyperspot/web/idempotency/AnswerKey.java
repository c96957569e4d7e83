// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.idempotency;

import io.hyperspot.security.SecurityContext;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What comes of a caller's key: the id of its row, and by HKDF with SHA-256 (RFC 5869) the keys under which its answer is
 * sealed (AES-256 in Galois/Counter Mode) and its request is told from others (HMAC with SHA-256). Who has the database and
 * not the caller's key reads no answer and can check no guess of a request.
 */
final class AnswerKey {
    private static final int NONCE = 12;
    private static final int TAG = 16;

    private final String id;
    private final byte[] material;

    AnswerKey(SecurityContext caller, String key) {
        material = (caller.tenant() + "\0" + caller.subject() + "\0" + key).getBytes(StandardCharsets.UTF_8);
        try {
            id = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(material));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    String id() {
        return id;
    }

    /** By what a request is the same as another: two with different bodies have different ones. */
    String digest(String operation, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key("HmacSHA256", "request"));
            mac.update(operation.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC, and since 25 HKDF", e);
        }
    }

    private SecretKey key(String algorithm, String purpose) throws GeneralSecurityException {
        HKDFParameterSpec parameters = HKDFParameterSpec.ofExtract()
                .addIKM(new SecretKeySpec(material, "Generic"))
                .thenExpand(("hyperspot idempotency " + purpose).getBytes(StandardCharsets.UTF_8), 32);
        return KDF.getInstance("HKDF-SHA256").deriveKey(algorithm, parameters);
    }

    byte[] seal(byte[] plain, SecureRandom random) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key("AES", "answer"), new GCMParameterSpec(TAG * 8, nonce));
            byte[] sealed = Arrays.copyOf(nonce, NONCE + plain.length + TAG);
            cipher.doFinal(plain, 0, plain.length, sealed, NONCE);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES in Galois/Counter Mode, and since 25 HKDF", e);
        }
    }

    /**
     * @throws IllegalArgumentException when it was tampered with
     */
    byte[] open(byte[] sealed) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, key("AES", "answer"), new GCMParameterSpec(TAG * 8, sealed, 0, NONCE));
            return cipher.doFinal(sealed, NONCE, sealed.length - NONCE);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("a kept answer was tampered with", e);
        }
    }
}

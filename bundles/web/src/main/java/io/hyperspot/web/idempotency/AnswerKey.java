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
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What comes of a caller's key: the id of its row, and the key that its answer is sealed under (HKDF with SHA-256, RFC
 * 5869; AES-256 in Galois/Counter Mode). Who has the database and not the caller's key reads no answer.
 */
final class AnswerKey {
    private static final int NONCE = 12;
    private static final int TAG = 16;

    private final String id;
    private final byte[] material;

    AnswerKey(SecurityContext caller, String key) {
        material = (caller.tenant() + "\0" + caller.subject() + "\0" + key).getBytes(StandardCharsets.UTF_8);
        id = hash(material);
    }

    static String hash(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    String id() {
        return id;
    }

    private SecretKey key() throws GeneralSecurityException {
        HKDFParameterSpec parameters = HKDFParameterSpec.ofExtract()
                .addIKM(new SecretKeySpec(material, "Generic"))
                .thenExpand("hyperspot idempotency answer".getBytes(StandardCharsets.UTF_8), 32);
        return KDF.getInstance("HKDF-SHA256").deriveKey("AES", parameters);
    }

    byte[] seal(byte[] plain, SecureRandom random) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key(), new GCMParameterSpec(TAG * 8, nonce));
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
            cipher.init(Cipher.DECRYPT_MODE, key(), new GCMParameterSpec(TAG * 8, sealed, 0, NONCE));
            return cipher.doFinal(sealed, NONCE, sealed.length - NONCE);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("a kept answer was tampered with", e);
        }
    }
}

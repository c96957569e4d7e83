// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.chain;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/** AES-256 in Galois/Counter Mode (NIST SP 800-38D): a nonce, the ciphertext, a tag of 16 bytes. */
public final class Sealed {
    /** Bytes of a nonce. */
    public static final int NONCE = 12;

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int TAG = 16;

    private Sealed() {}

    /**
     * @param nonce never used before with this key
     * @param associated must be the same when it is opened
     */
    public static byte[] seal(SecretKey key, byte[] nonce, byte[] plain, String associated) {
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG * 8, nonce));
            cipher.updateAAD(associated.getBytes(StandardCharsets.UTF_8));
            byte[] sealed = Arrays.copyOf(nonce, NONCE + plain.length + TAG);
            cipher.doFinal(plain, 0, plain.length, sealed, NONCE);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES in Galois/Counter Mode", e);
        }
    }

    /**
     * @throws IllegalArgumentException when it was tampered with, or sealed with another key
     */
    public static byte[] open(SecretKey key, byte[] sealed, String associated) {
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG * 8, sealed, 0, NONCE));
            cipher.updateAAD(associated.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(sealed, NONCE, sealed.length - NONCE);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IllegalArgumentException("it was tampered with, or sealed with another key", e);
        }
    }
}

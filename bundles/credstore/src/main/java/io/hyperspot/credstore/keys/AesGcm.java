// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.keys;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/** AES-256 in Galois/Counter Mode (NIST SP 800-38D): a random nonce of 12 bytes, the ciphertext, a tag of 16 bytes. */
final class AesGcm {
    static final int KEY = 32;
    private static final int NONCE = 12;
    private static final int TAG = 16;

    private final @Nullable Provider provider;
    private final SecureRandom random;

    /** @param provider that holds the keys, or null for those of the platform */
    AesGcm(@Nullable Provider provider, SecureRandom random) {
        this.provider = provider;
        this.random = random;
    }

    private Cipher cipher() throws GeneralSecurityException {
        String name = "AES/GCM/NoPadding";
        return provider == null ? Cipher.getInstance(name) : Cipher.getInstance(name, provider);
    }

    byte[] seal(SecretKey key, byte[] plain, byte[] associated) throws GeneralSecurityException {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        Cipher cipher = cipher();
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG * 8, nonce));
        cipher.updateAAD(associated);
        byte[] sealed = Arrays.copyOf(nonce, NONCE + plain.length + TAG);
        cipher.doFinal(plain, 0, plain.length, sealed, NONCE);
        return sealed;
    }

    byte[] open(SecretKey key, byte[] sealed, byte[] associated) throws TamperedException, GeneralSecurityException {
        if (sealed.length < NONCE + TAG) {
            throw new TamperedException(new AEADBadTagException("too short"));
        }
        Cipher cipher = cipher();
        cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG * 8, sealed, 0, NONCE));
        cipher.updateAAD(associated);
        try {
            return cipher.doFinal(sealed, NONCE, sealed.length - NONCE);
        } catch (AEADBadTagException e) {
            throw new TamperedException(e);
        }
    }
}

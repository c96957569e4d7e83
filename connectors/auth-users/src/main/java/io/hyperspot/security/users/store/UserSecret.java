// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.store;

import io.hyperspot.modkit.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The server's secret, without which the database alone gives neither the keys of authenticator apps nor a
 * way to test recovery codes.
 */
final class UserSecret {
    private static final int BYTES = 32;
    private static final int NONCE = 12;

    private final SecretKeySpec encryption;
    private final SecretKeySpec hashing;
    private final SecureRandom random;

    private UserSecret(byte[] secret, SecureRandom random) {
        this.random = random;
        hashing = new SecretKeySpec(mac(new SecretKeySpec(secret, "HmacSHA256"), "hash"), "HmacSHA256");
        encryption = new SecretKeySpec(mac(new SecretKeySpec(secret, "HmacSHA256"), "encrypt"), "AES");
    }

    /** @throws IOException when the file is there and holds no secret */
    static Optional<UserSecret> read(Path file, SecureRandom random) throws IOException {
        try {
            byte[] secret = HexFormat.of().parseHex(Files.readString(file, StandardCharsets.US_ASCII).strip());
            if (secret.length == BYTES) {
                return Optional.of(new UserSecret(secret, random));
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new IOException(file + " holds no secret: 64 hexadecimal digits are expected");
    }

    static UserSecret create(Path file, SecureRandom random) throws IOException {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        PrivateFile.write(file, HexFormat.of().formatHex(secret) + "\n");
        return new UserSecret(secret, random);
    }

    String hash(String text) {
        return HexFormat.of().formatHex(mac(hashing, text));
    }

    private static byte[] mac(SecretKeySpec key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    /** @param of what it belongs to: it cannot be moved to another */
    String encrypt(byte[] plain, String of) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, plain, of);
        byte[] all = Arrays.copyOf(nonce, NONCE + sealed.length);
        System.arraycopy(sealed, 0, all, NONCE, sealed.length);
        return Base64.getEncoder().encodeToString(all);
    }

    byte[] decrypt(String sealed, String of) {
        byte[] all = Base64.getDecoder().decode(sealed);
        return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(all, NONCE), Arrays.copyOfRange(all, NONCE, all.length), of);
    }

    private byte[] cipher(int mode, byte[] nonce, byte[] input, String of) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, encryption, new GCMParameterSpec(128, nonce));
            cipher.updateAAD(of.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key of an authenticator app was changed in the database", e);
        }
    }
}

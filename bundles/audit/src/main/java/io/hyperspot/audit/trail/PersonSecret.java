// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.trail;

import io.hyperspot.audit.chain.Sealed;
import io.hyperspot.modkit.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The server's secret by which people are called by pseudonyms, and under which their keys are sealed: with
 * the database alone nobody is recognised. Thread-safe.
 */
final class PersonSecret {
    private static final int BYTES = 32;

    private final SecureRandom random;
    private final byte[] pseudonyms;
    private final SecretKey keys;

    private PersonSecret(byte[] secret, SecureRandom random) {
        this.random = random;
        this.pseudonyms = mac(secret, "pseudonyms");
        this.keys = new SecretKeySpec(mac(secret, "keys"), "AES");
    }

    /**
     * @param needed whether there are records already, which a new secret would not fit
     * @throws IOException when the file cannot be read or written, or is needed and not there
     */
    static PersonSecret open(Path file, boolean needed, SecureRandom random) throws IOException {
        try {
            byte[] secret = HexFormat.of().parseHex(Files.readString(file, StandardCharsets.US_ASCII).strip());
            if (secret.length != BYTES) {
                throw new IOException(file + " holds no secret: 64 hexadecimal digits are expected");
            }
            return new PersonSecret(secret, random);
        } catch (NoSuchFileException e) {
            if (needed) {
                throw new IOException("the file " + file + " is missing, without which the trails cannot be read; restore it", e);
            }
            byte[] secret = new byte[BYTES];
            random.nextBytes(secret);
            PrivateFile.write(file, HexFormat.of().formatHex(secret) + "\n");
            return new PersonSecret(secret, random);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " holds no secret: 64 hexadecimal digits are expected", e);
        }
    }

    private static byte[] mac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    /** What stands for a person, or for anything else that a trail names, in lookups. */
    String pseudonym(String tenant, String name) {
        return HexFormat.of().formatHex(mac(pseudonyms, tenant + "\0" + name), 0, 16);
    }

    /** A new key of a person, sealed. */
    byte[] newKey(String id) {
        byte[] key = new byte[BYTES];
        random.nextBytes(key);
        return seal(keys, key, id);
    }

    /** The key under which one text of one record is sealed: it may be shown without the person's own. */
    SecretKey recordKey(String id, byte[] sealed, String record, String part) {
        return new SecretKeySpec(mac(open(keys, sealed, id), record + "\0" + part), "AES");
    }

    byte[] seal(SecretKey key, byte[] plain, String associated) {
        byte[] nonce = new byte[Sealed.NONCE];
        random.nextBytes(nonce);
        return Sealed.seal(key, nonce, plain, associated);
    }

    /**
     * @throws IllegalStateException when it was tampered with, or sealed under another secret
     */
    byte[] open(SecretKey key, byte[] sealed, String associated) {
        try {
            return Sealed.open(key, sealed, associated);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("a sealed text of the trail was tampered with, or is another server's", e);
        }
    }
}

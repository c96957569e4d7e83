// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.keys;

import io.hyperspot.modkit.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The server's secret under which keys are hashed: whoever has only the database can neither find a
 * key by its hash nor make a row for a key of his own.
 */
public final class Pepper {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 32;

    private final Mac prototype;

    private Pepper(byte[] secret) {
        try {
            prototype = Mac.getInstance(ALGORITHM);
            prototype.init(new SecretKeySpec(secret, ALGORITHM));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    /**
     * @throws IOException when the file is there and cannot be read or holds no secret
     */
    static Optional<Pepper> read(Path file) throws IOException {
        try {
            byte[] secret = HexFormat.of().parseHex(Files.readString(file, StandardCharsets.US_ASCII).strip());
            if (secret.length == BYTES) {
                return Optional.of(new Pepper(secret));
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " holds no secret: 64 hexadecimal digits are expected", e);
        }
        throw new IOException(file + " holds no secret: 64 hexadecimal digits are expected");
    }

    static Pepper create(Path file, SecureRandom random) throws IOException {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        PrivateFile.write(file, HexFormat.of().formatHex(secret) + "\n");
        return new Pepper(secret);
    }

    /** Of any text: texts of different kinds must not be alike. */
    public KeyHash hash(String token) {
        return KeyHash.of(mac(token));
    }

    /** The same as bytes. */
    public byte[] mac(String token) {
        try {
            // a clone costs less than a lookup of the algorithm, and a Mac is for one thread
            Mac mac = (Mac) prototype.clone();
            return mac.doFinal(token.getBytes(StandardCharsets.UTF_8));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's " + ALGORITHM + " can be cloned", e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.keys;

import io.hyperspot.credstore.Secret;
import io.hyperspot.credstore.keys.KeyEncryptionKeys.Wrapped;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts values. Each gets a data key of its own, which is kept beside it, encrypted. Thread-safe.
 * Both layers are bound to the place of the value: what is moved to another place does not decrypt.
 */
public final class Envelope {
    private final SecureRandom random;
    private final AesGcm cipher;

    public Envelope(SecureRandom random) {
        this.random = random;
        this.cipher = new AesGcm(null, random);
    }

    /** Where a value is: all of it is authenticated. */
    public record Place(String tenant, String secretId, String reference, long version) {
        /** Unambiguous, because no part has a line feed. */
        byte[] bytes(String layer) {
            return String.join("\n", "hyperspot.credstore.v1", layer, tenant, secretId, reference, Long.toString(version))
                    .getBytes(StandardCharsets.UTF_8);
        }
    }

    /** A value that nobody can read without the key-encryption key. */
    public record Sealed(Wrapped key, byte[] ciphertext) {}

    public Sealed seal(KeyEncryptionKeys keys, Place place, Secret value) {
        byte[] dataKey = new byte[AesGcm.KEY];
        random.nextBytes(dataKey);
        byte[] plain = value.bytes();
        try {
            byte[] ciphertext = cipher.seal(new SecretKeySpec(dataKey, "AES"), plain, place.bytes("value"));
            return new Sealed(keys.wrap(dataKey, place.bytes("key")), ciphertext);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES/GCM", e);
        } finally {
            Arrays.fill(dataKey, (byte) 0);
            Arrays.fill(plain, (byte) 0);
        }
    }

    public Secret open(KeyEncryptionKeys keys, Place place, Sealed sealed) throws TamperedException {
        byte[] dataKey = keys.unwrap(sealed.key(), place.bytes("key"));
        byte[] plain = new byte[0];
        try {
            plain = cipher.open(new SecretKeySpec(dataKey, "AES"), sealed.ciphertext(), place.bytes("value"));
            return Secret.of(plain);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new TamperedException(e);
        } finally {
            Arrays.fill(dataKey, (byte) 0);
            Arrays.fill(plain, (byte) 0);
        }
    }

    /** The same value with its data key under the current key-encryption key. */
    public Sealed rewrap(KeyEncryptionKeys keys, Place place, Sealed sealed) throws TamperedException {
        byte[] dataKey = keys.unwrap(sealed.key(), place.bytes("key"));
        try {
            return new Sealed(keys.wrap(dataKey, place.bytes("key")), sealed.ciphertext());
        } finally {
            Arrays.fill(dataKey, (byte) 0);
        }
    }
}

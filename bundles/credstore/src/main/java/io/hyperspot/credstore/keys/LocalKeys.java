// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.keys;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Keys in memory, from a text of lines {@code <name> <64 hexadecimal digits>}; the last one is current. */
abstract class LocalKeys implements KeyEncryptionKeys {
    private static final Pattern LINE = Pattern.compile("([a-z0-9-]{1,64})[ :]([0-9a-fA-F]{64})");

    /** The keys of one moment. */
    record Ring(Map<String, SecretKey> keys, String current) {}

    private final AesGcm cipher;
    private volatile Ring ring;

    LocalKeys(Ring ring, SecureRandom random) {
        this.ring = ring;
        this.cipher = new AesGcm(null, random);
    }

    /** @throws IOException that quotes no line when one is malformed or there is none */
    static Ring parse(String text, String place) throws IOException {
        Map<String, SecretKey> keys = new LinkedHashMap<>();
        String current = "";
        for (String line : text.split("[\n,]")) {
            if (line.isBlank()) {
                continue;
            }
            var matcher = LINE.matcher(line.strip());
            if (!matcher.matches()) {
                throw new IOException(place + " holds no keys: lines of a name and 64 hexadecimal digits are expected");
            }
            current = matcher.group(1);
            SecretKey key = new SecretKeySpec(HexFormat.of().parseHex(matcher.group(2)), "AES");
            if (keys.put(current, key) != null) {
                throw new IOException(place + " holds two keys named " + current);
            }
        }
        if (keys.isEmpty()) {
            throw new IOException(place + " holds no keys: lines of a name and 64 hexadecimal digits are expected");
        }
        return new Ring(Map.copyOf(keys), current);
    }

    final void use(Ring next) {
        ring = next;
    }

    @Override
    public final String current() {
        return ring.current();
    }

    @Override
    public final Wrapped wrap(byte[] dataKey, byte[] associated) {
        Ring now = ring;
        try {
            return new Wrapped(now.current(), cipher.seal(key(now, now.current()), dataKey, associated));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES/GCM", e);
        }
    }

    @Override
    public final byte[] unwrap(Wrapped wrapped, byte[] associated) throws TamperedException {
        try {
            return cipher.open(key(ring, wrapped.keyId()), wrapped.bytes(), associated);
        } catch (GeneralSecurityException e) {
            throw new TamperedException(e);
        }
    }

    private static SecretKey key(Ring ring, String id) {
        SecretKey key = ring.keys().get(id);
        if (key == null) {
            throw unavailable("the key-encryption key '" + id + "' is not there; an operator must restore it", null);
        }
        return key;
    }

    static ProblemException unavailable(String detail, @Nullable Exception cause) {
        return new ProblemException(ErrorCategory.UNAVAILABLE, "KEY_ENCRYPTION_KEY_UNAVAILABLE", detail, Map.of(), cause);
    }
}

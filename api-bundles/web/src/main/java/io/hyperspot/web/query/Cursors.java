// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.query;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes and reads the cursors of pages: opaque to clients, and signed (HMAC-SHA256), so that nobody
 * can make one up. Thread-safe; an OSGi service.
 */
public final class Cursors {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SIGNATURE = 16;
    private static final int MOST_VALUES = 16;
    private static final int BACKWARD = 0x80;

    /**
     * Where a page begins.
     *
     * @param backward whether it is the page before the item, else the one after it
     * @param values the item's values of the order
     */
    record Position(boolean backward, List<String> values) {}

    private final SecretKeySpec key;

    /**
     * @param key at least 16 random bytes; cursors made with another key are refused
     */
    public Cursors(byte[] key) {
        if (key.length < SIGNATURE) {
            throw new IllegalArgumentException("the key of cursors needs at least 16 bytes");
        }
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /**
     * @param query what the cursor belongs to, for example filter and order; another query cannot use it
     */
    String sign(String query, Position position) {
        List<String> values = position.values();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(values.size() | (position.backward() ? BACKWARD : 0));
            for (String value : values) {
                out.writeUTF(value);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("a value is too long for a cursor", e);
        }
        byte[] body = bytes.toByteArray();
        bytes.writeBytes(signature(query, body));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    /** The position, or empty for a cursor that was not made here for this query. */
    Optional<Position> read(String query, String cursor) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.length <= SIGNATURE) {
            return Optional.empty();
        }
        byte[] body = Arrays.copyOf(bytes, bytes.length - SIGNATURE);
        byte[] given = Arrays.copyOfRange(bytes, bytes.length - SIGNATURE, bytes.length);
        if (!MessageDigest.isEqual(given, signature(query, body))) {
            return Optional.empty();
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(body))) {
            int head = in.readUnsignedByte();
            int count = Math.min(head & ~BACKWARD, MOST_VALUES);
            List<String> values = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                values.add(in.readUTF());
            }
            return Optional.of(new Position((head & BACKWARD) != 0, values));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private byte[] signature(String query, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(query.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return Arrays.copyOf(mac.doFinal(body), SIGNATURE);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}

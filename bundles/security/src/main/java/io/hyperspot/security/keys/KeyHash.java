// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.keys;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** HMAC-SHA256 of a credential, by which it is stored and found. */
public record KeyHash(long first, long second, long third, long fourth) {
    public static KeyHash of(byte[] hash) {
        ByteBuffer bytes = ByteBuffer.wrap(hash);
        return new KeyHash(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    /**
     * @throws IllegalArgumentException for anything but 64 hexadecimal digits
     */
    public static KeyHash parse(String hex) {
        byte[] hash = HexFormat.of().parseHex(hex);
        if (hash.length != 4 * Long.BYTES) {
            throw new IllegalArgumentException("not a SHA-256 hash");
        }
        return of(hash);
    }

    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(first) + hex.toHexDigits(second) + hex.toHexDigits(third) + hex.toHexDigits(fourth);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import com.unboundid.ldap.sdk.PasswordProvider;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10RequestControl;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** A password as a bind sends it (RFC 4511, section 4.2). Overwritten when closed. Not thread-safe. */
final class PasswordBytes implements AutoCloseable {
    private final byte[] bytes;

    private PasswordBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Empty for what is never sent: nothing, by which a server takes a bind for an anonymous one and succeeds (RFC 4513,
     * section 5.1.2), a NUL, at which some end the text and have nothing, and what is no Unicode.
     */
    static Optional<PasswordBytes> of(char[] password) {
        byte[] buffer = new byte[3 * password.length];
        try {
            ByteBuffer encoded = ByteBuffer.wrap(buffer);
            CoderResult result = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(password), encoded, true);
            byte[] bytes = Arrays.copyOf(buffer, encoded.position());
            if (result.isError() || bytes.length == 0 || holdsNul(bytes)) {
                Arrays.fill(bytes, (byte) 0);
                return Optional.empty();
            }
            return Optional.of(new PasswordBytes(bytes));
        } finally {
            Arrays.fill(buffer, (byte) 0);
        }
    }

    private static boolean holdsNul(byte[] bytes) {
        for (byte each : bytes) {
            if (each == 0) {
                return true;
            }
        }
        return false;
    }

    int length() {
        return bytes.length;
    }

    /** A bind as that entry. */
    SimpleBindRequest bindAs(String dn) {
        return bind(dn, bytes);
    }

    /** A bind that takes the same way with a password of the same length that nobody has. */
    static SimpleBindRequest bindInVain(String dn, byte[] random) {
        return bind(dn, random);
    }

    private static SimpleBindRequest bind(String dn, byte[] bytes) {
        // of a provider, not as bytes: only then what was encoded is overwritten too
        PasswordProvider provider = new PasswordProvider() {
            @Override
            public byte[] getPasswordBytes() {
                return bytes.clone();
            }
        };
        return new SimpleBindRequest(dn, provider, new DraftBeheraLDAPPasswordPolicy10RequestControl());
    }

    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "PasswordBytes[***]";
    }
}

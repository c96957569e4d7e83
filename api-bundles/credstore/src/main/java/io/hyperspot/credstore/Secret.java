// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A value that must not be seen. Close it when it has been used: its bytes are overwritten. Neither
 * {@link #toString} nor serialization shows it. Not thread-safe.
 */
public final class Secret implements AutoCloseable {
    /** What stands for a value wherever it could be seen. */
    public static final String MASK = "***";

    private final byte[] bytes;
    private boolean closed;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Copies: overwrite yours. */
    public static Secret of(byte[] value) {
        return new Secret(value.clone());
    }

    public static Secret of(CharSequence text) {
        byte[] buffer = new byte[3 * text.length()];
        ByteBuffer encoded = ByteBuffer.wrap(buffer);
        // three bytes a char are the most that UTF-8 needs; what is no Unicode becomes a question mark
        StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .encode(CharBuffer.wrap(text), encoded, true);
        Secret secret = new Secret(Arrays.copyOf(buffer, encoded.position()));
        Arrays.fill(buffer, (byte) 0);
        return secret;
    }

    public int length() {
        return open().length;
    }

    /** A copy; overwrite it after use. */
    public byte[] bytes() {
        return open().clone();
    }

    /**
     * The value as text, which cannot be overwritten: only for what takes nothing else.
     *
     * @throws IllegalStateException when it is no UTF-8, or closed
     */
    public String text() {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(open())).toString();
        } catch (CharacterCodingException e) {
            // without the cause, whose message may be asked for the place
            throw new IllegalStateException("the secret is no text");
        }
    }

    private byte[] open() {
        if (closed) {
            throw new IllegalStateException("the secret has been closed");
        }
        return bytes;
    }

    @Override
    public void close() {
        closed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return MASK;
    }
}

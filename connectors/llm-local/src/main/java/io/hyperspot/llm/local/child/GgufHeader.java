// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.local.child;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * The metadata of a GGUF file; arrays are passed over. Read before llama.cpp reads it, which says of a
 * file that it does not like only that it cannot load it.
 *
 * @param values numbers as Long or Double, strings, booleans
 */
record GgufHeader(Map<String, Object> values) {
    private static final int MAGIC = 0x46554747;
    private static final long LONGEST = 256L * 1024 * 1024;
    private static final int MAX_ENTRIES = 10_000;
    private static final Object SKIPPED = new Object();

    GgufHeader {
        values = Map.copyOf(values);
    }

    /**
     * @throws IOException when it is no GGUF file
     */
    static GgufHeader read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(channel.size(), LONGEST))
                    .order(ByteOrder.LITTLE_ENDIAN);
            if (bytes.remaining() < 24 || bytes.getInt() != MAGIC) {
                throw new IOException("it is no GGUF file");
            }
            int version = bytes.getInt();
            if (version < 2 || version > 3) {
                throw new IOException("it has version " + version + " of GGUF, not 2 or 3");
            }
            bytes.getLong();
            long entries = bytes.getLong();
            if (entries < 0 || entries > MAX_ENTRIES) {
                throw new IOException("its header is damaged");
            }
            Map<String, Object> values = new HashMap<>();
            for (long i = 0; i < entries; i++) {
                String key = string(bytes);
                Object value = value(bytes, bytes.getInt());
                if (value != SKIPPED) {
                    values.put(key, value);
                }
            }
            return new GgufHeader(values);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new IOException("its header is damaged or incomplete", e);
        }
    }

    String architecture() {
        return String.valueOf(values.getOrDefault("general.architecture", ""));
    }

    /** What the model was made for; 0 when unknown. */
    int contextTokens() {
        return values.get(architecture() + ".context_length") instanceof Long tokens
                ? (int) Math.min(tokens, Integer.MAX_VALUE)
                : 0;
    }

    /** Whether the tokenizer puts a token before every prompt that encoding does not show. */
    boolean addsBeginning() {
        return values.get("tokenizer.ggml.add_bos_token") instanceof Boolean adds
                ? adds
                : "llama".equals(values.get("tokenizer.ggml.model"));
    }

    private static String string(ByteBuffer bytes) {
        long length = bytes.getLong();
        if (length < 0 || length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] text = new byte[(int) length];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** The value, or SKIPPED for an array. */
    private static Object value(ByteBuffer bytes, int type) throws IOException {
        return switch (type) {
            case 0 -> (long) (bytes.get() & 0xff);
            case 1 -> (long) bytes.get();
            case 2 -> (long) (bytes.getShort() & 0xffff);
            case 3 -> (long) bytes.getShort();
            case 4 -> bytes.getInt() & 0xffffffffL;
            case 5 -> (long) bytes.getInt();
            case 6 -> (double) bytes.getFloat();
            case 7 -> bytes.get() != 0;
            case 8 -> string(bytes);
            case 9 -> {
                skipArray(bytes);
                yield SKIPPED;
            }
            case 10, 11 -> bytes.getLong();
            case 12 -> bytes.getDouble();
            default -> throw new IOException("its header is damaged");
        };
    }

    private static void skipArray(ByteBuffer bytes) throws IOException {
        int type = bytes.getInt();
        long count = bytes.getLong();
        if (type == 9 || count < 0) {
            throw new IOException("its header is damaged");
        }
        if (type != 8) {
            int size =
                    switch (type) {
                        case 0, 1, 7 -> 1;
                        case 2, 3 -> 2;
                        case 4, 5, 6 -> 4;
                        default -> 8;
                    };
            skip(bytes, Math.multiplyExact(count, (long) size));
            return;
        }
        for (long i = 0; i < count; i++) {
            skip(bytes, bytes.getLong());
        }
    }

    private static void skip(ByteBuffer bytes, long length) {
        if (length < 0 || length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        bytes.position(bytes.position() + (int) length);
    }
}

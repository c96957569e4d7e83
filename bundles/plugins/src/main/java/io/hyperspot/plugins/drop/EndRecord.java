// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.drop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** The record at the end of a ZIP file, which is written last. */
final class EndRecord {
    private static final int LENGTH = 22;
    private static final int SIGNATURE = 0x06054b50;
    private static final int DIRECTORY_SIZE = 12;
    private static final int DIRECTORY_OFFSET = 16;

    private EndRecord() {}

    /**
     * Whether a file ends with the record of its own directory; not with that of a ZIP file within it, which
     * counts from its own beginning. A file for which that cannot be said, as one with a comment, has none.
     */
    static boolean isThere(Path file) {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            long position = channel.size() - LENGTH;
            if (position < 0) {
                return false;
            }
            ByteBuffer record = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
            channel.position(position);
            while (record.hasRemaining() && channel.read(record) >= 0) {
                // until all of it is there
            }
            return !record.hasRemaining()
                    && record.getInt(0) == SIGNATURE
                    && Integer.toUnsignedLong(record.getInt(DIRECTORY_OFFSET))
                                    + Integer.toUnsignedLong(record.getInt(DIRECTORY_SIZE))
                            == position;
        } catch (IOException e) {
            return false;
        }
    }
}

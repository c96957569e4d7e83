// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.process.supervisor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads lines of a bounded length. Not thread-safe. */
final class Lines {
    /** What becomes of a line that is too long. */
    enum Overlong {
        FAIL,
        CUT
    }

    private final InputStream in;
    private final int limit;
    private final Overlong overlong;
    private final byte[] buffer = new byte[16 * 1024];
    private int position;
    private int end;

    Lines(InputStream in, int limit, Overlong overlong) {
        this.in = in;
        this.limit = limit;
        this.overlong = overlong;
    }

    /** The next line without its end, or null at the end of the stream. */
    byte @Nullable [] next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        boolean any = false;
        while (true) {
            if (position == end) {
                position = 0;
                end = Math.max(0, in.read(buffer));
                if (end == 0) {
                    return any ? line.toByteArray() : null;
                }
            }
            any = true;
            int start = position;
            while (position < end && buffer[position] != '\n') {
                position++;
            }
            int length = position - start;
            if (line.size() + length > limit) {
                if (overlong == Overlong.FAIL) {
                    throw new IOException("it wrote a line longer than " + limit + " bytes");
                }
                length = limit - line.size();
            }
            line.write(buffer, start, length);
            if (position < end) {
                position++;
                return line.toByteArray();
            }
        }
    }
}

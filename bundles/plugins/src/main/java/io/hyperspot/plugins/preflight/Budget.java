// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What may be read of one JAR, however little the file itself has. */
final class Budget {
    static final int MOST_ENTRIES = 65_536;
    static final long MOST_BYTES = 2L << 30;

    /** Even text does not shrink more than that, and small JARs may have what they like. */
    static final int MOST_EXPANSION = 200;

    private static final long ALWAYS_FINE = 64L << 20;

    /** The JAR wants more than that. */
    static final class ExceededException extends IOException {
        private static final long serialVersionUID = 1L;

        ExceededException(String message) {
            super(message);
        }
    }

    private final long most;
    private long bytes;
    private int entries;

    Budget(long size) {
        most = Math.min(MOST_BYTES, Math.max(ALWAYS_FINE, size * MOST_EXPANSION));
    }

    int entries() {
        return entries;
    }

    long bytes() {
        return bytes;
    }

    void entry() throws ExceededException {
        if (++entries > MOST_ENTRIES) {
            throw new ExceededException("more than " + MOST_ENTRIES + " entries");
        }
    }

    private void read(long count) throws ExceededException {
        bytes += Math.max(count, 0);
        if (bytes > most) {
            throw new ExceededException("more than " + (most >> 20) + " MB when unpacked");
        }
    }

    InputStream counted(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                int value = super.read();
                Budget.this.read(value < 0 ? 0 : 1);
                return value;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int count = super.read(into, offset, length);
                Budget.this.read(count);
                return count;
            }

            @Override
            public long skip(long count) throws IOException {
                long skipped = super.skip(count);
                Budget.this.read(skipped);
                return skipped;
            }
        };
    }
}

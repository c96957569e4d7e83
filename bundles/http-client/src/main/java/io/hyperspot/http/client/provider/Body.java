// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import java.io.EOFException;
import java.io.IOException;

/** How the end of an answer's body is found. Reads from its connection; waits when nothing is there. */
sealed interface Body permits Body.Sized, Body.UntilClosed, ChunkedBody {
    /** For what a read may have to wait. */
    interface Wait {
        /** False at the end of the stream. */
        boolean fill() throws IOException;

        /** Past the connection's buffer, which must be empty; -1 at the end of the stream. */
        int direct(byte[] target, int offset, int length) throws IOException;
    }

    /** At least one byte, or -1 at the proper end. */
    int read(Connection connection, Wait wait, byte[] target, int offset, int length) throws IOException;

    /** The end was reached. */
    boolean isEnded();

    static Body of(AnswerHead head, boolean headRequest) {
        if (headRequest || head.status() == 204 || head.status() == 304) {
            return new Sized(0);
        }
        if (head.isChunked()) {
            return new ChunkedBody();
        }
        return head.length() >= 0 ? new Sized(head.length()) : new UntilClosed();
    }

    /** A declared length. */
    final class Sized implements Body {
        private long left;

        Sized(long length) {
            left = length;
        }

        @Override
        public int read(Connection connection, Wait wait, byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = takeOrWait(connection, wait, target, offset, (int) Math.min(left, length));
            if (count < 0) {
                throw new EOFException("the answer ended " + left + " bytes early");
            }
            left -= count;
            return count;
        }

        @Override
        public boolean isEnded() {
            return left == 0;
        }
    }

    /** The old way: everything until the peer closes, which nobody can tell from an early end. */
    final class UntilClosed implements Body {
        private boolean ended;

        @Override
        public int read(Connection connection, Wait wait, byte[] target, int offset, int length) throws IOException {
            if (ended) {
                return -1;
            }
            int count = takeOrWait(connection, wait, target, offset, length);
            ended = count < 0;
            return count;
        }

        @Override
        public boolean isEnded() {
            return ended;
        }
    }

    private static int takeOrWait(Connection connection, Wait wait, byte[] target, int offset, int length)
            throws IOException {
        return connection.position == connection.limit
                ? wait.direct(target, offset, length)
                : take(connection, target, offset, length);
    }

    /** What has arrived, without waiting. */
    static int take(Connection connection, byte[] target, int offset, int length) {
        int count = Math.min(length, connection.limit - connection.position);
        System.arraycopy(connection.buffer, connection.position, target, offset, count);
        connection.position += count;
        return count;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import java.io.EOFException;
import java.io.IOException;

/**
 * The chunked transfer coding, strictly read. One read gathers all pieces that have arrived, so that
 * a caller that passes them on writes once a read, not once a chunk. Extensions and trailers are
 * read and dropped.
 */
final class ChunkedBody implements Body {
    private static final int MAX_EXTENSION = 4096;
    private static final int MAX_DIGITS = 15;

    private enum State {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER_START,
        TRAILER,
        TRAILER_LF,
        LAST_LF,
        END
    }

    private State state = State.SIZE;
    private long left;
    private int digits;
    private int line;
    private int trailers;
    private boolean named;

    @Override
    public boolean isEnded() {
        return state == State.END;
    }

    @Override
    public int read(Connection connection, Wait wait, byte[] target, int offset, int length) throws IOException {
        int got = 0;
        while (true) {
            if (state == State.END) {
                return got > 0 ? got : -1;
            }
            if (connection.position == connection.limit) {
                if (got > 0) {
                    return got;
                }
                if (!wait.fill()) {
                    throw new EOFException("the answer ended within its chunks");
                }
            }
            if (state == State.DATA) {
                if (got == length) {
                    return got;
                }
                int count = Body.take(connection, target, offset + got, (int) Math.min(left, length - got));
                got += count;
                left -= count;
                if (left == 0) {
                    state = State.DATA_CR;
                }
            } else {
                step(connection.buffer[connection.position++] & 0xff);
            }
        }
    }

    private void step(int c) throws ProtocolException {
        switch (state) {
            case SIZE -> size(c);
            case EXTENSION -> {
                if (c == '\r') {
                    state = State.SIZE_LF;
                } else {
                    text(c);
                    if (++line > MAX_EXTENSION) {
                        throw new ProtocolException("a chunk extension without end");
                    }
                }
            }
            case SIZE_LF -> {
                expect(c, '\n');
                state = left > 0 ? State.DATA : State.TRAILER_START;
                digits = 0;
                line = 0;
            }
            case DATA_CR -> {
                expect(c, '\r');
                state = State.DATA_LF;
            }
            case DATA_LF -> {
                expect(c, '\n');
                state = State.SIZE;
            }
            case TRAILER_START -> {
                if (c == '\r') {
                    state = State.LAST_LF;
                } else {
                    named = false;
                    state = State.TRAILER;
                    trailer(c);
                }
            }
            case TRAILER -> {
                if (c == '\r' && named) {
                    state = State.TRAILER_LF;
                } else {
                    trailer(c);
                }
            }
            case TRAILER_LF -> {
                expect(c, '\n');
                state = State.TRAILER_START;
            }
            case LAST_LF -> {
                expect(c, '\n');
                state = State.END;
            }
            case DATA, END -> throw new IllegalStateException("no byte is read one by one in " + state);
        }
    }

    private void size(int c) throws ProtocolException {
        int digit = Character.digit(c, 16);
        if (digit >= 0 && c < 128) {
            if (++digits > MAX_DIGITS) {
                throw new ProtocolException("a chunk size that overflows");
            }
            left = left * 16 + digit;
        } else if (digits > 0 && c == ';') {
            state = State.EXTENSION;
        } else if (digits > 0 && c == '\r') {
            state = State.SIZE_LF;
        } else {
            throw new ProtocolException("a chunk size that is no number");
        }
    }

    private void trailer(int c) throws ProtocolException {
        if (++trailers > AnswerHead.MAX_BYTES) {
            throw AnswerHead.tooLarge();
        }
        if (named) {
            text(c);
        } else if (c == ':') {
            named = true;
        } else if (!RequestHead.isTokenChar(c)) {
            throw new ProtocolException("a trailer without a proper name");
        }
    }

    private static void text(int c) throws ProtocolException {
        if ((c < ' ' && c != '\t') || c == 127) {
            throw new ProtocolException("a control character among the chunks");
        }
    }

    private static void expect(int c, int expected) throws ProtocolException {
        if (c != expected) {
            throw new ProtocolException("a chunk that is longer than it says, or a bare line end");
        }
    }
}

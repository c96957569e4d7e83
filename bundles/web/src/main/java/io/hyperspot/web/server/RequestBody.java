// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** A request's body, read once, within a size and a time. */
final class RequestBody {
    private static final int FIRST_BUFFER = 8192;
    private static final int MOST_CHUNKS = 16;
    private static final long LINGER_NANOS = 2_000_000_000;
    private static final long LINGER_IDLE_MILLIS = 300;

    private final Request request;
    private final Duration timeout;
    private int maxBytes;
    private @Nullable Runnable afterwards;

    RequestBody(Request request, Duration timeout) {
        this.request = request;
        this.timeout = timeout;
    }

    void limit(int bytes) {
        maxBytes = bytes;
    }

    /** Runs the action when the body has been read, at once when there is none. */
    void whenRead(Runnable action) {
        long declared = request.getLength();
        boolean none = declared == 0
                || (declared < 0 && !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING));
        if (none) {
            action.run();
        } else {
            afterwards = action;
        }
    }

    private void isRead() {
        Runnable action = afterwards;
        afterwards = null;
        if (action != null) {
            action.run();
        }
    }

    byte[] all() throws IOException {
        long declared = request.getLength();
        if (declared > maxBytes) {
            throw tooLarge();
        }
        byte[] body = new byte[declared >= 0 ? (int) declared : FIRST_BUFFER];
        int length = 0;
        while (true) {
            Content.Chunk chunk = nextChunk();
            int n = chunk.remaining();
            if (length + n > maxBytes) {
                chunk.release();
                throw tooLarge();
            }
            if (length + n > body.length) {
                body = Arrays.copyOf(body, Math.min(maxBytes, Math.max(length + n, body.length * 2)));
            }
            chunk.get(body, length, n);
            length += n;
            boolean last = chunk.isLast();
            chunk.release();
            if (last) {
                isRead();
                return length == body.length ? body : Arrays.copyOf(body, length);
            }
        }
    }

    /** The body as a stream under the same limits. */
    InputStream stream() {
        return new InputStream() {
            private Content.@Nullable Chunk current;
            private long read;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                if (length == 0) {
                    return 0;
                }
                while (true) {
                    Content.Chunk chunk = current;
                    if (chunk == null) {
                        if (request.getLength() > maxBytes) {
                            throw tooLarge();
                        }
                        chunk = nextChunk();
                        current = chunk;
                    }
                    if (chunk.hasRemaining()) {
                        int n = chunk.get(target, offset, length);
                        read += n;
                        if (read > maxBytes) {
                            throw tooLarge();
                        }
                        return n;
                    }
                    if (chunk.isLast()) {
                        isRead();
                        return -1;
                    }
                    chunk.release();
                    current = null;
                }
            }
        };
    }

    /** Throws away what has arrived; true when that was the end. */
    boolean discardArrived() {
        for (int i = 0; i < MOST_CHUNKS; i++) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                return false;
            }
            chunk.release();
            if (chunk.isLast()) {
                return true;
            }
        }
        return false;
    }

    /** Reads on and throws away, for a limited time, until the end comes or the client stops sending. */
    void discard() {
        long end = System.nanoTime() + LINGER_NANOS;
        while (System.nanoTime() < end) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                if (!arrives(LINGER_IDLE_MILLIS)) {
                    return;
                }
            } else {
                chunk.release();
                if (chunk.isLast()) {
                    return;
                }
            }
        }
    }

    private boolean arrives(long millis) {
        Semaphore arrived = new Semaphore(0);
        request.demand(arrived::release);
        try {
            return arrived.tryAcquire(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private ProblemException tooLarge() {
        return new ProblemException(
                ErrorCategory.TOO_LARGE, "BODY_TOO_LARGE", "the body is larger than the " + maxBytes + " bytes that this operation takes");
    }

    private Content.Chunk nextChunk() throws IOException {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                awaitContent();
            } else if (Content.Chunk.isFailure(chunk)) {
                throw new IOException("the request body ended early", chunk.getFailure());
            } else {
                return chunk;
            }
        }
    }

    private void awaitContent() throws IOException {
        Semaphore arrived = new Semaphore(0);
        request.demand(arrived::release);
        try {
            if (!arrived.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ProblemException(
                        ErrorCategory.TIMEOUT,
                        "BODY_TIMEOUT",
                        "no byte of the body arrived for " + timeout.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading the body");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One connection with its read buffer. Used by one exchange at a time; only {@link #kill} may be
 * called from other threads.
 */
final class Connection {
    private static final int BUFFER = 4096;

    /** Bytes {@code position} to {@code limit} have arrived and were not taken yet. */
    byte[] buffer = new byte[BUFFER];

    int position;
    int limit;

    private volatile @Nullable Exchange exchange;
    private volatile @Nullable Thread resolver;
    private volatile boolean killed;
    private volatile long idleSince;
    private volatile @Nullable Socket socket;
    private @Nullable InputStream in;
    private @Nullable OutputStream out;
    private boolean reused;

    /** Whom a sweep has to ask, or null while idle. */
    @Nullable Exchange exchange() {
        return exchange;
    }

    void serve(Exchange next) {
        exchange = next;
        next.use(this);
    }

    void connect(Endpoint endpoint) throws IOException {
        resolver = Thread.currentThread();
        Socket opened = endpoint.connect(this);
        resolver = null;
        in = opened.getInputStream();
        out = opened.getOutputStream();
    }

    /** A socket that {@link #kill} closes, even before it is connected. */
    Socket attempt(InetSocketAddress address) throws IOException {
        Socket attempt = new Socket();
        socket = attempt;
        if (killed) {
            attempt.close();
            throw new IOException("the connection was given up");
        }
        attempt.setTcpNoDelay(true);
        attempt.setKeepAlive(true);
        attempt.connect(address);
        return attempt;
    }

    boolean isKilled() {
        return killed;
    }

    boolean isReused() {
        return reused;
    }

    /** Nothing has arrived that was not asked for, as far as can be told without waiting. */
    boolean isQuiet() {
        try {
            return !killed && in != null && in.available() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    void rest(long now) {
        exchange = null;
        idleSince = now;
        reused = true;
        if (buffer.length > BUFFER) {
            buffer = new byte[BUFFER];
        }
        position = 0;
        limit = 0;
    }

    long idleSince() {
        return idleSince;
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        opened(out).write(bytes, offset, length);
    }

    /** Takes more bytes in; false at the end of the stream. Waits. */
    boolean fill() throws IOException {
        if (position == limit) {
            position = 0;
            limit = 0;
        } else if (limit == buffer.length) {
            if (position > 0) {
                System.arraycopy(buffer, position, buffer, 0, limit - position);
                limit -= position;
                position = 0;
            } else {
                buffer = Arrays.copyOf(buffer, buffer.length * 2);
            }
        }
        int count = opened(in).read(buffer, limit, buffer.length - limit);
        if (count < 0) {
            return false;
        }
        limit += count;
        return true;
    }

    /** Reads past the buffer, which must be empty; -1 at the end of the stream. Waits. */
    int readDirect(byte[] target, int offset, int length) throws IOException {
        return opened(in).read(target, offset, length);
    }

    /** Closes at once; whoever waits on the connection fails. */
    void kill() {
        killed = true;
        Thread waiting = resolver;
        if (waiting != null) {
            // A name that is being resolved has no socket yet.
            LockSupport.unpark(waiting);
        }
        Socket used = socket;
        if (used != null) {
            try {
                // Always the plain socket: closing a TLS socket may wait for whoever writes to it.
                used.close();
            } catch (IOException e) {
                return; // It is of no use any more either way.
            }
        }
    }

    private static <T> T opened(@Nullable T stream) throws IOException {
        if (stream == null) {
            throw new IOException("not connected");
        }
        return stream;
    }
}

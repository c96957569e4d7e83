// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.web.spi.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/** An exchange on Jetty's core API, blocking on the calling virtual thread. */
final class JettyExchange implements Exchange {
    private static final HttpField JSON = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "application/json");
    private static final HttpField EVENTS = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "text/event-stream");
    private static final HttpField NO_CACHE = new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-cache");
    private static final int FIRST_BUFFER = 8192;

    private final Request request;
    private final Response response;
    private final String requestId;
    private final Cancellation cancellation;
    private final Duration bodyTimeout;
    private final StringBuilder fields = new StringBuilder();
    private SecurityContext security = new SecurityContext("nobody", io.hyperspot.security.TenantId.ROOT, java.util.List.of());
    private String path = "";
    private int maxBodyBytes;
    private @Nullable Fields query;
    private @Nullable Runnable bodyRead;
    private boolean started;
    private boolean ended;
    private long bytesOut;

    JettyExchange(Request request, Response response, String requestId, Cancellation cancellation, Duration bodyTimeout) {
        this.request = request;
        this.response = response;
        this.requestId = requestId;
        this.cancellation = cancellation;
        this.bodyTimeout = bodyTimeout;
    }

    void admit(SecurityContext context, String pathBelowMount, int maxBody) {
        security = context;
        path = pathBelowMount;
        maxBodyBytes = maxBody;
    }

    Request request() {
        return request;
    }

    Response response() {
        return response;
    }

    long bytesOut() {
        return bytesOut;
    }

    CharSequence fields() {
        return fields;
    }

    boolean ended() {
        return ended;
    }

    @Override
    public String requestId() {
        return requestId;
    }

    @Override
    public SecurityContext security() {
        return security;
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public @Nullable String query(String name) {
        Fields parsed = query;
        if (parsed == null) {
            try {
                parsed = Request.extractQueryParameters(request);
            } catch (RuntimeException e) {
                throw new ProblemException(
                        ErrorCategory.INVALID_ARGUMENT, "INVALID_QUERY", "the query string is not valid percent-encoded UTF-8");
            }
            query = parsed;
        }
        return parsed.getValue(name);
    }

    @Override
    public @Nullable String header(String name) {
        return request.getHeaders().get(name);
    }

    @Override
    public byte[] body() throws IOException {
        long declared = request.getLength();
        if (declared > maxBodyBytes) {
            throw tooLarge();
        }
        byte[] body = new byte[declared >= 0 ? (int) declared : FIRST_BUFFER];
        int length = 0;
        while (true) {
            Content.Chunk chunk = nextChunk();
            int n = chunk.remaining();
            if (length + n > maxBodyBytes) {
                chunk.release();
                throw tooLarge();
            }
            if (length + n > body.length) {
                body = Arrays.copyOf(body, Math.min(maxBodyBytes, Math.max(length + n, body.length * 2)));
            }
            chunk.get(body, length, n);
            length += n;
            boolean last = chunk.isLast();
            chunk.release();
            if (last) {
                bodyIsRead();
                return length == body.length ? body : Arrays.copyOf(body, length);
            }
        }
    }

    void limitBody(int maxBytes) {
        maxBodyBytes = maxBytes;
    }

    /** Runs the action when the body has been read, at once when there is none. */
    void onBodyRead(Runnable action) {
        long declared = request.getLength();
        boolean none = declared == 0
                || (declared < 0 && !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING));
        if (none) {
            action.run();
        } else {
            bodyRead = action;
        }
    }

    private void bodyIsRead() {
        Runnable action = bodyRead;
        bodyRead = null;
        if (action != null) {
            action.run();
        }
    }

    /** The body as a stream under the same limits as {@link #body}. */
    InputStream bodyStream() {
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
                        if (request.getLength() > maxBodyBytes) {
                            throw tooLarge();
                        }
                        chunk = nextChunk();
                        current = chunk;
                    }
                    if (chunk.hasRemaining()) {
                        int n = chunk.get(target, offset, length);
                        read += n;
                        if (read > maxBodyBytes) {
                            throw tooLarge();
                        }
                        return n;
                    }
                    if (chunk.isLast()) {
                        bodyIsRead();
                        return -1;
                    }
                    chunk.release();
                    current = null;
                }
            }
        };
    }

    private ProblemException tooLarge() {
        return new ProblemException(
                ErrorCategory.TOO_LARGE, "BODY_TOO_LARGE", "the body is larger than the " + maxBodyBytes + " bytes that this operation takes");
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
            if (!arrived.tryAcquire(bodyTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ProblemException(
                        ErrorCategory.TIMEOUT,
                        "BODY_TIMEOUT",
                        "no byte of the body arrived for " + bodyTimeout.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading the body", e);
        }
    }

    @Override
    public Cancellation cancellation() {
        return cancellation;
    }

    @Override
    public void log(String key, String value) {
        fields.append(' ').append(key).append('=');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            // a value never breaks the line or the field
            fields.append(c <= ' ' || c == 127 ? '_' : c);
        }
    }

    @Override
    public void setHeader(String name, String value) {
        response.getHeaders().put(name, value);
    }

    @Override
    public void respond(int status, String contentType, byte[] body, int offset, int length) throws IOException {
        head(status, contentType);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
        ended = true;
        send(true, body, offset, length);
    }

    @Override
    public void start(int status, String contentType) throws IOException {
        head(status, contentType);
        if (contentType.startsWith("text/event-stream")) {
            response.getHeaders().put(NO_CACHE);
        }
    }

    private void head(int status, String contentType) {
        if (started) {
            throw new IllegalStateException("the answer has started already");
        }
        started = true;
        response.setStatus(status);
        response.getHeaders().put(switch (contentType) {
            case "application/json" -> JSON;
            case "text/event-stream" -> EVENTS;
            default -> new HttpField(HttpHeader.CONTENT_TYPE, contentType);
        });
    }

    @Override
    public boolean started() {
        return started;
    }

    void markStarted() {
        started = true;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > 0) {
            send(false, bytes, offset, length);
        }
    }

    @Override
    public void end() throws IOException {
        if (!ended) {
            ended = true;
            send(true, new byte[0], 0, 0);
        }
    }

    private void send(boolean last, byte[] bytes, int offset, int length) throws IOException {
        bytesOut += length;
        Written written = new Written();
        response.write(last, ByteBuffer.wrap(bytes, offset, length), written);
        try {
            written.await();
        } catch (IOException e) {
            cancellation.cancel("the client left");
            throw e;
        }
    }

    /** Waits for one write; the common case, written at once, neither parks nor locks. */
    private static final class Written implements Callback {
        private static final Object DONE = new Object();

        private volatile @Nullable Object outcome;
        private volatile @Nullable Thread waiter;

        @Override
        public void succeeded() {
            complete(DONE);
        }

        @Override
        public void failed(Throwable failure) {
            complete(failure);
        }

        private void complete(Object value) {
            outcome = value;
            Thread waiting = waiter;
            if (waiting != null) {
                LockSupport.unpark(waiting);
            }
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }

        void await() throws IOException {
            if (outcome == null) {
                waiter = Thread.currentThread();
                // Jetty fails a write that makes no progress for the connection's idle timeout
                while (outcome == null) {
                    LockSupport.park(this);
                }
            }
            if (outcome instanceof Throwable failure) {
                throw new IOException("the answer cannot be written", failure);
            }
        }
    }
}

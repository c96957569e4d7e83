// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.hyperspot.web.spi.Exchange;
import io.hyperspot.web.spi.MultipartLimits;
import io.hyperspot.web.spi.ProtocolHandler.ErrorBody;
import jakarta.ws.rs.core.EntityPart;
import jakarta.ws.rs.ext.Providers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/** An exchange on Jetty's core API, blocking on the calling virtual thread. */
final class JettyExchange implements Exchange {
    static final String EVENT_STREAM = "text/event-stream";
    private static final HttpField JSON = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "application/json");
    private static final HttpField EVENTS = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, EVENT_STREAM);
    private static final HttpField NO_STORE = new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-store");
    /** Asks a proxy before us (nginx and its kin) to pass every event on at once. */
    private static final HttpField UNBUFFERED = new PreEncodedHttpField("X-Accel-Buffering", "no");
    private static final SecurityContext NOBODY = new SecurityContext("nobody", TenantId.ROOT, List.of());
    private static final byte[] EMPTY = {};

    private final Request request;
    private final Response response;
    private final String requestId;
    private final Cancellation cancellation = new Cancellation();
    private final RequestBody body;
    private final Streams streams;
    private final StringBuilder fields = new StringBuilder();
    private final AtomicBoolean started = new AtomicBoolean();
    private SecurityContext security = NOBODY;
    private String path = "";
    private @Nullable Fields query;
    private @Nullable RequestWatch watch;
    private @Nullable Multipart multipart;
    private volatile @Nullable JettyEventStream events;
    private volatile boolean ended;
    private boolean delivered;
    private boolean refused;
    private long bytesOut;

    JettyExchange(Request request, Response response, String requestId, Duration bodyTimeout, Streams streams) {
        this.request = request;
        this.response = response;
        this.requestId = requestId;
        this.streams = streams;
        body = new RequestBody(request, bodyTimeout);
    }

    void admit(SecurityContext context, String pathBelowMount, int maxBody) {
        security = context;
        path = pathBelowMount;
        body.limit(maxBody);
    }

    void watchedBy(RequestWatch requestWatch) {
        watch = requestWatch;
    }

    Request request() {
        return request;
    }

    Response response() {
        return response;
    }

    RequestBody requestBody() {
        return body;
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

    /** Why a deadline ended the request, or null. */
    @Nullable String expiry() {
        return watch == null ? null : watch.expiry();
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
        return body.all();
    }

    @Override
    public List<EntityPart> parts(MultipartLimits limits) throws IOException {
        return parts(body.stream(), limits, null);
    }

    List<EntityPart> parts(InputStream stream, MultipartLimits limits, @Nullable Providers providers) throws IOException {
        if (multipart != null) {
            throw new IllegalStateException("the body was read already");
        }
        Multipart read = Multipart.read(header("Content-Type"), stream, limits, streams.files(), providers);
        multipart = read;
        return List.copyOf(read.parts());
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
        JettyEventStream stream = events;
        if (stream == null) {
            response.getHeaders().put(name, value);
        } else {
            // a heartbeat may start the answer meanwhile
            stream.exclusively(() -> response.getHeaders().put(name, value));
        }
    }

    @Override
    public void respond(int status, String contentType, byte[] bytes, int offset, int length) throws IOException {
        head(status, contentType, length);
        ended = true;
        send(true, bytes, offset, length);
    }

    @Override
    public void start(int status, String contentType) {
        head(status, contentType, -1);
    }

    private void head(int status, String contentType, long length) {
        JettyEventStream stream = events;
        if (stream == null) {
            claimHead(status, contentType, length);
        } else {
            stream.exclusively(() -> claimHead(status, contentType, length));
        }
    }

    private void claimHead(int status, String contentType, long length) {
        if (!claim()) {
            String why = expiry();
            throw why == null
                    ? new IllegalStateException("the answer has started already")
                    : new ProblemException(ErrorCategory.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", why);
        }
        putHead(status, contentType);
        if (length >= 0) {
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
        }
    }

    private void putHead(int status, String contentType) {
        response.setStatus(status);
        refuseTheRest(status);
        response.getHeaders().put(switch (contentType) {
            case "application/json" -> JSON;
            case EVENT_STREAM -> EVENTS;
            default -> new HttpField(HttpHeader.CONTENT_TYPE, contentType);
        });
        if (contentType.startsWith(EVENT_STREAM)) {
            response.getHeaders().put(NO_STORE);
            response.getHeaders().put(UNBUFFERED);
        }
    }

    /**
     * An error may come before the body is read to its end. A connection on which more of it arrives is of
     * no use afterwards, and a client that is not told so loses its next request on it.
     */
    void refuseTheRest(int status) {
        if (status >= 400 && !body.discardArrived() && request.getConnectionMetaData().getHttpVersion().getVersion() < 20) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
            refused = !request.getHeaders().contains(HttpHeader.EXPECT);
        }
    }

    /** Makes the answer the caller's: true for one only. */
    boolean claim() {
        return started.compareAndSet(false, true);
    }

    /** {@link #claim} with the head of an event stream. */
    boolean claimEvents() {
        boolean mine = claim();
        if (mine) {
            putHead(200, EVENT_STREAM);
        }
        return mine;
    }

    @Override
    public boolean started() {
        return started.get();
    }

    @Override
    public JettyEventStream events() {
        return events(streams.heartbeat(), streams.idle());
    }

    @Override
    public JettyEventStream events(Duration heartbeat, Duration idle) {
        JettyEventStream stream = events;
        if (stream == null) {
            stream = new JettyEventStream(this, watch, heartbeat, idle);
            events = stream;
            streams.sweeper().add(stream);
        }
        return stream;
    }

    /** The stream of events that is the answer, once it has started. */
    @Nullable JettyEventStream openEvents() {
        JettyEventStream stream = events;
        return stream != null && stream.isOpen() ? stream : null;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        JettyEventStream stream = openEvents();
        if (stream != null) {
            stream.write(bytes, offset, length);
        } else if (length > 0) {
            send(false, bytes, offset, length);
        }
    }

    @Override
    public void end() throws IOException {
        JettyEventStream stream = openEvents();
        if (stream != null) {
            stream.close();
        } else {
            sendLast();
        }
    }

    void sendLast() throws IOException {
        if (!ended) {
            ended = true;
            send(true, EMPTY, 0, 0);
        }
    }

    void send(boolean last, byte[] bytes, int offset, int length) throws IOException {
        boolean stillThere = !cancellation.isCancelled();
        Written written = sendLater(last, bytes, offset, length);
        try {
            written.await();
            delivered |= last && stillThere;
        } catch (IOException e) {
            cancellation.cancel("the client left");
            throw e;
        }
    }

    /** Whether the whole answer was sent before the client left: one that leaves afterwards has it. */
    boolean delivered() {
        return delivered;
    }

    /** Begins to send, and returns without waiting for the client. */
    Written sendLater(boolean last, byte[] bytes, int offset, int length) {
        bytesOut += length;
        Written written = new Written();
        response.write(last, ByteBuffer.wrap(bytes, offset, length), written);
        return written;
    }

    /** Answers in the place of a handler that does not end; it has no say any more. */
    void answerAway(int status, ErrorBody body, Runnable sent) {
        ended = true;
        putHead(status, body.contentType());
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.body().length);
        response.write(true, ByteBuffer.wrap(body.body()), Callback.from(sent));
    }

    /**
     * Lets the rest of a refused body come for a moment. Closing a connection on which bytes arrive resets
     * it, and the client loses the answer that says why.
     */
    void linger() {
        if (refused) {
            body.discard();
        }
    }

    /** Gives back what the request holds; nothing writes its answer any more. */
    void release() {
        JettyEventStream stream = events;
        if (stream != null) {
            stream.release();
        }
        if (multipart != null) {
            multipart.close();
        }
    }
}

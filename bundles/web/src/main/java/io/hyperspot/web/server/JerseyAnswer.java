// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.modkit.Cancellation;
import io.hyperspot.web.idempotency.Begun;
import io.hyperspot.web.idempotency.Idempotency;
import io.hyperspot.web.idempotency.KeptAnswer;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.glassfish.jersey.server.ContainerException;
import org.glassfish.jersey.server.ContainerResponse;
import org.glassfish.jersey.server.spi.ContainerResponseWriter;
import org.jspecify.annotations.Nullable;

/** Writes Jersey's answer to an exchange; a suspended one is waited for on the request's thread. */
final class JerseyAnswer implements ContainerResponseWriter {
    private static final int BUFFER = 8192;

    private final Visit visit;
    private final JettyExchange exchange;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean suspended;
    private volatile boolean complete;
    private volatile @Nullable Throwable failure;
    private @Nullable OutputStream body;
    private @Nullable ByteArrayOutputStream problem;

    JerseyAnswer(Visit visit) {
        this.visit = visit;
        this.exchange = visit.exchange;
    }

    @Override
    public OutputStream writeResponseStatusAndHeaders(long contentLength, ContainerResponse response) {
        if (!exchange.claim()) {
            return afterwards(response);
        }
        for (Map.Entry<String, List<String>> header : response.getStringHeaders().entrySet()) {
            HttpFields.Mutable headers = exchange.response().getHeaders();
            if (!header.getKey().equalsIgnoreCase("Vary")) {
                // the resource knows better than the server's defaults
                headers.remove(header.getKey());
            }
            for (String value : header.getValue()) {
                headers.add(header.getKey(), value);
            }
        }
        if (contentLength >= 0) {
            exchange.response().getHeaders().put("Content-Length", contentLength);
        }
        exchange.response().setStatus(response.getStatus());
        exchange.refuseTheRest(response.getStatus());
        Begun.Claim claim = visit.claim;
        OutputStream out = claim == null
                ? new BufferedOutputStream(new Body(), BUFFER)
                : new Kept(claim, response.getStatus(), Map.copyOf(response.getStringHeaders()));
        body = out;
        return out;
    }

    /** The method has answered with a stream of events already: an error is its last event. */
    private OutputStream afterwards(ContainerResponse response) {
        if (exchange.openEvents() == null && !exchange.ended()) {
            throw new IllegalStateException("the answer has started already");
        }
        if (response.getStatus() < 400) {
            return OutputStream.nullOutputStream();
        }
        ByteArrayOutputStream document = new ByteArrayOutputStream();
        problem = document;
        return document;
    }

    @Override
    public boolean suspend(long timeOut, TimeUnit unit, @Nullable TimeoutHandler handler) {
        suspended = true;
        return true;
    }

    @Override
    public void setSuspendTimeout(long timeOut, TimeUnit unit) {
        // the request's total deadline bounds every suspension
    }

    @Override
    public void commit() {
        try {
            JettyEventStream events = exchange.openEvents();
            if (events != null && problem != null) {
                events.fail(EventFrame.of("error", null, problem.toString(StandardCharsets.UTF_8)));
            }
            if (body instanceof Kept kept) {
                kept.keep();
            } else if (body != null) {
                body.flush();
            }
            exchange.end();
        } catch (IOException e) {
            failure = e;
        } finally {
            complete = true;
            done.countDown();
        }
    }

    @Override
    public void failure(Throwable error) {
        failure = error;
        complete = true;
        done.countDown();
    }

    @Override
    public boolean enableResponseBuffering() {
        return true;
    }

    /** Returns when the answer is complete. */
    void await() throws Exception {
        if (suspended) {
            Cancellation.Registration registration = exchange.cancellation().onCancel(done::countDown);
            try {
                // bounded: the total deadline cancels
                done.await();
            } finally {
                registration.close();
            }
        }
        if (!complete) {
            // the chain says why
            throw new IOException("there was no answer: " + exchange.cancellation().reason());
        }
        Throwable error = failure;
        if (error instanceof ContainerException && error.getCause() != null) {
            error = error.getCause();
        }
        if (error instanceof Exception e) {
            throw e;
        }
        if (error instanceof Error e) {
            throw e;
        }
    }

    /** Holds the answer back until it is kept; one that is too large goes on without. */
    private final class Kept extends OutputStream {
        private final Begun.Claim claim;
        private final int status;
        private final Map<String, List<String>> headers;
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();
        private @Nullable OutputStream passing;

        Kept(Begun.Claim claim, int status, Map<String, List<String>> headers) {
            this.claim = claim;
            this.status = status;
            this.headers = headers;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (passing == null && held.size() + length > Idempotency.LARGEST_ANSWER) {
                passing = new BufferedOutputStream(new Body(), BUFFER);
                held.writeTo(passing);
            }
            if (passing == null) {
                held.write(bytes, offset, length);
            } else {
                passing.write(bytes, offset, length);
            }
        }

        void keep() throws IOException {
            if (passing != null) {
                passing.flush();
                return;
            }
            Repeats.end(claim, new KeptAnswer(status, headers, held.toByteArray()));
            if (held.size() > 0) {
                exchange.write(held.toByteArray(), 0, held.size());
            }
        }
    }

    /** Passes on what the buffer gives; a flush is a write. */
    private final class Body extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            exchange.write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            exchange.write(bytes, offset, length);
        }
    }
}

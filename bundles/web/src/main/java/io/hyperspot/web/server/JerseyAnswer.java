// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.glassfish.jersey.server.ContainerException;
import org.glassfish.jersey.server.ContainerResponse;
import org.glassfish.jersey.server.spi.ContainerResponseWriter;
import org.jspecify.annotations.Nullable;

/** Writes Jersey's answer to an exchange; a suspended one is waited for on the request's thread. */
final class JerseyAnswer implements ContainerResponseWriter {
    private static final int BUFFER = 8192;

    private final JettyExchange exchange;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean suspended;
    private volatile @Nullable Throwable failure;
    private @Nullable OutputStream body;

    JerseyAnswer(JettyExchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public OutputStream writeResponseStatusAndHeaders(long contentLength, ContainerResponse response) {
        for (Map.Entry<String, List<String>> header : response.getStringHeaders().entrySet()) {
            for (String value : header.getValue()) {
                exchange.response().getHeaders().add(header.getKey(), value);
            }
        }
        if (contentLength >= 0) {
            exchange.response().getHeaders().put("Content-Length", contentLength);
        }
        exchange.response().setStatus(response.getStatus());
        exchange.markStarted();
        OutputStream out = new BufferedOutputStream(new Body(), BUFFER);
        body = out;
        return out;
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
            if (body != null) {
                body.flush();
            }
            exchange.end();
        } catch (IOException e) {
            failure = e;
        } finally {
            done.countDown();
        }
    }

    @Override
    public void failure(Throwable error) {
        failure = error;
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
        if (!exchange.started() && exchange.cancellation().isCancelled()) {
            throw new ProblemException(
                    ErrorCategory.DEADLINE_EXCEEDED, "CANCELLED", "there was no answer: " + exchange.cancellation().reason());
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

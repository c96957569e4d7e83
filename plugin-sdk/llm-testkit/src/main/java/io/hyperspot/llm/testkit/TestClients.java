// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.testkit;

import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderClients;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import io.hyperspot.modkit.Cancellation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * {@link ProviderClients} on the JDK's HTTP client, for tests of connectors against a server on
 * loopback: the errors, the cancellation and the first-byte timeout of the contract; no retries, no
 * breaker, no other limits.
 */
public final class TestClients implements ProviderClients {
    private final AtomicInteger inUse = new AtomicInteger();

    public TestClients() {}

    /** The calls whose answer is waited for or not closed. */
    public int inUse() {
        return inUse.get();
    }

    @Override
    public ProviderClient open(Settings settings) {
        URI base = settings.baseUrl();
        if (!String.valueOf(base.getScheme()).matches("https?") || base.getHost() == null || base.getQuery() != null) {
            throw new IllegalArgumentException("the base URL must be absolute http or https, without a query");
        }
        return new Client(settings, inUse);
    }

    private static final class Client implements ProviderClient {
        private final Settings settings;
        private final AtomicInteger inUse;
        private final HttpClient http;

        Client(Settings settings, AtomicInteger inUse) {
            this.settings = settings;
            this.inUse = inUse;
            http = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(settings.connectTimeout())
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .build();
        }

        @Override
        public ProviderResponse send(Request request, Cancellation cancellation) throws UpstreamException {
            if (cancellation.isCancelled()) {
                throw new UpstreamException(Kind.CANCELLED, settings.name() + ": cancelled");
            }
            HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(settings.baseUrl() + request.path()));
            request.headers().forEach(header -> builder.header(header.name(), header.value()));
            byte[] body = request.body();
            if (body == null) {
                builder.method(request.method(), HttpRequest.BodyPublishers.noBody());
            } else {
                builder.setHeader("Content-Type", "application/json");
                builder.method(
                        request.method(),
                        HttpRequest.BodyPublishers.ofByteArray(body, request.offset(), request.length()));
            }
            inUse.incrementAndGet();
            boolean answered = false;
            CompletableFuture<HttpResponse<InputStream>> exchange =
                    http.sendAsync(builder.build(), HttpResponse.BodyHandlers.ofInputStream());
            Cancellation.Registration registration = cancellation.onCancel(() -> exchange.cancel(true));
            try {
                Answer answer = new Answer(
                        settings.name(),
                        exchange.get(settings.firstByteTimeout().toMillis(), TimeUnit.MILLISECONDS),
                        cancellation,
                        inUse);
                answered = true;
                return answer;
            } catch (CancellationException e) {
                throw new UpstreamException(Kind.CANCELLED, settings.name() + ": cancelled", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UpstreamException(Kind.CANCELLED, settings.name() + ": interrupted", e);
            } catch (TimeoutException e) {
                throw new UpstreamException(Kind.TIMEOUT, settings.name() + " does not answer", e);
            } catch (ExecutionException e) {
                Kind kind = cancellation.isCancelled()
                        ? Kind.CANCELLED
                        : e.getCause() instanceof ConnectException ? Kind.CONNECT : Kind.CLOSED;
                throw new UpstreamException(kind, settings.name() + ": " + e.getCause(), e);
            } finally {
                registration.close();
                if (!answered) {
                    exchange.cancel(true);
                    inUse.decrementAndGet();
                }
            }
        }

        @Override
        public void close() {
            http.shutdown();
        }
    }

    private static final class Answer implements ProviderResponse {
        private final String name;
        private final HttpResponse<InputStream> response;
        private final Cancellation cancellation;
        private final Cancellation.Registration registration;
        private final AtomicInteger inUse;
        private boolean closed;

        Answer(
                String name,
                HttpResponse<InputStream> response,
                Cancellation cancellation,
                AtomicInteger inUse) {
            this.name = name;
            this.response = response;
            this.cancellation = cancellation;
            this.inUse = inUse;
            registration = cancellation.onCancel(this::abort);
        }

        private void abort() {
            try {
                response.body().close();
            } catch (IOException e) {
                // whoever reads it is told
                return;
            }
        }

        @Override
        public int status() {
            return response.statusCode();
        }

        @Override
        public @Nullable String header(String header) {
            return response.headers().firstValue(header).orElse(null);
        }

        @Override
        public long length() {
            return response.headers().firstValueAsLong("content-length").orElse(-1);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws UpstreamException {
            int count;
            try {
                count = response.body().read(target, offset, length);
            } catch (IOException e) {
                Kind kind = cancellation.isCancelled() ? Kind.CANCELLED : Kind.CLOSED;
                throw new UpstreamException(kind, name + ": " + e.getMessage(), e);
            }
            if (cancellation.isCancelled()) {
                throw new UpstreamException(Kind.CANCELLED, name + ": cancelled");
            }
            return count;
        }

        @Override
        public byte[] readAll(int maxBytes) throws UpstreamException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            for (int count = read(buffer, 0, buffer.length); count >= 0; count = read(buffer, 0, buffer.length)) {
                all.write(buffer, 0, count);
                if (all.size() > maxBytes) {
                    throw new UpstreamException(Kind.TOO_LARGE, name + " answers more than " + maxBytes + " bytes");
                }
            }
            return all.toByteArray();
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                registration.close();
                abort();
                inUse.decrementAndGet();
            }
        }
    }
}

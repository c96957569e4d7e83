// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderClients.Settings;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import io.hyperspot.modkit.Cancellation;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;

/** The client to one provider. */
final class PooledProviderClient implements ProviderClient {
    /** Shorter than what servers allow, so that they rarely close before us. */
    private static final Duration MAX_IDLE = Duration.ofSeconds(30);

    private static final int BREAKER_THRESHOLD = 5;
    private static final Duration BREAKER_PERIOD = Duration.ofSeconds(2);

    private final String peer;
    private final Endpoint endpoint;
    private final long connectNanos;
    private final long firstByteNanos;
    private final long idleNanos;
    private final long totalNanos;
    private final ConnectionPool pool;
    private final Breaker breaker = new Breaker(BREAKER_THRESHOLD, BREAKER_PERIOD.toNanos());
    private final ProviderMetrics metrics;
    private final MetricsByProvider registry;
    private final AtomicBoolean closed = new AtomicBoolean();

    PooledProviderClient(Settings settings, Supplier<SSLSocketFactory> tls, MetricsByProvider registry) {
        endpoint = new Endpoint(settings.baseUrl(), tls);
        peer = "provider " + settings.name() + " (" + endpoint + ")";
        connectNanos = positive(settings.connectTimeout());
        firstByteNanos = positive(settings.firstByteTimeout());
        idleNanos = positive(settings.idleTimeout());
        totalNanos = positive(settings.totalTimeout());
        if (settings.maxConnections() < 1) {
            throw new IllegalArgumentException("there must be at least one connection");
        }
        pool = new ConnectionPool(endpoint, settings.maxConnections(), MAX_IDLE.toNanos());
        this.registry = registry;
        metrics = registry.open(settings.name(), pool);
    }

    private static long positive(Duration duration) {
        if (!duration.isPositive()) {
            throw new IllegalArgumentException("a timeout must be longer than nothing");
        }
        return duration.compareTo(Duration.ofDays(1)) > 0 ? Duration.ofDays(1).toNanos() : duration.toNanos();
    }

    @Override
    public ProviderResponse send(Request request, Cancellation cancellation) throws UpstreamException {
        byte[] first = RequestHead.encode(request, endpoint);
        Exchange exchange = new Exchange(peer, connectNanos, totalNanos);
        Cancellation.Registration registration = cancellation.onCancel(exchange::cancel);
        boolean answered = false;
        try {
            if (exchange.isAborted()) {
                throw exchange.failure(Kind.CANCELLED, "the caller cancelled");
            }
            if (!breaker.admits(System.nanoTime())) {
                throw exchange.failure(Kind.OVERLOADED, "it has failed repeatedly and gets no requests for a moment");
            }
            Answer answer = answer(request, first, exchange, registration);
            answered = true;
            breaker.answered();
            metrics.answered(answer.status());
            return answer;
        } catch (UpstreamException e) {
            if (e.kind() == Kind.CONNECT || e.kind() == Kind.TIMEOUT || e.kind() == Kind.CLOSED) {
                breaker.failed(System.nanoTime());
            }
            metrics.failed(e.kind());
            throw e;
        } finally {
            if (!answered) {
                registration.close();
                exchange.finish();
            }
        }
    }

    private Answer answer(
            Request request, byte[] first, Exchange exchange, Cancellation.Registration registration)
            throws UpstreamException {
        Connection connection = pool.take(exchange);
        boolean stale = connection.isReused();
        while (true) {
            HeadReader reader = new HeadReader(connection);
            boolean kept = false;
            try {
                exchange.expect(Exchange.Phase.FIRST_BYTE, firstByteNanos);
                boolean sent = write(request, first, connection);
                exchange.expect(Exchange.Phase.FIRST_BYTE, firstByteNanos);
                AnswerHead head = reader.read();
                exchange.proceed();
                kept = true;
                Body body = Body.of(head, request.method().equals("HEAD"));
                return new Answer(head, body, sent, connection, pool, exchange, registration, idleNanos, metrics);
            } catch (ProtocolException e) {
                throw exchange.failure(e.kind(), e.getMessage() == null ? "" : e.getMessage());
            } catch (IOException e) {
                if (!stale || reader.hasBegun() || exchange.isAborted() || Thread.currentThread().isInterrupted()) {
                    throw exchange.failure(Kind.CLOSED, "it closed the connection before it answered", e);
                }
                // The server had closed an idle connection: it has not seen this request.
                stale = false;
                kept = true;
                exchange.expect(Exchange.Phase.CONNECT, connectNanos);
                connection = pool.replace(connection, exchange);
            } finally {
                if (!kept) {
                    pool.discard(connection);
                }
            }
        }
    }

    /** False when the server stopped reading; it may have answered nevertheless, for example 413. */
    private static boolean write(Request request, byte[] first, Connection connection) {
        try {
            connection.write(first, 0, first.length);
            byte[] body = request.body();
            if (body != null && !RequestHead.isCopied(request)) {
                connection.write(body, request.offset(), request.length());
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    void sweep(long now) {
        pool.sweep(now);
    }

    /** Closed, and the last answer has ended. */
    boolean isGone() {
        return closed.get() && pool.open().isEmpty();
    }

    /** Ends everything that is going on. */
    void abort(String why) {
        close();
        pool.abort(why);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            pool.close();
            registry.close(metrics, pool);
        }
    }

    @Override
    public String toString() {
        return peer;
    }
}

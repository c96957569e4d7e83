// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderClients.Settings;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import io.hyperspot.http.client.resilience.Breaker;
import io.hyperspot.http.client.resilience.RetryPolicy;
import io.hyperspot.modkit.Cancellation;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client to one provider. */
final class PooledProviderClient implements ProviderClient {
    private static final Logger log = LoggerFactory.getLogger(PooledProviderClient.class);

    /** Shorter than what servers allow, so that they rarely close before us. */
    private static final Duration MAX_IDLE = Duration.ofSeconds(30);

    private final String peer;
    private final Endpoint endpoint;
    private final long connectNanos;
    private final long firstByteNanos;
    private final long idleNanos;
    private final long totalNanos;
    private final ConnectionPool pool;
    private final Breaker breaker;
    private final RetryPolicy retries;
    private final Pauses pauses = new Pauses();
    private final ProviderMetrics metrics;
    private final MetricsByProvider registry;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * @param jitter numbers from 0 to 1
     */
    PooledProviderClient(
            Settings settings, Supplier<SSLSocketFactory> tls, DoubleSupplier jitter, MetricsByProvider registry) {
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
        breaker = new Breaker(settings.breaking());
        retries = new RetryPolicy(settings.retries(), jitter, Clock.systemUTC());
        this.registry = registry;
        metrics = registry.open(settings.name(), this);
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
        long end = System.nanoTime() + totalNanos;
        retries.called();
        for (int made = 0; ; made++) {
            long delay;
            UpstreamException failure = null;
            try {
                Answer answer = attempt(request, first, end, cancellation);
                delay = again(answer, request, made, end);
                if (delay < 0) {
                    return answer;
                }
                answer.close();
            } catch (UpstreamException e) {
                delay = again(e, request, made, end);
                if (delay < 0) {
                    throw made == 0 ? e : after(made, e);
                }
                failure = e;
            }
            metrics.retried();
            if (!pauses.await(delay, cancellation)) {
                throw closed.get() && failure != null ? failure : cutShort(cancellation);
            }
        }
    }

    private long again(Answer answer, Request request, int made, long end) {
        if (!RetryPolicy.isPassing(answer.status()) || closed.get()) {
            return RetryPolicy.NO;
        }
        long left = end - System.nanoTime();
        return counted(retries.afterAnswer(
                answer.status(), answer.header("retry-after"), request.idempotent(), made, left));
    }

    private long again(UpstreamException e, Request request, int made, long end) {
        if (closed.get() || breaker.state() != Breaker.State.CLOSED) {
            return RetryPolicy.NO;
        }
        return counted(retries.afterFailure(e.kind(), request.idempotent(), made, end - System.nanoTime()));
    }

    private long counted(long decision) {
        if (decision == RetryPolicy.OVER_BUDGET) {
            metrics.overBudget();
        }
        return decision;
    }

    private static UpstreamException after(int retries, UpstreamException e) {
        return new UpstreamException(
                e.kind(), e.getMessage() + "; tried " + (retries + 1) + " times", e, e.retryAfter().orElse(null));
    }

    private UpstreamException cutShort(Cancellation cancellation) {
        String why = cancellation.isCancelled()
                ? "the caller cancelled"
                : closed.get() ? "the client was closed" : "the calling thread was interrupted";
        return new UpstreamException(Kind.CANCELLED, peer + ": " + why);
    }

    private Answer attempt(Request request, byte[] first, long end, Cancellation cancellation)
            throws UpstreamException {
        long start = System.nanoTime();
        Exchange exchange = new Exchange(peer, start, connectNanos, end);
        Breaker.Pass pass = breaker.admit(start);
        if (pass == null) {
            metrics.failed(Kind.OVERLOADED);
            throw new UpstreamException(
                    Kind.OVERLOADED, peer + " " + breaker.refusal(start), null, breaker.remaining(start));
        }
        Cancellation.Registration registration = cancellation.onCancel(exchange::cancel);
        boolean answered = false;
        try {
            if (exchange.isAborted()) {
                throw exchange.failure(Kind.CANCELLED, "the caller cancelled");
            }
            Answer answer = answer(request, first, exchange, registration);
            answered = true;
            if (breaker.answered()) {
                log.info("{} answers again", peer);
            }
            metrics.answered(answer.status());
            return answer;
        } catch (UpstreamException e) {
            metrics.failed(e.kind());
            blame(pass, e);
            throw e;
        } finally {
            if (!answered) {
                registration.close();
                exchange.finish();
                // Has no effect on a pass whose failure was told.
                breaker.abandoned(pass, System.nanoTime());
            }
        }
    }

    /** What the caller did, or what this side lacks, says nothing of the provider. */
    private void blame(Breaker.Pass pass, UpstreamException e) {
        if (e.kind() == Kind.CANCELLED || e.kind() == Kind.OVERLOADED || closed.get()) {
            return;
        }
        String why = String.valueOf(e.getMessage());
        long now = System.nanoTime();
        if (breaker.failed(pass, now, why.startsWith(peer) ? why.substring(peer.length() + 2) : why)) {
            log.warn("{} {}", peer, breaker.refusal(now));
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

    int connections() {
        return pool.open().size();
    }

    Breaker.State breaker() {
        return breaker.state();
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
            pauses.end();
            pool.close();
            registry.close(metrics, this);
        }
    }

    @Override
    public String toString() {
        return peer;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.guard;

import io.hyperspot.http.client.GuardedHttp;
import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderClient.Header;
import io.hyperspot.http.client.ProviderClients.Retries;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import io.hyperspot.http.client.resilience.RetryPolicy;
import io.hyperspot.modkit.Cancellation;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Follows a chain of checked requests on a virtual thread of its own, so that its caller gets its
 * result, its deadline or its cancellation whatever a name server or a peer does. The thread counts as
 * in flight until it has really ended.
 */
@Component(service = GuardedHttp.class, configurationPid = "http-client")
@Designate(ocd = GuardConfig.class)
public final class GuardedHttpClient implements GuardedHttp {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private static final Set<String> OWN = Set.of(
            "host", "connection", "content-length", "transfer-encoding", "upgrade", "te", "trailer", "expect",
            "keep-alive", "proxy-authorization", "proxy-connection");

    private final Guard guard;
    private final PinnedClient client;
    private final GuardMetrics metrics;
    private final OriginBreakers breakers = new OriginBreakers();
    private final RetryPolicy retries;
    private final Semaphore permits;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    @Activate
    public GuardedHttpClient(@Reference MeterRegistry registry, GuardConfig config) throws NoSuchAlgorithmException {
        this(
                registry,
                InetAddress::getAllByName,
                UnaryOperator.identity(),
                SSLContext.getDefault(),
                ports(config.allowed__ports()),
                config.max__in__flight(),
                new RetryPolicy(
                        Retries.DEFAULT, () -> ThreadLocalRandom.current().nextDouble(), Clock.systemUTC()));
    }

    /**
     * @param dial where to connect to for a checked address
     */
    GuardedHttpClient(
            MeterRegistry registry,
            Guard.Resolver resolver,
            UnaryOperator<InetAddress> dial,
            SSLContext tls,
            Set<Integer> ports,
            int maxInFlight,
            RetryPolicy retries) {
        guard = new Guard(resolver, ports);
        client = new PinnedClient(tls, dial, maxInFlight);
        metrics = new GuardMetrics(registry);
        this.retries = retries;
        permits = new Semaphore(maxInFlight);
    }

    private static Set<Integer> ports(String[] texts) {
        return Arrays.stream(texts).map(String::strip).map(Integer::valueOf).collect(Collectors.toUnmodifiableSet());
    }

    @Deactivate
    public void stop() {
        List<Thread> running = List.copyOf(threads);
        running.forEach(Thread::interrupt);
        client.close();
        long end = System.nanoTime() + STOP_TIMEOUT.toNanos();
        try {
            for (Thread thread : running) {
                // Only a lookup that hangs takes longer; nothing can end that.
                thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        metrics.close();
    }

    @Override
    public Response send(Request request, Cancellation cancellation) throws UpstreamException {
        check(request);
        try {
            Response response = bounded(request, cancellation);
            metrics.answered();
            return response;
        } catch (UpstreamException e) {
            metrics.failed(e.kind());
            throw e;
        }
    }

    private static void check(Request request) {
        if (!METHODS.contains(request.method())) {
            throw new IllegalArgumentException("the method must be one of " + String.join(", ", METHODS));
        }
        for (Header header : request.headers()) {
            String name = header.name().toLowerCase(Locale.ROOT);
            if (!name.matches("[a-z0-9!#$%&'*+.^_`|~-]+") || OWN.contains(name)) {
                throw new IllegalArgumentException("the header '" + header.name() + "' may not be set");
            }
        }
        if (!request.timeout().isPositive() || request.maxResponseBytes() < 0 || request.maxRedirects() < 0) {
            throw new IllegalArgumentException("timeout and limits must not be negative");
        }
    }

    private Response bounded(Request request, Cancellation cancellation) throws UpstreamException {
        if (!permits.tryAcquire()) {
            throw new UpstreamException(Kind.OVERLOADED, "too many requests to user-supplied URLs are at work");
        }
        CompletableFuture<Response> result = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().name("http-client-guarded").unstarted(() -> {
            try {
                result.complete(follow(request));
            } catch (UpstreamException | RuntimeException e) {
                result.completeExceptionally(e);
            } finally {
                threads.remove(Thread.currentThread());
                permits.release();
            }
        });
        threads.add(thread);
        thread.start();
        Cancellation.Registration registration = cancellation.onCancel(
                () -> result.completeExceptionally(new UpstreamException(Kind.CANCELLED, "the caller cancelled")));
        try {
            return result.get(request.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                // Made anew, so that the trace shows the caller.
                case UpstreamException known ->
                    throw new UpstreamException(
                            known.kind(),
                            String.valueOf(known.getMessage()),
                            known,
                            known.retryAfter().orElse(null));
                case RuntimeException unexpected -> throw new IllegalStateException("a request failed", unexpected);
                case null, default -> throw new IllegalStateException("a request failed", e);
            }
        } catch (TimeoutException e) {
            throw new UpstreamException(Kind.TIMEOUT, "no complete answer within " + request.timeout());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UpstreamException(Kind.CANCELLED, "the calling thread was interrupted");
        } finally {
            registration.close();
            // Closes the connection of a virtual thread that waits on one.
            thread.interrupt();
        }
    }

    private Response follow(Request request) throws UpstreamException {
        long end = System.nanoTime() + request.timeout().toNanos();
        Hop hop = Hop.first(request, guard.check(request.url()));
        for (int redirects = 0; ; redirects++) {
            Response response = persist(hop, request.maxResponseBytes(), end);
            List<String> location = response.headers().get("location");
            if (!Hop.isRedirect(response.status()) || location == null || request.maxRedirects() == 0) {
                return response;
            }
            if (redirects == request.maxRedirects()) {
                throw new UpstreamException(Kind.PROTOCOL, "more than " + redirects + " redirects");
            }
            hop = hop.follow(response.status(), guard.check(hop.resolve(location.getFirst())));
        }
    }

    /** One hop, made again where that is allowed. */
    private Response persist(Hop hop, int maxBytes, long end) throws UpstreamException {
        boolean idempotent = ProviderClient.Request.isIdempotent(hop.method());
        retries.called();
        for (int made = 0; ; made++) {
            long delay;
            try {
                Response response = breakers.send(client, hop, Duration.ofNanos(Math.max(1_000_000, end - System.nanoTime())), maxBytes);
                List<String> demand = response.headers().getOrDefault("retry-after", List.of());
                delay = retries.afterAnswer(
                        response.status(),
                        demand.isEmpty() ? null : demand.getFirst(),
                        idempotent,
                        made,
                        end - System.nanoTime());
                if (delay < 0) {
                    return response;
                }
            } catch (UpstreamException e) {
                delay = retries.afterFailure(e.kind(), idempotent, made, end - System.nanoTime());
                if (delay < 0 || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
            }
            metrics.retried();
            try {
                Thread.sleep(Duration.ofNanos(delay));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UpstreamException(Kind.CANCELLED, hop.target().host() + ": the request was given up", e);
            }
        }
    }
}

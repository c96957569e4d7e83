// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.hyperspot.http.client.GuardedHttp.Request;
import io.hyperspot.http.client.GuardedHttp.Response;
import io.hyperspot.http.client.ProviderClients.Retries;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.resilience.RetryPolicy;
import io.hyperspot.modkit.Cancellation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A guarded client whose every checked address leads to a server on this machine. */
abstract class GuardFixture {
    static final String PUBLIC = "93.184.216.34";

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    final Map<String, String[]> names = new ConcurrentHashMap<>();
    final Queue<InetAddress> dialled = new ConcurrentLinkedQueue<>();
    HttpServer server;
    int port;
    GuardedHttpClient client;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.start();
        port = server.getAddress().getPort();
        names.put("a.example", new String[] {PUBLIC});
        names.put("b.example", new String[] {"8.8.8.8"});
        client = open(16);
    }

    @AfterEach
    void stop() {
        client.stop();
        server.stop(0);
        threads.shutdownNow();
        threads.close();
        assertThat(registry.getMeters()).isEmpty();
    }

    /** Every checked address leads to this machine, so that a test needs no network. */
    GuardedHttpClient open(int maxInFlight) throws Exception {
        return open(maxInFlight, Retries.NONE);
    }

    GuardedHttpClient open(int maxInFlight, Retries retries) throws Exception {
        return new GuardedHttpClient(
                registry,
                this::resolve,
                this::dial,
                SSLContext.getDefault(),
                Set.of(80, 443, port),
                maxInFlight,
                retries(retries));
    }

    /** Without delays. */
    static RetryPolicy retries(Retries settings) {
        return new RetryPolicy(settings, () -> 0, Clock.systemUTC());
    }

    InetAddress[] resolve(String host) throws UnknownHostException {
        String[] addresses = names.get(host);
        if (addresses == null) {
            if (host.matches("[0-9a-f.:]+")) {
                return InetAddress.getAllByName(host);
            }
            throw new UnknownHostException(host);
        }
        InetAddress[] resolved = new InetAddress[addresses.length];
        for (int i = 0; i < resolved.length; i++) {
            resolved[i] = InetAddress.getAllByName(addresses[i])[0];
        }
        return resolved;
    }

    InetAddress dial(InetAddress checked) {
        dialled.add(checked);
        return InetAddress.getLoopbackAddress();
    }

    URI url(String host, String path) {
        return URI.create("http://" + host + ":" + port + path);
    }

    static Request get(URI url) {
        return new Request("GET", url, List.of(), new byte[0], Duration.ofSeconds(20), 1 << 20, 5);
    }

    UpstreamException failure(Request request) {
        return catchThrowableOfType(UpstreamException.class, () -> client.send(request, new Cancellation()));
    }

    static void answer(HttpExchange exchange, int status, byte[] body, String... headers) throws IOException {
        for (int i = 0; i < headers.length; i += 2) {
            exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
        }
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    void redirect(String path, int status, String location) {
        server.createContext(path, exchange -> answer(exchange, status, new byte[0], "Location", location));
    }

    void echo(String path) {
        server.createContext(path, exchange -> {
            StringBuilder seen = new StringBuilder();
            seen.append(exchange.getRequestMethod()).append(' ').append(exchange.getRequestURI()).append('\n');
            exchange.getRequestHeaders().forEach((name, values) -> values.forEach(value ->
                    seen.append(name.toLowerCase(java.util.Locale.ROOT)).append(": ").append(value).append('\n')));
            seen.append('\n').append(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            answer(exchange, 200, seen.toString().getBytes(StandardCharsets.UTF_8), "X-Two", "1", "X-Two", "2");
        });
    }

    static String text(Response response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }
}

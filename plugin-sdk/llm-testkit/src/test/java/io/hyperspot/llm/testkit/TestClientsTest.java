// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderClient.Header;
import io.hyperspot.http.client.ProviderClient.Request;
import io.hyperspot.http.client.ProviderClients.Breaking;
import io.hyperspot.http.client.ProviderClients.Retries;
import io.hyperspot.http.client.ProviderClients.Settings;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import io.hyperspot.modkit.Cancellation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class TestClientsTest {
    private final TestClients clients = new TestClients();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        assertThat(clients.inUse()).isZero();
    }

    private ProviderClient client(int port, Duration firstByte) {
        URI base = URI.create("http://127.0.0.1:" + port + "/v1");
        Duration second = Duration.ofSeconds(1);
        return clients.open(new Settings(
                "acme", base, second, firstByte, second, second, 10, Retries.NONE, Breaking.NEVER));
    }

    private ProviderClient client() {
        return client(server.getAddress().getPort(), Duration.ofSeconds(20));
    }

    private static void fails(Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(UpstreamException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void sendsWhatItIsTold() throws Exception {
        server.createContext("/v1/echo", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("X-Key", exchange.getRequestHeaders().getFirst("X-Key"));
            exchange.sendResponseHeaders(201, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        byte[] body = "#hello#".getBytes(StandardCharsets.UTF_8);
        Request request = new Request("POST", "/echo", List.of(new Header("X-Key", "k")), body, 1, 5);
        try (ProviderClient client = client();
                ProviderResponse answer = client.send(request, new Cancellation())) {
            assertThat(clients.inUse()).isEqualTo(1);
            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.header("x-key")).isEqualTo("k");
            assertThat(answer.header("x-none")).isNull();
            assertThat(answer.length()).isEqualTo(5);
            assertThat(new String(answer.readAll(10), StandardCharsets.UTF_8)).isEqualTo("hello");
        }
    }

    @Test
    void failsAsTheContractSays() throws Exception {
        server.createContext("/v1/silent", exchange -> {});
        server.createContext("/v1/long", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(new byte[100]);
            exchange.close();
        });
        Request silent = new Request("GET", "/silent", List.of(), null);
        Request big = new Request("GET", "/long", List.of(), null);
        int nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        try (ProviderClient client = client();
                ProviderClient hasty = client(server.getAddress().getPort(), Duration.ofMillis(50));
                ProviderClient lonely = client(nobody, Duration.ofSeconds(20))) {
            fails(Kind.CONNECT, () -> lonely.send(silent, new Cancellation()));
            fails(Kind.TIMEOUT, () -> hasty.send(silent, new Cancellation()));
            try (ProviderResponse answer = client.send(big, new Cancellation())) {
                fails(Kind.TOO_LARGE, () -> answer.readAll(99));
            }
            Cancellation cancellation = new Cancellation();
            Thread.ofVirtual().start(() -> cancellation.cancel("the caller left"));
            fails(Kind.CANCELLED, () -> client.send(silent, cancellation));
            fails(Kind.CANCELLED, () -> client.send(silent, cancellation));
        }
        assertThatThrownBy(() -> clients.open(new Settings("acme", URI.create("ftp://x"))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hyperspot.http.client.GuardedHttp.Request;
import io.hyperspot.http.client.GuardedHttp.Response;
import io.hyperspot.http.client.ProviderClient.Header;
import io.hyperspot.http.client.ProviderClients.Retries;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import io.hyperspot.modkit.Cancellation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@Timeout(60)
final class GuardedHttpTest extends GuardFixture {
    @Test
    void sendsARequestToTheAddressThatWasChecked() throws Exception {
        echo("/hook");
        Request request = new Request(
                "POST",
                url("A.Example", "/hook?x=%20y#part"),
                List.of(new Header("Authorization", "Bearer k"), new Header("Content-Type", "application/json")),
                "{}".getBytes(StandardCharsets.UTF_8),
                Duration.ofSeconds(20),
                1 << 20,
                0);
        Response response = client.send(request, new Cancellation());
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers()).containsEntry("x-two", List.of("1", "2"));
        assertThat(text(response))
                .startsWith("POST /hook?x=%20y\n")
                .contains("host: a.example:" + port + "\n")
                .contains("authorization: Bearer k\n")
                .contains("content-type: application/json\n")
                .endsWith("\n\n{}");
        assertThat(dialled).extracting(InetAddress::getHostAddress).containsExactly(PUBLIC);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:PORT/", "http://[::1]:PORT/", "http://169.254.169.254/latest/meta-data/",
                "http://[::ffff:127.0.0.1]:PORT/", "http://2130706433:PORT/", "http://0:PORT/", "http://10.1:PORT/",
                "http://inner.example:PORT/", "http://mixed.example:PORT/", "ftp://a.example/", "file:///etc/passwd",
                "http:/a.example/", "//a.example:PORT/", "http://user:pw@a.example:PORT/", "http://a.example:22/",
                "http://a.example:0/", "https://a.example:8443/", "http:///x", "gopher://a.example:PORT/",
            })
    void refusesWithoutSendingAnything(String template) {
        names.put("inner.example", new String[] {"10.0.0.7"});
        names.put("mixed.example", new String[] {PUBLIC, "127.0.0.1"});
        UpstreamException failure = failure(get(URI.create(template.replace("PORT", String.valueOf(port)))));
        assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(Kind.FORBIDDEN);
        assertThat(failure).hasMessageNotContaining("10.0.0.7").hasMessageNotContaining("pw");
        assertThat(dialled).isEmpty();
    }

    @Test
    void neverResolvesAgainBetweenCheckAndConnection() throws Exception {
        AtomicInteger lookups = new AtomicInteger();
        echo("/");
        GuardedHttpClient rebound = new GuardedHttpClient(
                new SimpleMeterRegistry(),
                host -> InetAddress.getAllByName(lookups.incrementAndGet() == 1 ? PUBLIC : "127.0.0.1"),
                this::dial,
                SSLContext.getDefault(),
                Set.of(port),
                4, retries(Retries.NONE));
        try {
            assertThat(rebound.send(get(url("rebind.example", "/")), new Cancellation()).status()).isEqualTo(200);
            assertThat(lookups).hasValue(1);
            assertThat(dialled).extracting(InetAddress::getHostAddress).containsExactly(PUBLIC);
            UpstreamException second = catchThrowableOfType(
                    UpstreamException.class,
                    () -> rebound.send(get(url("rebind.example", "/")), new Cancellation()));
            assertThat(second.kind()).isEqualTo(Kind.FORBIDDEN);
        } finally {
            rebound.stop();
        }
    }

    @Test
    void reallyRefusesThisMachineInProduction() throws Exception {
        GuardedHttpClient production =
                new GuardedHttpClient(new SimpleMeterRegistry(), config(String.valueOf(port)));
        try {
            for (String host : List.of("localhost", "127.0.0.1", "[::1]")) {
                UpstreamException failure = catchThrowableOfType(
                        UpstreamException.class, () -> production.send(get(url(host, "/")), new Cancellation()));
                assertThat(failure.kind()).isEqualTo(Kind.FORBIDDEN);
            }
        } finally {
            production.stop();
        }
    }

    private static GuardConfig config(String... ports) {
        return (GuardConfig) Proxy.newProxyInstance(
                GuardConfig.class.getClassLoader(),
                new Class<?>[] {GuardConfig.class},
                (proxy, method, args) ->
                        method.getName().equals("allowed__ports") ? ports : method.getDefaultValue());
    }

    @Test
    void limitsTheBodyAfterDecompression() throws Exception {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bomb)) {
            zip.write(new byte[50 << 20]);
        }
        ByteArrayOutputStream small = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(small)) {
            zip.write("hello".getBytes(StandardCharsets.UTF_8));
        }
        server.createContext(
                "/bomb", exchange -> answer(exchange, 200, bomb.toByteArray(), "Content-Encoding", "gzip"));
        server.createContext(
                "/small", exchange -> answer(exchange, 200, small.toByteArray(), "Content-Encoding", "gzip"));
        server.createContext("/large", exchange -> answer(exchange, 200, new byte[(1 << 20) + 1]));
        server.createContext("/exact", exchange -> answer(exchange, 200, new byte[1 << 20]));
        server.createContext(
                "/broken", exchange -> answer(exchange, 200, new byte[] {1, 2, 3}, "Content-Encoding", "gzip"));
        assertThat(failure(get(url("a.example", "/bomb"))).kind()).isEqualTo(Kind.TOO_LARGE);
        assertThat(failure(get(url("a.example", "/large"))).kind()).isEqualTo(Kind.TOO_LARGE);
        assertThat(failure(get(url("a.example", "/broken"))).kind()).isIn(Kind.PROTOCOL, Kind.CLOSED);
        assertThat(client.send(get(url("a.example", "/exact")), new Cancellation()).body()).hasSize(1 << 20);
        Response response = client.send(get(url("a.example", "/small")), new Cancellation());
        assertThat(text(response)).isEqualTo("hello");
        assertThat(response.headers()).doesNotContainKeys("content-encoding", "content-length");
    }

    @Test
    void keepsItsTimeoutAndItsCallersCancellation() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(2);
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            threads.execute(() -> {
                for (int i = 0; i < 2; i++) {
                    try (Socket socket = silent.accept()) {
                        byte[] buffer = new byte[4096];
                        while (socket.getInputStream().read(buffer) >= 0) {
                            asked.countDown();
                        }
                    } catch (IOException e) {
                        // A reset is a way to leave too.
                    }
                    left.countDown();
                }
            });
            client.stop();
            client = new GuardedHttpClient(
                    registry, this::resolve, this::dial, SSLContext.getDefault(), Set.of(silent.getLocalPort()), 16, retries(Retries.NONE));
            URI url = URI.create("http://a.example:" + silent.getLocalPort() + "/");
            Cancellation cancellation = new Cancellation();
            Future<UpstreamException> running = threads.submit(() ->
                    catchThrowableOfType(UpstreamException.class, () -> client.send(get(url), cancellation)));
            asked.await();
            cancellation.cancel("the client left");
            assertThat(running.get().kind()).isEqualTo(Kind.CANCELLED);
            UpstreamException late = failure(new Request(
                    "GET", url, List.of(), new byte[0], Duration.ofMillis(300), 1 << 20, 5));
            assertThat(late.kind()).isEqualTo(Kind.TIMEOUT);
            left.await();
        }
    }

    @Test
    void keepsItsTimeoutWhenANameServerHangs() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        GuardedHttpClient hanging = new GuardedHttpClient(
                new SimpleMeterRegistry(),
                host -> {
                    try {
                        over.await();
                    } catch (InterruptedException e) {
                        // As a real lookup: it does not notice.
                        Thread.currentThread().interrupt();
                    }
                    throw new UnknownHostException(host);
                },
                this::dial,
                SSLContext.getDefault(),
                Set.of(port),
                1, retries(Retries.NONE));
        try {
            Request request =
                    new Request("GET", url("slow.example", "/"), List.of(), new byte[0], Duration.ofMillis(200), 10, 0);
            UpstreamException failure = catchThrowableOfType(
                    UpstreamException.class, () -> hanging.send(request, new Cancellation()));
            assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
        } finally {
            over.countDown();
            hanging.stop();
        }
    }

    @Test
    void refusesMoreThanItsShare() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        server.createContext("/wait", exchange -> {
            asked.countDown();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            answer(exchange, 204, new byte[0]);
        });
        client.stop();
        client = open(1);
        Future<Response> first = threads.submit(() -> client.send(get(url("a.example", "/wait")), new Cancellation()));
        asked.await();
        assertThat(failure(get(url("a.example", "/wait"))).kind()).isEqualTo(Kind.OVERLOADED);
        over.countDown();
        assertThat(first.get().status()).isEqualTo(204);
        await().untilAsserted(() -> assertThat(
                        client.send(get(url("a.example", "/wait")), new Cancellation()).status())
                .isEqualTo(204));
    }

    @Test
    void triesTheNextAddressWhenOneDoesNotConnect() throws Exception {
        echo("/");
        int free;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = closed.getLocalPort();
        }
        names.put("two.example", new String[] {"8.8.4.4", PUBLIC});
        client.stop();
        client = new GuardedHttpClient(
                registry,
                this::resolve,
                checked -> {
                    dialled.add(checked);
                    // Nobody listens on the second loopback address.
                    return checked.getHostAddress().equals(PUBLIC)
                            ? InetAddress.getLoopbackAddress()
                            : loopback(2);
                },
                SSLContext.getDefault(),
                Set.of(port, free),
                4, retries(Retries.NONE));
        assertThat(client.send(get(url("two.example", "/")), new Cancellation()).status()).isEqualTo(200);
        assertThat(dialled).hasSize(2);
        UpstreamException failure = failure(get(URI.create("http://two.example:" + free + "/")));
        assertThat(failure.kind()).isEqualTo(Kind.CONNECT);
        assertThat(failure(get(URI.create("http://unknown.example:" + free + "/"))).kind()).isEqualTo(Kind.CONNECT);
    }

    private static InetAddress loopback(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void reportsWhatBreaksTheProtocol() throws Exception {
        try (ServerSocket broken = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Queue<String> answers = new ConcurrentLinkedQueue<>(List.of(
                    "HTTP/9.9 abc\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nA: " + "x".repeat(100_000) + "\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
                    "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                    ""));
            threads.execute(() -> {
                for (String answer; (answer = answers.poll()) != null; ) {
                    try (Socket socket = broken.accept()) {
                        assertThat(socket.getInputStream().read(new byte[4096])).isPositive();
                        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                        socket.shutdownOutput();
                        assertThat(socket.getInputStream().read()).isNegative();
                    } catch (IOException e) {
                        // The client has seen enough.
                    }
                }
            });
            client.stop();
            client = new GuardedHttpClient(
                    registry, this::resolve, this::dial, SSLContext.getDefault(), Set.of(broken.getLocalPort()), 4, retries(Retries.NONE));
            URI url = URI.create("http://a.example:" + broken.getLocalPort() + "/");
            for (Kind kind : List.of(Kind.PROTOCOL, Kind.TOO_LARGE, Kind.CLOSED, Kind.PROTOCOL, Kind.CLOSED)) {
                UpstreamException failure = failure(get(url));
                assertThat(failure.kind()).as(failure.toString()).isEqualTo(kind);
            }
        }
    }

    @Test
    void logsNoCredentialHoweverMuchIsLogged() throws Exception {
        echo("/");
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        root.setLevel(Level.TRACE);
        try {
            Request request = new Request(
                    "POST",
                    url("a.example", "/"),
                    List.of(new Header("Authorization", "Bearer hidden-1")),
                    "hidden-2".getBytes(StandardCharsets.UTF_8),
                    Duration.ofSeconds(20),
                    1 << 20,
                    0);
            assertThat(text(client.send(request, new Cancellation()))).contains("hidden-1", "hidden-2");
        } finally {
            root.setLevel(before);
            root.detachAppender(log);
        }
        assertThat(List.copyOf(log.list))
                .isNotEmpty()
                .extracting(ILoggingEvent::getFormattedMessage)
                .noneMatch(message -> message.contains("hidden"));
    }

    @Test
    void refusesRequestsThatItCannotVouchFor() {
        URI url = url("a.example", "/");
        for (String name : List.of("Host", "Content-Length", "transfer-encoding", "Connection", "a b", "é")) {
            assertThatIllegalArgumentException().isThrownBy(() -> client.send(
                    new Request("GET", url, List.of(new Header(name, "x")), new byte[0], Duration.ofSeconds(1), 1, 1),
                    new Cancellation()));
        }
        for (String method : List.of("CONNECT", "TRACE", "get", "GET /")) {
            assertThatIllegalArgumentException().isThrownBy(() -> client.send(
                    new Request(method, url, List.of(), new byte[0], Duration.ofSeconds(1), 1, 1),
                    new Cancellation()));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> client.send(
                new Request("GET", url, List.of(), new byte[0], Duration.ZERO, 1, 1), new Cancellation()));
        assertThat(dialled).isEmpty();
    }
}

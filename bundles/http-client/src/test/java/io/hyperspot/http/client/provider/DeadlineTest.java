// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import static io.hyperspot.http.client.provider.Fixture.GET;
import static io.hyperspot.http.client.provider.Fixture.POST;
import static io.hyperspot.http.client.provider.Fixture.failure;
import static io.hyperspot.http.client.provider.Fixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderClient.Request;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import io.hyperspot.modkit.Cancellation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class DeadlineTest extends OnLoopback {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final String STALLED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n";

    /** Sends this, then nothing until the client has closed. */
    private static ScriptedServer stalling(String answer) throws Exception {
        return new ScriptedServer(peer -> {
            peer.request();
            peer.send(answer);
            peer.awaitClose();
        });
    }

    @Test
    void keepsTheConnectDeadlineWhenNobodyAccepts() throws Exception {
        List<Socket> backlog = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // Linux drops further handshakes when the queue of a listener is full.
            for (int i = 0; i < 3; i++) {
                Socket filler = new Socket();
                backlog.add(filler);
                threads.execute(() -> {
                    try {
                        filler.connect(full.getLocalSocketAddress());
                    } catch (IOException e) {
                        return; // The queue was full, as intended.
                    }
                });
            }
            await().until(() -> backlog.stream().filter(Socket::isConnected).count() >= 2);
            URI base = URI.create("http://127.0.0.1:" + full.getLocalPort());
            try (ProviderClient client = fixture.open(base, SHORT, AMPLE, AMPLE, AMPLE, 10)) {
                UpstreamException failure = failure(client, GET);
                assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
                assertThat(failure).hasMessageContaining("no connection");
            }
        } finally {
            for (Socket socket : backlog) {
                socket.close();
            }
        }
    }

    @Test
    void keepsTheConnectDeadlineDuringATlsHandshake() throws Exception {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.Peer::awaitClose);
                ProviderClient client = fixture.open(server.base("https"), SHORT, AMPLE, AMPLE, AMPLE, 10)) {
            assertThat(failure(client, GET).kind()).isEqualTo(Kind.TIMEOUT);
            await().until(() -> server.ended() == 1);
        }
    }

    @Test
    void keepsTheFirstByteDeadline() throws Exception {
        for (String begin : List.of("", "HTTP/1.1 103 Early Hints\r\n\r\n", "HTTP/1.1 200 OK\r\n")) {
            try (ScriptedServer server = stalling(begin);
                    ProviderClient client = fixture.open(server.base("http"), AMPLE, SHORT, AMPLE, AMPLE, 10)) {
                UpstreamException failure = failure(client, POST);
                assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
                assertThat(failure).hasMessageContaining("no answer");
                await().until(() -> server.ended() == 1);
                assertThat(server.connections()).isEqualTo(1);
            }
        }
    }

    @Test
    void keepsADeadlineWhenNobodyReadsTheRequest() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(peer -> over.await());
                ProviderClient client = fixture.open(server.base("http"), AMPLE, SHORT, AMPLE, AMPLE, 10)) {
            Request huge = new Request("POST", "/", List.of(), new byte[64 << 20]);
            assertThat(failure(client, huge).kind()).isEqualTo(Kind.TIMEOUT);
            over.countDown();
        }
    }

    @Test
    void keepsTheIdleDeadlineWithinABody() throws Exception {
        for (String begin : List.of(STALLED, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok", "HTTP/1.1 200 OK\r\n\r\nok")) {
            try (ScriptedServer server = stalling(begin);
                    ProviderClient client = fixture.open(server.base("http"), AMPLE, AMPLE, SHORT, AMPLE, 10);
                    ProviderResponse answer = client.send(GET, new Cancellation())) {
                assertThat(answer.read(new byte[10], 0, 10)).isEqualTo(2);
                UpstreamException failure =
                        catchThrowableOfType(UpstreamException.class, () -> answer.read(new byte[10], 0, 10));
                assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
                assertThat(failure).hasMessageContaining("silence");
            }
        }
    }

    @Test
    void doesNotCountItsCallersPauseAsSilence() throws Exception {
        CountDownLatch paused = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.request();
                    peer.send(STALLED);
                    paused.await();
                    peer.send("0\r\n\r\n");
                    peer.awaitClose();
                });
                ProviderClient client = fixture.open(server.base("http"), AMPLE, AMPLE, SHORT, AMPLE, 10);
                ProviderResponse answer = client.send(GET, new Cancellation())) {
            assertThat(answer.read(new byte[10], 0, 10)).isEqualTo(2);
            long begin = System.nanoTime();
            await().until(() -> System.nanoTime() - begin > 3 * SHORT.toNanos());
            paused.countDown();
            assertThat(answer.read(new byte[10], 0, 10)).isEqualTo(-1);
        }
    }

    @Test
    void keepsTheTotalDeadlineAgainstDrippingBytes() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        for (String begin : List.of("HTTP/1.1 200 OK\r\nA: ", "HTTP/1.1 200 OK\r\n\r\n")) {
            try (ScriptedServer server = new ScriptedServer(peer -> {
                        peer.request();
                        peer.send(begin);
                        while (!over.get()) {
                            peer.send("x");
                            Thread.sleep(20);
                        }
                    });
                    ProviderClient client = fixture.open(server.base("http"), AMPLE, AMPLE, AMPLE, SHORT, 10)) {
                assertThat(failure(client, GET).kind()).isEqualTo(Kind.TIMEOUT);
                await().until(() -> server.ended() == 1);
            }
        }
        over.set(true);
    }

    @Test
    void keepsTheTotalDeadlineWhileItsCallerPauses() throws Exception {
        try (ScriptedServer server = stalling(STALLED);
                ProviderClient client = fixture.open(server.base("http"), AMPLE, AMPLE, AMPLE, SHORT, 10);
                ProviderResponse answer = client.send(GET, new Cancellation())) {
            await().until(() -> server.ended() == 1);
            UpstreamException failure =
                    catchThrowableOfType(UpstreamException.class, () -> answer.read(new byte[10], 0, 10));
            assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
        }
    }

    @Test
    void stopsWaitingForAHeadWhenCancelled() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.request();
                    asked.countDown();
                    peer.awaitClose();
                });
                ProviderClient client = fixture.open(server.base("http"))) {
            Cancellation cancellation = new Cancellation();
            Future<UpstreamException> running = threads.submit(() ->
                    catchThrowableOfType(UpstreamException.class, () -> client.send(POST, cancellation)));
            asked.await();
            cancellation.cancel("the client left");
            assertThat(running.get().kind()).isEqualTo(Kind.CANCELLED);
            await().until(() -> server.ended() == 1);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void stopsReadingABodyWhenCancelled() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        try (ScriptedServer server = stalling(STALLED);
                ProviderClient client = fixture.open(server.base("http"))) {
            Cancellation cancellation = new Cancellation();
            Future<UpstreamException> running = threads.submit(() -> {
                try (ProviderResponse answer = client.send(GET, cancellation)) {
                    answer.read(new byte[10], 0, 10);
                    reading.countDown();
                    return catchThrowableOfType(
                            UpstreamException.class, () -> answer.read(new byte[10], 0, 10));
                }
            });
            reading.await();
            cancellation.cancel("the client left");
            assertThat(running.get().kind()).isEqualTo(Kind.CANCELLED);
            await().until(() -> server.ended() == 1);
        }
    }

    @Test
    void sendsNothingWhenCancelledBefore() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering("HTTP/1.1 204 x\r\n\r\n");
                ProviderClient client = fixture.open(server.base("http"))) {
            Cancellation cancellation = new Cancellation();
            cancellation.cancel("early");
            UpstreamException failure =
                    catchThrowableOfType(UpstreamException.class, () -> client.send(GET, cancellation));
            assertThat(failure.kind()).isEqualTo(Kind.CANCELLED);
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void doesNotLetALateCancellationTouchTheNextExchange() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                ProviderClient client = fixture.open(server.base("http"))) {
            Cancellation first = new Cancellation();
            try (ProviderResponse answer = client.send(GET, first)) {
                answer.readAll(10);
            }
            ProviderResponse second = client.send(GET, new Cancellation());
            first.cancel("late");
            assertThat(second.readAll(10)).hasSize(2);
            second.close();
            assertThat(text(client, GET)).isEqualTo("ok");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void stopsWhenItsThreadIsInterrupted() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.request();
                    asked.countDown();
                    peer.awaitClose();
                });
                ProviderClient client = fixture.open(server.base("http"))) {
            CountDownLatch cancelled = new CountDownLatch(1);
            Thread caller = Thread.startVirtualThread(() -> {
                if (failure(client, POST).kind() == Kind.CANCELLED) {
                    cancelled.countDown();
                }
            });
            asked.await();
            caller.interrupt();
            cancelled.await();
            assertThat(server.connections()).isEqualTo(1);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import static io.hyperspot.http.client.provider.Fixture.GET;
import static io.hyperspot.http.client.provider.Fixture.POST;
import static io.hyperspot.http.client.provider.Fixture.failure;
import static io.hyperspot.http.client.provider.Fixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderClients.Settings;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import io.hyperspot.modkit.Cancellation;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class PoolTest extends OnLoopback {
    private double connections() {
        return fixture.registry().get("http.client.connections").tag("provider", "acme").gauge().value();
    }

    private double requests(String outcome) {
        return fixture.registry().get("http.client.requests").tag("outcome", outcome).counter().count();
    }

    @Test
    void opensNoMoreConnectionsThanAllowed() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    while (true) {
                        peer.request();
                        most.accumulateAndGet(now.incrementAndGet(), Math::max);
                        LockSupport.parkNanos(100_000);
                        now.decrementAndGet();
                        peer.send(OK);
                    }
                });
                ProviderClient client = fixture.open(server.base("http"), AMPLE, AMPLE, AMPLE, AMPLE, 3)) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                answers.add(threads.submit(() -> text(client, POST)));
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get()).isEqualTo("ok");
            }
            assertThat(most).hasValueLessThanOrEqualTo(3);
            assertThat(server.connections()).isLessThanOrEqualTo(3);
            assertThat(connections()).isEqualTo(server.connections());
            assertThat(requests("2xx")).isEqualTo(300);
        }
        assertThat(fixture.registry().getMeters()).isEmpty();
    }

    @Test
    void refusesACallWhenAllConnectionsStayInUse() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(OK);
                ProviderClient client =
                        fixture.open(server.base("http"), Duration.ofMillis(200), AMPLE, AMPLE, AMPLE, 1)) {
            try (ProviderResponse first = client.send(GET, new Cancellation())) {
                assertThat(first.status()).isEqualTo(200);
                assertThat(failure(client, GET).kind()).isEqualTo(Kind.OVERLOADED);
                Cancellation cancellation = new Cancellation();
                Future<UpstreamException> waiting = threads.submit(
                        () -> catchThrowableOfType(UpstreamException.class, () -> client.send(GET, cancellation)));
                cancellation.cancel("the client left");
                assertThat(waiting.get().kind()).isEqualTo(Kind.CANCELLED);
            }
            assertThat(text(client, GET)).isEqualTo("ok");
        }
    }

    @Test
    void usesTheConnectionThatWasUsedLast() throws Exception {
        List<Integer> served = new ArrayList<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    while (true) {
                        peer.request();
                        synchronized (served) {
                            served.add(peer.number());
                        }
                        peer.send(OK);
                    }
                });
                ProviderClient client = fixture.open(server.base("http"))) {
            ProviderResponse first = client.send(GET, new Cancellation());
            ProviderResponse second = client.send(GET, new Cancellation());
            first.readAll(10);
            second.readAll(10);
            first.close();
            second.close();
            text(client, GET);
            text(client, GET);
            assertThat(served).containsExactly(1, 2, 2, 2);
        }
    }

    @Test
    void closesConnectionsThatWereIdleForTooLong() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(OK)) {
            Endpoint endpoint = new Endpoint(server.base("http"), () -> {
                throw new AssertionError("not for http");
            });
            ConnectionPool pool = new ConnectionPool(endpoint, 10, Duration.ofSeconds(5).toNanos());
            long now = System.nanoTime();
            Exchange exchange = new Exchange("acme", now, AMPLE.toNanos(), now + AMPLE.toNanos());
            Connection connection = pool.take(exchange);
            exchange.finish();
            pool.giveBack(connection);
            pool.sweep(System.nanoTime());
            assertThat(pool.open()).hasSize(1);
            pool.sweep(System.nanoTime() + Duration.ofSeconds(6).toNanos());
            assertThat(pool.open()).isEmpty();
            await().until(() -> server.ended() == 1);
        }
    }

    @Test
    void closesIdleConnectionsAtOnceAndTheOthersWhenTheirAnswersEnd() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(OK)) {
            ProviderClient client = fixture.open(server.base("http"));
            ProviderResponse first = client.send(GET, new Cancellation());
            text(client, GET);
            assertThat(server.connections()).isEqualTo(2);
            client.close();
            client.close();
            await().until(() -> server.ended() == 1);
            assertThat(first.readAll(10)).hasSize(2);
            first.close();
            await().until(() -> server.ended() == 2);
            assertThat(failure(client, GET).kind()).isEqualTo(Kind.CONNECT);
        }
    }

    @Test
    void endsWhatIsGoingOnWhenTheModuleStops() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        Fixture other = new Fixture();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.request();
            asked.countDown();
            peer.awaitClose();
        })) {
            ProviderClient client = other.open(server.base("http"));
            Future<UpstreamException> running = threads.submit(() -> failure(client, GET));
            asked.await();
            other.close();
            assertThat(running.get().kind()).isEqualTo(Kind.CANCELLED);
            assertThat(other.registry().getMeters()).isEmpty();
        }
    }

    @Test
    void reportsWhoIsNotThere() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        try (ProviderClient client = fixture.open(URI.create("http://127.0.0.1:" + port))) {
            UpstreamException failure = failure(client, GET);
            assertThat(failure.kind()).isEqualTo(Kind.CONNECT);
            assertThat(failure).hasMessageContaining("acme").hasMessageContaining("127.0.0.1:" + port);
            assertThat(requests("connect")).isEqualTo(1);
        }
        try (ProviderClient client = fixture.open(URI.create("http://does-not-exist.invalid"))) {
            assertThat(failure(client, GET).kind()).isEqualTo(Kind.CONNECT);
        }
    }

    @Test
    void resolvesNames() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(OK);
                ProviderClient client = fixture.open(URI.create("http://localhost:" + server.port() + "/"))) {
            assertThat(text(client, GET)).isEqualTo("ok");
        }
    }

    @Test
    void sharesItsMetersBetweenTwoClientsOfOneProvider() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(OK)) {
            ProviderClient old = fixture.open(server.base("http"));
            ProviderClient successor = fixture.open(server.base("http"));
            text(old, GET);
            text(successor, GET);
            assertThat(connections()).isEqualTo(2);
            old.close();
            text(successor, GET);
            assertThat(requests("2xx")).isEqualTo(3);
            successor.close();
            assertThat(fixture.registry().getMeters()).isEmpty();
        }
    }

    @Test
    void hasDefaultsForAProviderOfWhichNothingIsKnown() {
        assertThat(new Settings("x", URI.create("http://h")).maxConnections()).isPositive();
        assertThatThrownBy(() -> fixture.open(URI.create("x"))).isInstanceOf(IllegalArgumentException.class);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import static io.hyperspot.http.client.provider.Fixture.GET;
import static io.hyperspot.http.client.provider.Fixture.failure;
import static io.hyperspot.http.client.provider.Fixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderClients.Breaking;
import io.hyperspot.http.client.ProviderClients.Retries;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import io.hyperspot.modkit.Cancellation;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A provider that does not answer is left alone. */
@Timeout(60)
final class BreakingTest extends OnLoopback {
    private double state() {
        return fixture.registry().get("http.client.breaker.state").tag("provider", "acme").gauge().value();
    }

    private static boolean succeeds(ProviderClient client) {
        try {
            return text(client, GET).equals("ok");
        } catch (UpstreamException e) {
            return false;
        }
    }

    @Test
    void tellsWhyAProviderIsNotCalledAndForHowLong() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.request();
                    requests.incrementAndGet();
                });
                ProviderClient client = fixture.open(
                        server.base("http"), AMPLE, Retries.NONE, new Breaking(3, Duration.ofMinutes(5)))) {
            assertThat(state()).isZero();
            for (int i = 0; i < 3; i++) {
                assertThat(failure(client, GET).kind()).isEqualTo(Kind.CLOSED);
            }
            UpstreamException refused = failure(client, GET);
            assertThat(refused.kind()).isEqualTo(Kind.OVERLOADED);
            assertThat(refused.getMessage())
                    .startsWith("provider acme (127.0.0.1:" + server.port() + ") is not called for another ")
                    .contains(" s after 3 failures: last it closed the connection before it answered");
            assertThat(refused.retryAfter().orElseThrow()).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
            assertThat(requests).hasValue(3);
            assertThat(state()).isEqualTo(2);
        }
    }

    @Test
    void countsEveryAttemptAndDoesNotRetryOnceItIsOpen() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.request();
                    requests.incrementAndGet();
                });
                ProviderClient client = fixture.open(
                        server.base("http"), AMPLE, Retries.DEFAULT, new Breaking(2, Duration.ofMinutes(5)))) {
            UpstreamException failure = failure(client, GET);
            assertThat(failure.kind()).as("what happened, not that it is open now").isEqualTo(Kind.CLOSED);
            assertThat(failure).hasMessageEndingWith("tried 2 times");
            assertThat(requests).hasValue(2);
        }
    }

    @Test
    void letsOneCallThroughAndComesBackWithItsAnswer() throws Exception {
        AtomicBoolean well = new AtomicBoolean();
        CountDownLatch probed = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    while (true) {
                        peer.request();
                        if (!well.get()) {
                            return;
                        }
                        probed.countDown();
                        answer.await();
                        peer.send(OK);
                    }
                });
                ProviderClient client = fixture.open(
                        server.base("http"), AMPLE, Retries.NONE, new Breaking(1, Duration.ofSeconds(3)))) {
            assertThat(failure(client, GET).kind()).isEqualTo(Kind.CLOSED);
            well.set(true);
            Future<?> probe = threads.submit(() -> await().until(() -> succeeds(client)));
            probed.await();
            assertThat(state()).isEqualTo(1);
            UpstreamException refused = failure(client, GET);
            assertThat(refused.kind()).isEqualTo(Kind.OVERLOADED);
            assertThat(refused).hasMessageContaining("until one call has shown that it answers again");
            answer.countDown();
            probe.get();
            assertThat(text(client, GET)).isEqualTo("ok");
            assertThat(state()).isZero();
        }
    }

    @Test
    void doesNotBlameTheProviderForCallersThatLeave() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.request();
                    requests.incrementAndGet();
                    peer.awaitClose();
                });
                ProviderClient client = fixture.open(
                        server.base("http"), AMPLE, Retries.NONE, new Breaking(1, Duration.ofMinutes(5)))) {
            for (int i = 1; i <= 3; i++) {
                int number = i;
                Cancellation cancellation = new Cancellation();
                Future<UpstreamException> call = threads.submit(
                        () -> catchThrowableOfType(UpstreamException.class, () -> client.send(GET, cancellation)));
                await().until(() -> requests.get() == number);
                cancellation.cancel("the client left");
                assertThat(call.get().kind()).isEqualTo(Kind.CANCELLED);
            }
            assertThat(state()).isZero();
        }
    }
}

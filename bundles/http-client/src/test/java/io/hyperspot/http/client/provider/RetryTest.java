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
import io.hyperspot.http.client.ProviderClients.Breaking;
import io.hyperspot.http.client.ProviderClients.Retries;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import io.hyperspot.modkit.Cancellation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls to a server that misbehaves by a script. */
@Timeout(60)
final class RetryTest extends OnLoopback {
    private static final String CLOSE = "close";

    private final AtomicInteger requests = new AtomicInteger();

    private static String status(int status, String... headers) {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " x\r\nContent-Length: 4\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head + "\r\nsad!";
    }

    /** Answers by the script, whatever the connection; the last line again and again. */
    private ScriptedServer server(String... lines) throws IOException {
        Queue<String> script = new ArrayDeque<>(List.of(lines));
        return new ScriptedServer(peer -> {
            while (true) {
                peer.request();
                requests.incrementAndGet();
                String line;
                synchronized (script) {
                    line = script.size() > 1 ? script.remove() : script.element();
                }
                if (line.equals(CLOSE)) {
                    return;
                }
                peer.send(line);
            }
        });
    }

    private ProviderClient open(ScriptedServer server) {
        return fixture.open(server.base("http"), AMPLE, Retries.DEFAULT, Breaking.NEVER);
    }

    private static int answer(ProviderClient client, Request request) throws UpstreamException {
        try (ProviderResponse answer = client.send(request, new Cancellation())) {
            answer.readAll(100);
            return answer.status();
        }
    }

    private double retries(String result) {
        return fixture.registry().get("http.client.retries").tag("result", result).counter().count();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 502, 503, 504})
    void repeatsAnIdempotentCallUntilItSucceeds(int status) throws Exception {
        try (ScriptedServer server = server(status(status), CLOSE, OK);
                ProviderClient client = open(server)) {
            assertThat(text(client, GET)).isEqualTo("ok");
            assertThat(requests).hasValue(3);
            assertThat(retries("made")).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 500, 501})
    void handsOnWhatWouldFailAgain(int status) throws Exception {
        try (ScriptedServer server = server(status(status), OK);
                ProviderClient client = open(server)) {
            assertThat(answer(client, GET)).isEqualTo(status);
            assertThat(requests).hasValue(1);
        }
    }

    @Test
    void handsOnTheLastAnswerWhenItGivesUp() throws Exception {
        try (ScriptedServer server = server(status(503));
                ProviderClient client = open(server)) {
            assertThat(answer(client, GET)).isEqualTo(503);
            assertThat(requests).hasValue(3);
        }
        try (ScriptedServer server = server(CLOSE);
                ProviderClient client = open(server)) {
            assertThat(failure(client, GET)).hasMessageContaining("closed").hasMessageEndingWith("tried 3 times");
        }
    }

    @Test
    void neverRepeatsAPostThatTheServerMayHaveProcessed() throws Exception {
        for (String line : List.of(status(503), status(429, "Retry-After: 0"), CLOSE)) {
            requests.set(0);
            try (ScriptedServer server = server(line, OK);
                    ProviderClient client = open(server)) {
                if (line.equals(CLOSE)) {
                    assertThat(failure(client, POST).kind()).isEqualTo(Kind.CLOSED);
                } else {
                    assertThat(answer(client, POST)).isNotEqualTo(200);
                }
                assertThat(requests).hasValue(1);
            }
        }
    }

    @Test
    void repeatsAPostThatSaysItIsIdempotent() throws Exception {
        byte[] body = "{}".getBytes(StandardCharsets.US_ASCII);
        Request request = new Request("POST", "/things", List.of(), body, 0, body.length, true);
        try (ScriptedServer server = server(status(502), OK);
                ProviderClient client = open(server)) {
            assertThat(text(client, request)).isEqualTo("ok");
        }
    }

    @Test
    void repeatsAnyCallThatFoundNoConnection() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        URI nobody = URI.create("http://127.0.0.1:" + port);
        try (ProviderClient client = fixture.open(nobody, AMPLE, Retries.DEFAULT, Breaking.NEVER)) {
            UpstreamException failure = failure(client, POST);
            assertThat(failure.kind()).isEqualTo(Kind.CONNECT);
            assertThat(failure).hasMessageEndingWith("tried 3 times");
            assertThat(retries("made")).isEqualTo(2);
        }
    }

    @Test
    void waitsAsLongAsTheServerAsksButNoLongerThanItMay() throws Exception {
        long start = System.nanoTime();
        try (ScriptedServer server = server(status(429, "Retry-After: 1"), OK);
                ProviderClient client = open(server)) {
            assertThat(text(client, GET)).isEqualTo("ok");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        }
        requests.set(0);
        try (ScriptedServer server = server(status(429, "Retry-After: 60"), OK);
                ProviderClient client = open(server)) {
            assertThat(answer(client, GET)).isEqualTo(429);
            assertThat(requests).hasValue(1);
        }
        requests.set(0);
        try (ScriptedServer server = server(status(503, "Retry-After: 5"), OK);
                ProviderClient client = fixture.open(
                        server.base("http"), Duration.ofSeconds(4), Retries.DEFAULT, Breaking.NEVER)) {
            assertThat(answer(client, GET)).as("the call's time would be over").isEqualTo(503);
            assertThat(requests).hasValue(1);
        }
    }

    @Test
    void doesNotMultiplyAnOutage() throws Exception {
        try (ScriptedServer server = server(status(503));
                ProviderClient client = open(server)) {
            for (int i = 0; i < 200; i++) {
                assertThat(answer(client, GET)).isEqualTo(503);
            }
            assertThat(requests.get()).isBetween(200, 200 + 200 / 10 + 10);
            assertThat(retries("over_budget")).isPositive();
        }
    }

    @Test
    void endsAWaitWithTheCallerOrTheClient() throws Exception {
        try (ScriptedServer server = server(status(503, "Retry-After: 10"))) {
            ProviderClient client = open(server);
            Cancellation cancellation = new Cancellation();
            Future<UpstreamException> leaving = threads.submit(
                    () -> catchThrowableOfType(UpstreamException.class, () -> client.send(GET, cancellation)));
            await().until(() -> retries("made") == 1);
            cancellation.cancel("the client left");
            assertThat(leaving.get().kind()).isEqualTo(Kind.CANCELLED);

            Future<UpstreamException> waiting = threads.submit(() -> failure(client, GET));
            await().until(() -> retries("made") == 2);
            client.close();
            assertThat(waiting.get().kind()).isEqualTo(Kind.CANCELLED);
            assertThat(requests).hasValue(2);
        }
    }
}

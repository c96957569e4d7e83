// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import static io.hyperspot.http.client.provider.Fixture.GET;
import static io.hyperspot.http.client.provider.Fixture.POST;
import static io.hyperspot.http.client.provider.Fixture.failure;
import static io.hyperspot.http.client.provider.Fixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderClient.Header;
import io.hyperspot.http.client.ProviderClient.Request;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import io.hyperspot.modkit.Cancellation;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class AttackTest {
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    private final Fixture fixture = new Fixture();

    @AfterEach
    void stop() {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // the status line
                "SSH-2.0-OpenSSH_9.9\r\n",
                "\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                " HTTP/1.1 200 OK\r\n\r\n",
                "http/1.1 200 OK\r\n\r\n",
                "HTTP/1.2 200 OK\r\n\r\n",
                "HTTP/2 200\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 099 OK\r\n\r\n",
                "HTTP/1.1 600 OK\r\n\r\n",
                "HTTP/1.1 -20 OK\r\n\r\n",
                "HTTP/1.1  200 OK\r\n\r\n",
                "HTTP/1.1\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
                // line ends and control characters
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\n\r\n",
                "HTTP/1.1 200 OK\r\nA: b\rContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nA: b\r\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: \0\r\n\r\n",
                "HTTP/1.1 200 O\u0007K\r\n\r\n",
                // names and folding
                "HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\n Content-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\n: 5\r\n\r\n",
                "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length\u00a0: 5\r\n\r\n",
                // lengths
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\ncontent-length: 6\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5.0\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551621\r\n\r\nhello",
                // codings
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n\r\n0\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                // chunks
                CHUNKED + "-5\r\nhello\r\n0\r\n\r\n",
                CHUNKED + "+5\r\nhello\r\n0\r\n\r\n",
                CHUNKED + "0x5\r\nhello\r\n0\r\n\r\n",
                CHUNKED + " 5\r\nhello\r\n0\r\n\r\n",
                CHUNKED + "5 \r\nhello\r\n0\r\n\r\n",
                CHUNKED + "\r\nhello\r\n0\r\n\r\n",
                CHUNKED + ";x\r\nhello\r\n0\r\n\r\n",
                CHUNKED + "g\r\nhello\r\n0\r\n\r\n",
                CHUNKED + "\u0665\r\nhello\r\n0\r\n\r\n",
                CHUNKED + "5\nhello\n0\n\n",
                CHUNKED + "5\r\nhello0\r\n\r\n",
                CHUNKED + "5\r\nhello\n0\r\n\r\n",
                CHUNKED + "4\r\nhello\r\n0\r\n\r\n",
                CHUNKED + "5\r\rhello\r\n0\r\n\r\n",
                CHUNKED + "5;a\nb\r\nhello\r\n0\r\n\r\n",
                CHUNKED + "ffffffffffffffff\r\nhello\r\n0\r\n\r\n",
                CHUNKED + "10000000000000005\r\nhello\r\n0\r\n\r\n",
                CHUNKED + "0000000000000000000005\r\nhello\r\n0\r\n\r\n",
                CHUNKED + "0\r\nA b: c\r\n\r\n",
                CHUNKED + "0\r\n a: c\r\n\r\n",
                CHUNKED + "0\r\nA: c\n\r\n",
                CHUNKED + "0\r\nA\r\n\r\n",
                CHUNKED + "0\r\n\rX",
            })
    void refusesWhatTwoReadersCouldUnderstandDifferently(String answer) throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.request();
                    peer.send(answer);
                    peer.awaitClose();
                });
                ProviderClient client = fixture.open(server.base("http"))) {
            UpstreamException failure = failure(client, POST);
            assertThat(failure).isNotNull();
            assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(Kind.PROTOCOL);
            // The connection is closed, and the request was not sent a second time.
            await().untilAsserted(() -> assertThat(server.ended()).isEqualTo(1));
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void takesNoChunkExtensionWithoutEnd() throws Exception {
        try (ScriptedServer server = ScriptedServer.answeringOnce(CHUNKED + "5;" + "x".repeat(100_000));
                ProviderClient client = fixture.open(server.base("http"))) {
            assertThat(failure(client, GET).kind()).isEqualTo(Kind.PROTOCOL);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nA: ",
                "HTTP/1.1 200 ",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA",
                CHUNKED + "0\r\nA: ",
            })
    void takesNoHeaderSectionOfTenMegabytes(String begin) throws Exception {
        try (ScriptedServer server = ScriptedServer.answeringOnce(begin + "x".repeat(10_000_000) + "\r\n\r\n");
                ProviderClient client = fixture.open(server.base("http"))) {
            assertThat(failure(client, GET).kind()).isEqualTo(Kind.TOO_LARGE);
        }
    }

    @Test
    void takesNoEndlessRowOfHeadersOrInterimAnswers() throws Exception {
        for (String endless : List.of("A: b\r\n", "\r\nHTTP/1.1 103 Early Hints\r\n")) {
            try (ScriptedServer server = new ScriptedServer(peer -> {
                        peer.request();
                        peer.send("HTTP/1.1 103 Early Hints\r\n");
                        while (true) {
                            peer.send(endless.repeat(100));
                        }
                    });
                    ProviderClient client = fixture.open(server.base("http"))) {
                assertThat(failure(client, GET).kind()).isEqualTo(Kind.TOO_LARGE);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "H",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
                "HTTP/1.1 103 Early Hints\r\n\r\n",
                CHUNKED,
                CHUNKED + "5",
                CHUNKED + "5\r\nhel",
                CHUNKED + "5\r\nhello",
                CHUNKED + "5\r\nhello\r\n",
                CHUNKED + "5\r\nhello\r\n0\r\n",
                CHUNKED + "5\r\nhello\r\n0\r\nA: b\r\n",
            })
    void reportsAnEarlyEnd(String answer) throws Exception {
        try (ScriptedServer server = ScriptedServer.answeringOnce(answer);
                ProviderClient client = fixture.open(server.base("http"))) {
            assertThat(failure(client, POST).kind()).isEqualTo(Kind.CLOSED);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void reportsAReset() throws Exception {
        for (String before : List.of("", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe", CHUNKED + "5\r\nhe")) {
            try (ScriptedServer server = new ScriptedServer(peer -> {
                        peer.request();
                        peer.send(before);
                        peer.reset();
                    });
                    ProviderClient client = fixture.open(server.base("http"))) {
                assertThat(failure(client, POST).kind()).isEqualTo(Kind.CLOSED);
            }
        }
    }

    @Test
    void readsAnAnswerThatComesByteByByte() throws Exception {
        String answer = "HTTP/1.1 103 Early Hints\r\n\r\n" + CHUNKED + "5;x\r\nhello\r\n1\r\n!\r\n0\r\nA: b\r\n\r\n";
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    while (true) {
                        peer.request();
                        for (int i = 0; i < answer.length(); i++) {
                            peer.send(answer.substring(i, i + 1));
                        }
                    }
                });
                ProviderClient client = fixture.open(server.base("http"))) {
            assertThat(text(client, GET)).isEqualTo("hello!");
            assertThat(text(client, GET)).isEqualTo("hello!");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                CHUNKED + "2\r\nok\r\n0\r\n\r\n",
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nContent-Length: 30\r\n\r\n",
            })
    void doesNotTakeBytesBehindAnAnswerForTheNextOne(String answer) throws Exception {
        String poison = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.request();
                    peer.send(answer + poison);
                    peer.awaitClose();
                });
                ProviderClient client = fixture.open(server.base("http"))) {
            for (int i = 1; i <= 3; i++) {
                assertThat(text(client, GET)).isIn("", "ok");
                assertThat(server.connections()).isEqualTo(i);
            }
        }
    }

    @Test
    void doesNotTakeBytesThatCameWhileIdleForTheNextAnswer() throws Exception {
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch poisoned = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    if (peer.number() == 1) {
                        taken.await();
                        peer.send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 6\r\n\r\npoison");
                        poisoned.countDown();
                    }
                    peer.awaitClose();
                });
                ProviderClient client = fixture.open(server.base("http"))) {
            assertThat(text(client, GET)).isEqualTo("ok");
            taken.countDown();
            poisoned.await();
            assertThat(text(client, GET)).isEqualTo("ok");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void sendsOnceMoreWhenAnIdleConnectionWasClosed() throws Exception {
        CountDownLatch close = new CountDownLatch(1);
        AtomicInteger requests = new AtomicInteger();
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.request();
                    requests.incrementAndGet();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    if (peer.number() == 1) {
                        close.await();
                    } else {
                        peer.awaitClose();
                    }
                });
                ProviderClient client = fixture.open(server.base("http"))) {
            assertThat(text(client, POST)).isEqualTo("ok");
            close.countDown();
            await().until(() -> server.ended() == 1);
            assertThat(text(client, POST)).isEqualTo("ok");
            assertThat(server.connections()).isEqualTo(2);
            assertThat(requests).hasValue(2);
        }
    }

    @Test
    void sendsOnceMoreOnlyOnce() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.request();
                    if (peer.number() == 1) {
                        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                        peer.request();
                    }
                });
                ProviderClient client = fixture.open(server.base("http"))) {
            assertThat(text(client, POST)).isEqualTo("ok");
            assertThat(failure(client, POST).kind()).isEqualTo(Kind.CLOSED);
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void sendsNothingTwiceAfterAByteOfAnAnswer() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    peer.request();
                    peer.send("H");
                });
                ProviderClient client = fixture.open(server.base("http"))) {
            assertThat(text(client, POST)).isEqualTo("ok");
            assertThat(failure(client, POST).kind()).isEqualTo(Kind.CLOSED);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void doesNotReuseAConnectionWhoseAnswerWasNotReadToItsEnd() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
                ProviderClient client = fixture.open(server.base("http"))) {
            ProviderResponse answer = client.send(GET, new Cancellation());
            assertThat(answer.read(new byte[3], 0, 3)).isEqualTo(3);
            answer.close();
            answer.close();
            assertThatThrownBy(() -> answer.read(new byte[3], 0, 3)).isInstanceOf(UpstreamException.class);
            await().until(() -> server.ended() == 1);
            assertThat(text(client, GET)).isEqualTo("hello");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void showsNoCredentialInAFailure() throws Exception {
        Request request = new Request(
                "POST",
                "/things?key=hidden-1",
                List.of(new Header("Authorization", "Bearer hidden-2")),
                "hidden-3".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        for (String answer : List.of("", "nonsense", CHUNKED + "x")) {
            try (ScriptedServer server = ScriptedServer.answeringOnce(answer);
                    ProviderClient client = fixture.open(server.base("http"))) {
                StringWriter trace = new StringWriter();
                failure(client, request).printStackTrace(new PrintWriter(trace));
                assertThat(trace.toString()).contains("acme").doesNotContain("hidden");
            }
        }
    }
}

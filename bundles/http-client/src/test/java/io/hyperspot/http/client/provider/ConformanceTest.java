// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.provider;

import static io.hyperspot.http.client.provider.Fixture.GET;
import static io.hyperspot.http.client.provider.Fixture.POST;
import static io.hyperspot.http.client.provider.Fixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderClient.Header;
import io.hyperspot.http.client.ProviderClient.Request;
import io.hyperspot.http.client.ProviderClients.Settings;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import io.hyperspot.modkit.Cancellation;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class ConformanceTest {
    private final Fixture fixture = new Fixture();

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void sendsHeadAndBodyAsTheyWereGiven() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    while (true) {
                        seen.add(peer.request());
                        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Some: Thing \r\n\r\nok");
                    }
                });
                ProviderClient client = fixture.open(server.base("http"))) {
            byte[] body = "..{\"a\":1}..".getBytes(StandardCharsets.US_ASCII);
            Request request =
                    new Request("POST", "/chat?x=%20", List.of(new Header("Authorization", "Bearer k")), body, 2, 7);
            try (ProviderResponse answer = client.send(request, new Cancellation())) {
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("x-SOME")).isEqualTo("Thing");
                assertThat(answer.header("x-other")).isNull();
                assertThat(answer.length()).isEqualTo(2);
                assertThat(new String(answer.readAll(100), StandardCharsets.US_ASCII)).isEqualTo("ok");
            }
            assertThat(seen.take())
                    .isEqualTo("POST /v1/chat?x=%20 HTTP/1.1\r\nHost: 127.0.0.1:" + server.port()
                            + "\r\nAuthorization: Bearer k\r\nContent-Length: 7\r\n\r\n{\"a\":1}");
            byte[] large = "x".repeat(300_000).getBytes(StandardCharsets.US_ASCII);
            text(client, new Request("PUT", "/big", List.of(), large));
            assertThat(seen.take()).endsWith("Content-Length: 300000\r\n\r\n" + "x".repeat(300_000));
            text(client, GET);
            assertThat(seen.take()).isEqualTo("GET /v1/things HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\n\r\n");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200\r\ncontent-length:5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: CHUNKED\r\n\r\n2\r\nhe\r\n0003\r\nllo\r\n000\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b;c=\"d\"\r\nhello\r\n0;last\r\nA: b\r\nC:\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                        + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            })
    void readsEveryProperFormAndKeepsTheConnection(String answer) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(answer);
                ProviderClient client = fixture.open(server.base("http"))) {
            for (int i = 0; i < 3; i++) {
                assertThat(text(client, POST)).isEqualTo("hello");
            }
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.0 200 OK\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: x, Close\r\n\r\nhello",
            })
    void doesNotKeepAConnectionThatEndsWithItsAnswer(String answer) throws Exception {
        try (ScriptedServer server = ScriptedServer.answeringOnce(answer);
                ProviderClient client = fixture.open(server.base("http"))) {
            assertThat(text(client, POST)).isEqualTo("hello");
            assertThat(text(client, POST)).isEqualTo("hello");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
            })
    void endsAtOnceWithoutABody(String answer) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(answer);
                ProviderClient client = fixture.open(server.base("http"))) {
            assertThat(text(client, GET)).isEmpty();
            assertThat(text(client, GET)).isEmpty();
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void expectsNoBodyBehindAHeadRequest() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
                ProviderClient client = fixture.open(server.base("http"))) {
            Request head = new Request("HEAD", "/", List.of(), null);
            assertThat(text(client, head)).isEmpty();
            assertThat(text(client, head)).isEmpty();
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void gathersAllChunksThatHaveArrived() throws Exception {
        String chunks = "1\r\na\r\n".repeat(100);
        try (ScriptedServer server =
                        ScriptedServer.answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\n\r\n");
                ProviderClient client = fixture.open(server.base("http"));
                ProviderResponse answer = client.send(GET, new Cancellation())) {
            byte[] buffer = new byte[4096];
            assertThat(answer.length()).isEqualTo(-1);
            assertThat(answer.read(buffer, 0, buffer.length)).isEqualTo(100);
            assertThat(answer.read(buffer, 0, buffer.length)).isEqualTo(-1);
            assertThat(answer.read(buffer, 0, buffer.length)).isEqualTo(-1);
        }
    }

    @Test
    void passesOnWhatHasArrivedWithoutWaitingForMore() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.request();
                    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\nhel");
                    peer.awaitClose();
                });
                ProviderClient client = fixture.open(server.base("http"));
                ProviderResponse answer = client.send(GET, new Cancellation())) {
            byte[] buffer = new byte[10];
            int count = 0;
            while (count < 3) {
                count += answer.read(buffer, count, buffer.length - count);
            }
            assertThat(new String(buffer, 0, count, StandardCharsets.US_ASCII)).isEqualTo("hel");
        }
    }

    @Test
    void readsALargeBodyInEveryForm() throws Exception {
        String body = "0123456789abcdef".repeat(20_000);
        for (String head : List.of(
                "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body,
                "HTTP/1.1 200 OK\r\n\r\n" + body,
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n")) {
            try (ScriptedServer server = ScriptedServer.answeringOnce(head);
                    ProviderClient client = fixture.open(server.base("http"))) {
                assertThat(text(client, GET)).isEqualTo(body);
            }
        }
    }

    @Test
    void refusesABodyBeyondTheCallersLimit() throws Exception {
        for (String answer : List.of(
                "HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n" + "x".repeat(101),
                "HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(101),
                "HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n")) {
            try (ScriptedServer server = ScriptedServer.answeringOnce(answer);
                    ProviderClient client = fixture.open(server.base("http"));
                    ProviderResponse response = client.send(GET, new Cancellation())) {
                assertThatThrownBy(() -> response.readAll(100))
                        .isInstanceOfSatisfying(
                                UpstreamException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TOO_LARGE));
            }
        }
    }

    @Test
    void takesAnAnswerThatComesBeforeTheWholeRequestWasRead() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nno!");
                    peer.request();
                });
                ProviderClient client = fixture.open(server.base("http"))) {
            assertThat(text(client, POST)).isEqualTo("no!");
        }
    }

    @Test
    void refusesRequestsThatWouldNotBeOneWellFormedRequest() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering("HTTP/1.1 204 x\r\n\r\n");
                ProviderClient client = fixture.open(server.base("http"))) {
            for (String path : List.of("things", "/a b", "/a\r\nX: y", "/ä", "/a#b", "")) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> client.send(new Request("GET", path, List.of(), null), new Cancellation()));
            }
            for (String name : List.of("Host", "content-length", "Transfer-Encoding", "a b", "a:", "ä")) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> client.send(
                                new Request("GET", "/", List.of(new Header(name, "secret")), null), new Cancellation()))
                        .withMessageNotContaining("secret");
            }
            for (String method : List.of("", "GET /", "CONNECT")) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> client.send(new Request(method, "/", List.of(), null), new Cancellation()));
            }
            assertThat(server.connections()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://host/", "//host/", "http:///x", "http://user:secret@host/", "http://host/?q", "http://host/#f",
                "http://host:99999/", "mailto:a@b",
            })
    void refusesBaseUrlsThatCannotBeMeant(String base) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fixture.open(URI.create(base)))
                .withMessageNotContaining("secret");
    }

    @Test
    void refusesSettingsThatCannotWork() {
        URI base = URI.create("http://127.0.0.1:1/");
        Settings usual = new Settings("acme", base);
        assertThatIllegalArgumentException().isThrownBy(() -> fixture.open(
                base, java.time.Duration.ZERO, usual.firstByteTimeout(), usual.idleTimeout(), usual.totalTimeout(), 1));
        assertThatIllegalArgumentException().isThrownBy(() -> fixture.open(
                base,
                usual.connectTimeout(),
                usual.firstByteTimeout(),
                usual.idleTimeout(),
                usual.totalTimeout(),
                0));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.modkit.HealthContributor.State;
import io.hyperspot.security.Authenticator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChainTest extends WebFixture {
    private HttpRequest.Builder with(String token, String path) throws Exception {
        return anonymous(path).header("Authorization", "Bearer " + token);
    }

    @Test
    void letsThroughWhoMayCall() throws Exception {
        start(Map.of());
        assertThat(get("/p/hello").body()).isEqualTo("hello key:good");
        assertThat(send(anonymous("/p/public")).body()).isEqualTo("anyone anonymous");
        assertThat(send(anonymous("/p/hello").header("x-api-key", "good")).statusCode()).isEqualTo(200);
        assertThat(server().health().state()).isEqualTo(State.UP);
    }

    @Test
    void takesAPageOrAProxyForNoDesktopUser() throws Exception {
        authenticator.desktop = true;
        start(Map.of());
        assertThat(send(anonymous("/p/hello")).body()).isEqualTo("hello user:desktop");
        assertThat(send(anonymous("/p/hello").header("Origin", "http://localhost:3000")).statusCode()).isEqualTo(200);
        for (String[] header : new String[][] {
            {"X-Forwarded-For", "10.0.0.1"}, {"Forwarded", "for=10.0.0.1"}, {"Origin", "https://evil.example"},
            {"Origin", "null"}, {"Sec-Fetch-Site", "cross-site"}, {"Authorization", "Bearer stolen"}, {"Authorization", "Basic x"}
        }) {
            problem(send(anonymous("/p/hello").header(header[0], header[1])), 401, "UNAUTHENTICATED");
        }
        try (Socket socket = socket("GET /p/hello HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n")) {
            assertThat(readUntil(socket, "never")).startsWith("HTTP/1.1 401");
        }
    }

    @Test
    void answersEveryRefusalAsAProblem() throws Exception {
        start(Map.of());
        problem(get("/nowhere"), 404, "NO_SUCH_PATH");
        problem(get("/p/nowhere"), 404, "NO_SUCH_PATH");
        problem(get("/pp"), 404, "NO_SUCH_PATH");
        assertThat(problem(send(request("/p/hello").DELETE()), 405, "METHOD_NOT_ALLOWED").path("detail").asText()).contains("GET");
        HttpResponse<String> refused = send(anonymous("/p/hello"));
        assertThat(problem(refused, 401, "UNAUTHENTICATED").path("detail").asText()).isEqualTo("send a credential");
        assertThat(header(refused, "www-authenticate")).startsWith("Bearer");
        problem(send(with("stolen", "/p/hello")), 401, "UNAUTHENTICATED");
        problem(send(anonymous("/p/hello").header("Authorization", "Basic good")), 401, "UNAUTHENTICATED");
        assertThat(problem(send(with("weak", "/p/hello")), 403, "PERMISSION_DENIED").path("detail").asText())
                .contains("gts.hyperspot.test.*:call");
        HttpResponse<String> undecided = send(with("down", "/p/hello"));
        problem(undecided, 503, "CREDENTIAL_STORE_UNAVAILABLE");
        assertThat(header(undecided, "retry-after")).isEqualTo("1");
        HttpResponse<String> busy = get("/p/busy");
        JsonNode body = problem(busy, 429, "BUSY");
        assertThat(body.path("models").get(0).asText()).isEqualTo("a");
        assertThat(header(busy, "retry-after")).isEqualTo("9");
    }

    @Test
    void rendersErrorsInTheShapeOfTheProtocol() throws Exception {
        protocol.ownErrors = true;
        start(Map.of());
        for (var expected : Map.of(
                        "/p/hello", "own:UNAUTHENTICATED", "/p/none", "own:UNAUTHENTICATED", "/p/nowhere", "own:NO_SUCH_PATH")
                .entrySet()) {
            HttpResponse<String> answer = send(anonymous(expected.getKey()));
            assertThat(answer.body()).isEqualTo(expected.getValue());
            assertThat(header(answer, "x-own")).isEqualTo("1");
            assertThat(header(answer, "content-type")).isEqualTo("text/plain");
        }
    }

    @Test
    void listsTheMethodsOfAPath() throws Exception {
        start(Map.of());
        HttpResponse<String> answer = send(request("/p/echo").method("OPTIONS", noBody()));
        problem(answer, 405, "METHOD_NOT_ALLOWED");
        assertThat(header(answer, "allow")).isEqualTo("POST, PUT");
    }

    @Test
    void answersHeadAsGetWithoutABody() throws Exception {
        start(Map.of());
        HttpResponse<String> head = send(request("/p/hello").method("HEAD", noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(header(head, "content-length")).isEqualTo("14");
        assertThat(send(request("/p/echo").method("HEAD", noBody())).statusCode()).isEqualTo(405);
        assertThat(get("/p/hello").body()).isEqualTo("hello key:good");
    }

    @Test
    void hidesWhatFailedInside() throws Exception {
        start(Map.of());
        for (String path : new String[] {"/p/boom", "/p/none"}) {
            HttpResponse<String> answer = get(path);
            JsonNode body = problem(answer, 500, "INTERNAL");
            assertThat(body.path("detail").asText()).contains(header(answer, "x-request-id")).doesNotContain("secret");
        }
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> get("/p/late"));
        assertThat(get("/p/hello").statusCode()).isEqualTo(200);
    }

    @Test
    void decodesPathsAndQueriesAndRefusesWhatIsNoUtf8() throws Exception {
        start(Map.of());
        assertThat(get("/p/wild/a%20b/%E2%82%AC").body()).isEqualTo("/wild/a b/€");
        assertThat(get("/p/query?a=x%20y&a=z").body()).isEqualTo("x y");
        assertThat(get("/p/query").body()).isEqualTo("null");
        for (String path : new String[] {"/p/wild/%ff", "/p/query?a=%ff", "/p/wild/%zz"}) {
            try (Socket socket = socket(head("GET", path, "Connection: close"))) {
                assertThat(readUntil(socket, "never")).as(path).startsWith("HTTP/1.1 400").contains("application/problem+json");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /p/public HTTP/1.1\r\n\r\n", "GET /p/public HTTP/9.9\r\nHost: x\r\n\r\n", "NONSENSE\r\n\r\n",
        "GET /p/public HTTP/1.1\r\nHost: x\r\nContent-Length: nine\r\n\r\n",
        "GET /p/public HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"})
    void answersMalformedHttpWithAProblem(String text) throws Exception {
        start(Map.of());
        try (Socket socket = socket(text)) {
            String answer = readUntil(socket, "never");
            assertThat(answer).matches("(?s)HTTP/1.1 (400|505|501).*application/problem\\+json.*").doesNotContain("Exception", "Jetty");
        }
    }

    @Test
    void refusesHeadersThatAreTooLarge() throws Exception {
        start(Map.of());
        try (Socket socket = socket(head("GET", "/p/public", "X-Large: " + "x".repeat(20_000)))) {
            assertThat(readUntil(socket, "never")).startsWith("HTTP/1.1 431").contains("application/problem+json");
        }
    }

    @Test
    void limitsBodiesBeforeAndWhileReading() throws Exception {
        start(Map.of());
        assertThat(send(request("/p/echo").POST(ofString("x".repeat(FakeProtocol.MAX_BODY)))).body()).hasSize(FakeProtocol.MAX_BODY);
        assertThat(send(request("/p/echo").POST(noBody())).body()).isEmpty();
        problem(send(request("/p/echo").POST(ofString("x".repeat(FakeProtocol.MAX_BODY + 1)))), 413, "BODY_TOO_LARGE");
        HttpRequest.BodyPublisher chunked = HttpRequest.BodyPublishers.ofInputStream(
                () -> new ByteArrayInputStream(new byte[FakeProtocol.MAX_BODY + 1]));
        problem(send(request("/p/echo").POST(chunked)), 413, "BODY_TOO_LARGE");
        HttpRequest.BodyPublisher small = HttpRequest.BodyPublishers.ofInputStream(
                () -> new ByteArrayInputStream("chunks".getBytes(StandardCharsets.UTF_8)));
        assertThat(send(request("/p/echo").POST(small)).body()).isEqualTo("chunks");
    }

    @Test
    void refusesTheCredentialBeforeItReadsTheBody() throws Exception {
        start(Map.of());
        try (Socket socket = socket("POST /p/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nonly a little")) {
            assertThat(readUntil(socket, "\r\n")).startsWith("HTTP/1.1 401");
        }
    }

    @Test
    void saysThatAConnectionEndsWithTheBodyItDidNotRead() throws Exception {
        start(Map.of());
        byte[] much = new byte[1 << 20];
        try (Socket socket = socket(head("POST", "/p/echo", "Content-Length: " + much.length))) {
            assertThat(readUntil(socket, "}")).startsWith("HTTP/1.1 413").containsIgnoringCase("connection: close");
            for (int i = 0; i < 10; i++) {
                socket.getOutputStream().write(much, 0, much.length / 10);
            }
        }
        for (int i = 0; i < 20; i++) {
            HttpResponse<String> refused = send(request("/p/echo").POST(HttpRequest.BodyPublishers.ofByteArray(much)));
            problem(refused, 413, "BODY_TOO_LARGE");
            // not on a connection that is about to close
            assertThat(get("/p/hello").statusCode()).isEqualTo(200);
        }
        HttpResponse<String> small = send(request("/p/echo").POST(ofString("x".repeat(FakeProtocol.MAX_BODY + 1))));
        assertThat(small.statusCode()).isEqualTo(413);
    }

    @Test
    void givesUpOnABodyThatDoesNotCome() throws Exception {
        start(Map.of("body__timeout__seconds", 1));
        try (Socket socket = socket(head("POST", "/p/echo", "Content-Length: 10") + "half")) {
            assertThat(readUntil(socket, "}")).startsWith("HTTP/1.1 408").contains("BODY_TIMEOUT");
        }
    }

    @Test
    void answersABodyThatIsCutOffWithNothingAndGoesOn() throws Exception {
        start(Map.of());
        try (Socket socket = socket(head("POST", "/p/echo", "Content-Length: 10", "X-Request-Id: cut") + "half")) {
            socket.shutdownOutput();
            readUntil(socket, "never");
        }
        assertThat(accessLine("cut")).contains("operation=/p/echo");
        assertThat(get("/p/hello").statusCode()).isEqualTo(200);
    }

    @Test
    void answersMoreThanItTakesWith503AndTryAgain() throws Exception {
        start(Map.of("max__in__flight", 1));
        CompletableFuture<HttpResponse<String>> first =
                client.sendAsync(request("/p/gate").build(), HttpResponse.BodyHandlers.ofString());
        await().until(() -> protocol.waiting.get() == 1);
        HttpResponse<String> second = get("/p/hello");
        problem(second, 503, "TOO_MANY_IN_FLIGHT");
        assertThat(header(second, "retry-after")).isEqualTo("1");
        protocol.gate.countDown();
        assertThat(first.get().body()).isEqualTo("through");
        await().until(() -> get("/p/hello").statusCode() == 200);
    }

    @Test
    void answersOnlyPublicOperationsWithoutASecurityModule() throws Exception {
        WebServer server = start(Map.of());
        Authenticator other = new FakeAuthenticator();
        server.unbindAuthenticator(other);
        assertThat(get("/p/hello").statusCode()).isEqualTo(200);
        server.bindAuthenticator(other);
        server.unbindAuthenticator(other);
        problem(get("/p/hello"), 503, "SECURITY_NOT_STARTED");
        assertThat(get("/p/public").statusCode()).isEqualTo(200);
        assertThat(server.health().state()).isEqualTo(State.DOWN);
        assertThat(server.health().reason()).contains("security");
    }

    @Test
    void allowsBrowsersOnlyFromTheConfiguredOrigins() throws Exception {
        start(Map.of("cors__allowed__origins", new String[] {"https://app.example"}));
        HttpResponse<String> preflight = send(anonymous("/p/hello")
                .method("OPTIONS", noBody())
                .header("Origin", "https://app.example")
                .header("Access-Control-Request-Method", "GET")
                .header("Access-Control-Request-Headers", "authorization"));
        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(header(preflight, "access-control-allow-origin")).isEqualTo("https://app.example");
        assertThat(header(preflight, "access-control-allow-headers")).isEqualTo("authorization");
        assertThat(header(preflight, "access-control-allow-methods")).contains("DELETE");
        HttpResponse<String> error = send(anonymous("/p/hello").header("Origin", "https://app.example"));
        assertThat(error.statusCode()).isEqualTo(401);
        assertThat(header(error, "access-control-allow-origin")).isEqualTo("https://app.example");
        assertThat(header(error, "access-control-expose-headers")).contains("X-Request-Id");
        HttpResponse<String> foreign = send(anonymous("/p/hello")
                .method("OPTIONS", noBody())
                .header("Origin", "https://evil.example")
                .header("Access-Control-Request-Method", "GET"));
        assertThat(foreign.statusCode()).isEqualTo(405);
        assertThat(header(foreign, "access-control-allow-origin")).isEmpty();
        assertThat(foreign.headers().allValues("vary")).contains("Origin");
    }

    @Test
    void allowsAnyOriginWhenToldSoAndNoneByDefault() throws Exception {
        start(Map.of());
        assertThat(header(send(request("/p/hello").header("Origin", "https://a")), "access-control-allow-origin")).isEmpty();
        stopServer();
        start(Map.of("cors__allowed__origins", new String[] {"*"}));
        assertThat(header(send(request("/p/hello").header("Origin", "https://a")), "access-control-allow-origin")).isEqualTo("*");
    }

    @Test
    void compressesJsonButNeverEvents() throws Exception {
        start(Map.of());
        HttpResponse<byte[]> json = client.send(
                request("/p/json").header("Accept-Encoding", "gzip").build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(header(json, "content-encoding")).isEqualTo("gzip");
        assertThat(header(json, "vary")).containsIgnoringCase("accept-encoding");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(json.body())).readAllBytes()).hasSize(5008);
        HttpResponse<String> plain = get("/p/json");
        assertThat(header(plain, "content-encoding")).isEmpty();
        assertThat(plain.body()).hasSize(5008);
        HttpResponse<String> events = send(request("/p/events").header("Accept-Encoding", "gzip"));
        assertThat(header(events, "content-encoding")).isEmpty();
        assertThat(header(events, "content-type")).startsWith("text/event-stream");
        assertThat(header(events, "cache-control")).isEqualTo("no-store");
        assertThat(events.body()).startsWith("data: xxx");
        assertThat(header(send(request("/p/hello").header("Accept-Encoding", "gzip")), "content-encoding")).isEmpty();
    }

    @Test
    void expandsNoCompressedBody() throws Exception {
        start(Map.of());
        HttpResponse<byte[]> echoed = client.send(
                request("/p/echo").header("Content-Encoding", "gzip").POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {31, -117, 8}))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(echoed.body()).containsExactly(31, 139, 8);
    }

    @Test
    void echoesAGoodRequestIdAndReplacesABadOne() throws Exception {
        start(Map.of());
        assertThat(header(send(request("/p/hello").header("X-Request-Id", "My-id_1.2")), "x-request-id")).isEqualTo("My-id_1.2");
        for (String bad : new String[] {"a b", "a;b", "x".repeat(65), "<script>", ""}) {
            String id = header(send(request("/p/hello").header("X-Request-Id", bad)), "x-request-id");
            assertThat(id).matches("[0-9a-f]{16}");
        }
        assertThat(header(get("/p/hello"), "x-request-id")).isNotEqualTo(header(get("/p/hello"), "x-request-id"));
    }

    @Test
    void writesOneLineARequestWithoutItsCredential() throws Exception {
        start(Map.of());
        String trace = "0af7651916cd43dd8448eb211c80319c";
        send(request("/p/hello?secret=query").header("X-Request-Id", "one").header("traceparent", "00-" + trace + "-b7ad6b7169203331-01"));
        send(anonymous("/p/hello").header("X-Request-Id", "two").header("x-api-key", "stolen-credential"));
        protocol.gate.countDown();
        send(request("/p/gate").header("X-Request-Id", "three").header("traceparent", "00-" + trace.toUpperCase(java.util.Locale.ROOT)
                + "-b7ad6b7169203331-01"));
        send(request("/nowhere/secret-path").header("X-Request-Id", "four"));
        assertThat(accessLine("one"))
                .matches("ts=\\S+ request_id=one trace_id=" + trace + " tenant=\\S+ subject=key:good method=GET operation=/p/hello"
                        + " status=200 us=\\d+ bytes_out=14");
        assertThat(accessLine("two")).contains(" tenant=- subject=- ", " status=401 ", " problem=UNAUTHENTICATED");
        assertThat(accessLine("three")).contains(" gate=open_=x").doesNotContainIgnoringCase(trace);
        assertThat(accessLine("four")).contains(" method=- operation=unmatched status=404 ");
        stopServer();
        String log = Files.readString(home.resolve("logs/access.log"));
        assertThat(log.lines()).hasSize(4);
        assertThat(log).doesNotContain("good\"", "Bearer", "stolen", "secret");
    }

    @ParameterizedTest
    @CsvSource({
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01, true",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more, true",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01, false",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01, false",
        "00-0af7651916cd43dd8448eb211c80319-b7ad6b71692033311-01, false",
        "00-0af7651916cd43dd8448eb211c80319C-b7ad6b7169203331-01, false",
        "nonsense, false"
    })
    void takesWellFormedTracesOnly(String header, boolean taken) {
        String id = TraceParent.traceId(header);
        assertThat(id).matches("[0-9a-f]{32}");
        assertThat(header.contains(id)).isEqualTo(taken);
    }

    @Test
    void makesNoMetersOfWhatClientsMakeUp() throws Exception {
        start(Map.of());
        get("/p/hello");
        for (int i = 0; i < 20; i++) {
            send(request("/p/hello").method("MADEUP" + i, noBody()));
            send(request("/madeup" + i));
        }
        await().until(() -> registry.find("http.server.requests").tag("operation", "/p/hello").timers().size() == 1);
        await().untilAsserted(() ->
                assertThat(registry.find("http.server.requests").timers().stream().mapToLong(t -> t.count()).sum()).isEqualTo(41));
        assertThat(registry.find("http.server.requests").timers()).hasSizeLessThanOrEqualTo(3);
        stopServer();
        assertThat(registry.getMeters()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/p/gate", "/p/endless"})
    void cancelsWhenTheClientLeaves(String path) throws Exception {
        start(Map.of());
        try (Socket socket = socket(head("GET", path, "X-Request-Id: left"))) {
            if (path.endsWith("endless")) {
                readUntil(socket, "more\n\n");
            } else {
                await().until(() -> protocol.waiting.get() == 1);
            }
        }
        await().until(() -> protocol.cancelled.get() == 1);
        assertThat(accessLine("left")).contains(" status=499 ");
    }

    @Test
    void aClientThatLeavesWithItsAnswerWasServed() throws Exception {
        start(Map.of());
        for (int i = 0; i < 50; i++) {
            try (Socket socket = socket(head("GET", "/p/hello", "X-Request-Id: served-" + i))) {
                readUntil(socket, "hello");
            }
        }
        for (int i = 0; i < 50; i++) {
            assertThat(accessLine("served-" + i)).contains(" status=200 ");
        }
    }

    @Test
    void cancelsARequestThatPassesItsDeadline() throws Exception {
        start(Map.of("total__timeout__seconds", 1));
        assertThat(problem(send(request("/p/gate").header("X-Request-Id", "late")), 504, "DEADLINE_EXCEEDED").path("detail").asText())
                .contains("deadline of 1 s");
        assertThat(protocol.cancelled).hasValue(1);
        assertThat(accessLine("late")).contains(" status=504 ", " problem=DEADLINE_EXCEEDED");
    }

    @Test
    void answersPipelinedRequestsInOrder() throws Exception {
        start(Map.of());
        try (Socket socket = socket(head("GET", "/p/wild/1") + head("GET", "/p/wild/2") + head("POST", "/p/echo", "Content-Length: 2")
                + "hi" + head("GET", "/p/wild/3", "Connection: close"))) {
            assertThat(readUntil(socket, "never")).matches("(?s).*/wild/1.*/wild/2.*\r\n\r\nhi.*/wild/3.*");
        }
    }

    @Test
    void answersWhatIsPipelinedBehindASlowRequest() throws Exception {
        start(Map.of());
        try (Socket socket = socket(head("GET", "/p/gate") + head("GET", "/p/wild/2", "Connection: close"))) {
            await().until(() -> protocol.waiting.get() == 1);
            // older than the grace of the leave watcher
            await().pollDelay(java.time.Duration.ofMillis(120)).until(() -> true);
            assertThat(protocol.cancelled).hasValue(0);
            protocol.gate.countDown();
            assertThat(readUntil(socket, "never")).matches("(?s).*through.*/wild/2.*");
        }
    }

    @Test
    void endsWithRequestsAtWork() throws Exception {
        start(Map.of("stop__timeout__seconds", 5));
        CompletableFuture<HttpResponse<String>> slow =
                client.sendAsync(request("/p/gate").build(), HttpResponse.BodyHandlers.ofString());
        await().until(() -> protocol.waiting.get() == 1);
        WebServer stopping = server();
        CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> {
            try {
                stopping.deactivate();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(stop.isDone()).isFalse();
        protocol.gate.countDown();
        assertThat(slow.get().body()).isEqualTo("through");
        stop.get();
        start(Map.of());
        assertThat(get("/p/hello").statusCode()).isEqualTo(200);
    }

    @Test
    void breaksOffWhatDoesNotEnd() throws Exception {
        start(Map.of("stop__timeout__seconds", 1));
        protocol.gate = new CountDownLatch(1);
        CompletableFuture<HttpResponse<String>> slow =
                client.sendAsync(request("/p/gate").build(), HttpResponse.BodyHandlers.ofString());
        await().until(() -> protocol.waiting.get() == 1);
        stopServer();
        await().until(slow::isDone);
        protocol.gate.countDown();
        await().until(() -> protocol.waiting.get() == 0);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.isAlive() && thread.getName().equals("web-access-log"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.hyperspot.web.spi.Limits;
import io.hyperspot.web.spi.ProtocolHandler;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeadlineTest extends WebFixture {
    private static final Limits SECOND = Limits.NO_BODY.withTimeout(Duration.ofSeconds(1));

    private final ScriptedProtocol script = new ScriptedProtocol();
    private final AtomicReference<@Nullable String> seen = new AtomicReference<>();
    private final CountDownLatch never = new CountDownLatch(1);

    private void serve() throws Exception {
        start(Map.of());
        context().registerService(ProtocolHandler.class, script, null);
    }

    /** Works on whatever is done to it, until the test ends. */
    private void deaf() {
        while (never.getCount() > 0) {
            LockSupport.parkNanos(20_000_000);
            if (Thread.interrupted()) {
                seen.set("interrupted");
            }
        }
    }

    @Test
    void cancelsWithAReasonAndAnswersInTheShapeOfTheProtocol() throws Exception {
        script.ownShape = true;
        script.on("GET", "/wait", SECOND, exchange -> {
            CountDownLatch cancelled = new CountDownLatch(1);
            exchange.cancellation().onCancel(cancelled::countDown);
            cancelled.await();
            seen.set(exchange.cancellation().reason());
            throw new IOException("the upstream call was closed");
        });
        serve();
        HttpResponse<String> answer = get("/s/wait");
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body()).isEqualTo("own:DEADLINE_EXCEEDED");
        assertThat(seen.get()).isEqualTo("the deadline of 1 s has passed");
    }

    @Test
    void takesAnAnswerThatComesWithinTheGrace() throws Exception {
        script.on("GET", "/late", SECOND, exchange -> {
            Semaphore cancelled = new Semaphore(0);
            exchange.cancellation().onCancel(cancelled::release);
            cancelled.acquire();
            ScriptedProtocol.text(exchange, "what there is so far");
        });
        serve();
        assertThat(get("/s/late").body()).isEqualTo("what there is so far");
    }

    @Test
    void interruptsAHandlerThatDoesNotListen() throws Exception {
        script.on("GET", "/sleep", SECOND, exchange -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                seen.set("interrupted");
                throw e;
            }
        });
        script.on("GET", "/flag", Limits.NO_BODY, exchange ->
                ScriptedProtocol.text(exchange, String.valueOf(Thread.currentThread().isInterrupted())));
        serve();
        HttpResponse<String> answer = get("/s/sleep");
        assertThat(problem(answer, 504, "DEADLINE_EXCEEDED").path("detail").asText()).contains("1 s");
        assertThat(seen).hasValue("interrupted");
        assertThat(get("/s/flag").body()).isEqualTo("false");
    }

    @Test
    void answersForAHandlerThatDoesNotEvenEndWhenInterrupted() throws Exception {
        script.on("GET", "/deaf", SECOND, exchange -> {
            deaf();
            ScriptedProtocol.text(exchange, "too late");
        });
        serve();
        HttpResponse<String> answer = send(request("/s/deaf").header("X-Request-Id", "deaf"));
        problem(answer, 504, "DEADLINE_EXCEEDED");
        assertThat(header(answer, "connection")).isEqualTo("close");
        assertThat(seen).hasValue("interrupted");
        never.countDown();
        assertThat(accessLine("deaf")).contains(" status=504 ", " problem=DEADLINE_EXCEEDED");
        assertThat(get("/p/hello").statusCode()).isEqualTo(200);
    }

    @Test
    void answersOneStreamOfAConnectionAndLeavesTheOthersAlone() throws Exception {
        script.on("GET", "/deaf", SECOND, exchange -> deaf());
        serve();
        try (HttpClient two = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            // the first request upgrades the connection
            two.send(request("/p/hello").build(), HttpResponse.BodyHandlers.ofString());
            CompletableFuture<HttpResponse<String>> deaf =
                    two.sendAsync(request("/s/deaf").build(), HttpResponse.BodyHandlers.ofString());
            CompletableFuture<HttpResponse<String>> other =
                    two.sendAsync(request("/p/gate").build(), HttpResponse.BodyHandlers.ofString());
            HttpResponse<String> answer = deaf.get();
            problem(answer, 504, "DEADLINE_EXCEEDED");
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            protocol.gate.countDown();
            assertThat(other.get().body()).isEqualTo("through");
            never.countDown();
        }
    }

    @Test
    void breaksAnAnswerThatHasStarted() throws Exception {
        script.on("GET", "/half", SECOND, exchange -> {
            exchange.start(200, "text/plain");
            exchange.write("half".getBytes(StandardCharsets.UTF_8), 0, 4);
            never.await();
        });
        script.on("GET", "/deafhalf", SECOND, exchange -> {
            exchange.start(200, "text/plain");
            exchange.write("half".getBytes(StandardCharsets.UTF_8), 0, 4);
            deaf();
        });
        serve();
        for (String path : new String[] {"/s/half", "/s/deafhalf"}) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> get(path));
        }
        never.countDown();
        assertThat(get("/p/hello").statusCode()).isEqualTo(200);
    }

    @Test
    void endsAWriteThatTheClientDoesNotRead() throws Exception {
        script.on("GET", "/flood", SECOND, exchange -> {
            exchange.start(200, "text/plain");
            byte[] much = new byte[1 << 20];
            while (true) {
                exchange.write(much, 0, much.length);
            }
        });
        serve();
        try (Socket socket = socket(head("GET", "/s/flood", "X-Request-Id: flood"))) {
            assertThat(accessLine("flood")).contains(" status=504 ");
            assertThat(socket.isClosed()).isFalse();
        }
    }

    @Test
    void countsTheTimeOfTheBodyToo() throws Exception {
        script.on("POST", "/body", Limits.body(100).withTimeout(Duration.ofSeconds(1)), exchange ->
                ScriptedProtocol.text(exchange, new String(exchange.body(), StandardCharsets.UTF_8)));
        serve();
        try (Socket socket = socket(head("POST", "/s/body", "Content-Length: 10") + "half")) {
            assertThat(readUntil(socket, "}")).startsWith("HTTP/1.1 504").contains("DEADLINE_EXCEEDED");
        }
    }

    @Test
    void keepsTheServersDeadlineForOperationsWithoutOne() throws Exception {
        script.on("GET", "/plain", Limits.NO_BODY, exchange -> never.await());
        script.on("GET", "/long", Limits.NO_BODY.withTimeout(Duration.ofHours(9)), exchange -> never.await());
        start(Map.of("request__timeout__seconds", 1, "total__timeout__seconds", 2));
        context().registerService(ProtocolHandler.class, script, null);
        assertThat(problem(get("/s/plain"), 504, "DEADLINE_EXCEEDED").path("detail").asText()).contains("1 s");
        assertThat(problem(get("/s/long"), 504, "DEADLINE_EXCEEDED").path("detail").asText()).contains("2 s");
    }

    @Test
    void letsOnlySoManyIntoAnOperation() throws Exception {
        CountDownLatch leave = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(2);
        script.on("GET", "/two", Limits.NO_BODY.withMaxInFlight(2), exchange -> {
            inside.countDown();
            leave.await();
            ScriptedProtocol.text(exchange, "done");
        });
        serve();
        CompletableFuture<HttpResponse<String>> first =
                client.sendAsync(request("/s/two").build(), HttpResponse.BodyHandlers.ofString());
        CompletableFuture<HttpResponse<String>> second =
                client.sendAsync(request("/s/two").build(), HttpResponse.BodyHandlers.ofString());
        inside.await();
        HttpResponse<String> third = get("/s/two");
        assertThat(problem(third, 503, "OPERATION_BUSY").path("detail").asText()).contains("(2)");
        assertThat(header(third, "retry-after")).isEqualTo("1");
        assertThat(get("/p/hello").statusCode()).isEqualTo(200);
        leave.countDown();
        assertThat(first.get().body() + second.get().body()).isEqualTo("donedone");
        await().until(() -> get("/s/two").statusCode() == 200);
    }

    @Test
    void limitsResourcesAsTheyDeclare() throws Exception {
        start(Map.of());
        LimitedResources.Limited limited = new LimitedResources.Limited();
        resource(bundle("limited"), limited);
        resource(bundle("impossible"), new LimitedResources.Impossible());
        HttpResponse<String> late = get("/limited/v1/late");
        assertThat(problem(late, 504, "DEADLINE_EXCEEDED").path("detail").asText()).contains("1 s");
        assertThat(late.body()).doesNotContain("InterruptedException");
        problem(send(request("/limited/v1/small").POST(java.net.http.HttpRequest.BodyPublishers.ofString("12345"))), 413, "BODY_TOO_LARGE");
        assertThat(send(request("/limited/v1/small").POST(java.net.http.HttpRequest.BodyPublishers.ofString("1234"))).body()).isEqualTo("1234");
        CompletableFuture<HttpResponse<String>> one =
                client.sendAsync(request("/limited/v1/one").build(), HttpResponse.BodyHandlers.ofString());
        limited.inside.await();
        problem(get("/limited/v1/one"), 503, "OPERATION_BUSY");
        limited.leave.countDown();
        assertThat(one.get().body()).isEqualTo("one");
        assertThat(server().health().reason()).contains("Impossible.get has a negative limit");
    }
}

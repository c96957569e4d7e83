// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.web.EventStream;
import io.hyperspot.web.NoFeature;
import io.hyperspot.web.OperationLimits;
import io.hyperspot.web.PublicOperation;
import io.hyperspot.web.spi.Exchange;
import io.hyperspot.web.spi.Limits;
import io.hyperspot.web.spi.ProtocolHandler;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class EventStreamTest extends WebFixture {
    private static final String BEAT = ": keep-alive\n\n";
    private static final Duration NEVER = Duration.ZERO;
    private static final Duration SOON = Duration.ofMillis(200);

    private final ScriptedProtocol script = new ScriptedProtocol();
    private final CountDownLatch go = new CountDownLatch(1);
    private final AtomicReference<String> seen = new AtomicReference<>("");

    private void serve() throws Exception {
        start(Map.of());
        context().registerService(ProtocolHandler.class, script, null);
    }

    private static void raw(EventStream events, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        events.write(bytes, 0, bytes.length);
    }

    private static String bare(String event) {
        return event.replace(BEAT, "");
    }

    @Test
    void writesEventsAsTheStandardSays() throws Exception {
        script.on("GET", "/events", Limits.NO_BODY, exchange -> {
            EventStream events = exchange.events();
            events.send("one");
            events.send("named", "7", "a\nb\r\nc\rd\n");
            events.send(null, "", "");
            raw(events, "data: raw\n\n");
        });
        serve();
        HttpResponse<String> answer = send(request("/s/events").header("Accept-Encoding", "gzip"));
        assertThat(answer.body())
                .isEqualTo("data: one\n\nevent: named\nid: 7\ndata: a\ndata: b\ndata: c\ndata: d\ndata: \n\nid: \ndata: \n\ndata: raw\n\n");
        assertThat(header(answer, "content-type")).isEqualTo("text/event-stream");
        assertThat(header(answer, "cache-control")).isEqualTo("no-store");
        assertThat(header(answer, "x-accel-buffering")).isEqualTo("no");
        assertThat(header(answer, "content-encoding")).isEmpty();
    }

    @Test
    void refusesNamesAndIdsThatWouldBreakTheStream() {
        for (String bad : new String[] {"a\nb", "a\rb", "a\0b"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> EventFrame.of(bad, null, "")).withMessageContaining("event");
            assertThatIllegalArgumentException().isThrownBy(() -> EventFrame.of(null, bad, "")).withMessageContaining("id");
        }
    }

    @Test
    void knowsTheEndOfAnEvent() {
        for (String end : new String[] {"x\n\n", "x\r\r", "x\r\n\r\n", "x\n\r\n"}) {
            assertThat(EventFrame.endsEvent(end.getBytes(StandardCharsets.UTF_8), 0, end.length())).as(end).isTrue();
        }
        for (String middle : new String[] {"", "\n", "x", "x\n", "x\r\n", "xx"}) {
            assertThat(EventFrame.endsEvent(middle.getBytes(StandardCharsets.UTF_8), 0, middle.length())).as(middle).isFalse();
        }
    }

    @Test
    void flushesEveryEvent() throws Exception {
        script.on("GET", "/events", Limits.NO_BODY, exchange -> {
            exchange.events().send("first");
            go.await();
            exchange.events().send("second");
        });
        serve();
        try (Socket socket = socket(head("GET", "/s/events"))) {
            assertThat(readUntil(socket, "data: first\n\n")).contains("200 OK");
            go.countDown();
            readUntil(socket, "data: second\n\n");
        }
    }

    @Test
    void answersAnErrorBeforeTheFirstEventWithItsStatus() throws Exception {
        script.on("GET", "/early", Limits.NO_BODY, exchange -> {
            exchange.events();
            throw new ProblemException(ErrorCategory.RESOURCE_EXHAUSTED, "BUSY", "wait");
        });
        script.on("GET", "/other", Limits.NO_BODY, exchange -> {
            EventStream events = exchange.events();
            ScriptedProtocol.text(exchange, "no stream after all");
            assertThat(events.isOpen()).isFalse();
        });
        script.on("GET", "/empty", Limits.NO_BODY, exchange -> exchange.events().close());
        script.on("GET", "/opened", Limits.NO_BODY, exchange -> exchange.events().open());
        serve();
        problem(get("/s/early"), 429, "BUSY");
        assertThat(get("/s/other").body()).isEqualTo("no stream after all");
        for (String path : new String[] {"/s/empty", "/s/opened"}) {
            assertThat(get(path).body()).isEmpty();
            assertThat(header(get(path), "content-type")).isEqualTo("text/event-stream");
        }
    }

    @Test
    void sendsAnErrorAfterTheFirstEventAsAnEvent() throws Exception {
        script.on("GET", "/events", Limits.NO_BODY, exchange -> {
            exchange.events().send("first");
            raw(exchange.events(), "data: cut");
            throw new ProblemException(ErrorCategory.BAD_UPSTREAM, "BROKE", "the upstream broke");
        });
        script.on("GET", "/boom", Limits.NO_BODY, exchange -> {
            exchange.events().send("first");
            throw new IllegalStateException("secret inside");
        });
        serve();
        assertThat(send(request("/s/events").header("X-Request-Id", "broke")).body())
                .startsWith("data: first\n\ndata: cut\n\nevent: error\ndata: {")
                .contains("\"code\":\"BROKE\"", "\"request_id\":\"broke\"")
                .endsWith("}\n\n");
        assertThat(accessLine("broke")).contains(" status=200 ", " problem=BROKE");
        assertThat(get("/s/boom").body()).contains("event: error", "INTERNAL").doesNotContain("secret");
        script.ownShape = true;
        assertThat(get("/s/events").body()).endsWith("data: cut\n\ndata: own:BROKE\n\n");
    }

    @Test
    void keepsAQuietStreamAliveAndNeverInsideAnEvent() throws Exception {
        script.on("GET", "/quiet", Limits.NO_BODY, exchange -> {
            EventStream events = exchange.events(SOON, NEVER);
            go.await();
            raw(events, "data: ha");
            Thread.sleep(700);
            raw(events, "lf\n\n");
            Thread.sleep(700);
            events.send("end");
        });
        serve();
        try (Socket socket = socket(head("GET", "/s/quiet", "Connection: close"))) {
            String start = readUntil(socket, BEAT);
            assertThat(start).startsWith("HTTP/1.1 200").contains("text/event-stream");
            readUntil(socket, BEAT);
            go.countDown();
            String rest = readUntil(socket, "never");
            assertThat(rest.replaceAll("\r\n[0-9A-Fa-f]+\r\n", "")).contains("data: half\n\n" + BEAT).contains("data: end\n\n");
        }
    }

    @Test
    void startsWithAHeartbeatAndThenTellsErrorsInsideTheStream() throws Exception {
        script.on("GET", "/quiet", Limits.NO_BODY, exchange -> {
            EventStream events = exchange.events(SOON, NEVER);
            await().until(events::isOpen);
            try {
                exchange.respond(200, "text/plain", new byte[1]);
            } catch (IllegalStateException e) {
                seen.set("refused");
            }
            throw new ProblemException(ErrorCategory.BAD_UPSTREAM, "BROKE", "the upstream broke");
        });
        serve();
        HttpResponse<String> answer = get("/s/quiet");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(bare(answer.body())).startsWith("event: error\ndata: {");
        assertThat(answer.body()).startsWith(BEAT);
        assertThat(seen).hasValue("refused");
    }

    @Test
    void endsAStreamWhoseProducerIsSilent() throws Exception {
        script.on("GET", "/silent", Limits.NO_BODY, exchange -> {
            EventStream events = exchange.events(NEVER, SOON);
            events.send("first");
            new CountDownLatch(1).await();
        });
        script.on("GET", "/dumb", Limits.NO_BODY, exchange -> {
            exchange.events(NEVER, SOON);
            new CountDownLatch(1).await();
        });
        serve();
        assertThat(get("/s/silent").body())
                .startsWith("data: first\n\nevent: error\ndata: {")
                .contains("DEADLINE_EXCEEDED", "idle deadline");
        problem(get("/s/dumb"), 504, "DEADLINE_EXCEEDED");
    }

    @Test
    void endsAStreamAtItsTotalDeadlineWithAnErrorEvent() throws Exception {
        script.on("GET", "/long", Limits.NO_BODY.withTimeout(Duration.ofSeconds(1)), exchange -> {
            while (true) {
                exchange.events().send("more");
                Thread.sleep(50);
            }
        });
        serve();
        String body = get("/s/long").body();
        assertThat(body).startsWith("data: more\n\n").contains("event: error").contains("DEADLINE_EXCEEDED", "deadline of 1 s");
        try (HttpClient two = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            HttpResponse<String> answer = two.send(request("/s/long").build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.body()).contains("DEADLINE_EXCEEDED");
        }
    }

    @Test
    void doesNotLetAClientThatReadsNothingStopTheOthers() throws Exception {
        script.on("GET", "/flood", Limits.NO_BODY.withTimeout(Duration.ofSeconds(30)), exchange -> {
            EventStream events = exchange.events(SOON, NEVER);
            seen.set("flooding");
            String much = "x".repeat(1 << 20);
            while (true) {
                events.send(much);
            }
        });
        script.on("GET", "/quiet", Limits.NO_BODY, exchange -> {
            exchange.events(SOON, NEVER);
            go.await();
        });
        serve();
        try (Socket quiet = socket(head("GET", "/s/quiet"))) {
            try (Socket deaf = socket(head("GET", "/s/flood", "X-Request-Id: deaf"))) {
                assertThat(deaf.isConnected()).isTrue();
                await().until(() -> "flooding".equals(seen.get()));
                for (int i = 0; i < 4; i++) {
                    readUntil(quiet, BEAT);
                }
                assertThat(get("/p/hello").statusCode()).isEqualTo(200);
            }
            assertThat(accessLine("deaf")).contains(" status=499 ");
            go.countDown();
        }
    }

    @Test
    void cancelsAQuietProducerWhenItsClientLeaves() throws Exception {
        script.on("GET", "/quiet", Limits.NO_BODY, exchange -> {
            exchange.events(SOON, NEVER);
            CountDownLatch left = new CountDownLatch(1);
            exchange.cancellation().onCancel(left::countDown);
            left.await();
            seen.set(String.valueOf(exchange.cancellation().reason()));
            try {
                exchange.events().send("into the void");
            } catch (IOException e) {
                seen.set(seen.get() + ", " + e.getMessage());
            }
        });
        serve();
        try (Socket socket = socket(head("GET", "/s/quiet", "X-Request-Id: left"))) {
            readUntil(socket, BEAT);
        }
        assertThat(accessLine("left")).contains(" status=499 ");
        assertThat(seen).hasValue("the client left, the stream is over: the client left");
    }

    @Test
    void writesFromManyThreadsEventByEvent() throws Exception {
        script.on("GET", "/many", Limits.NO_BODY, exchange -> {
            EventStream events = exchange.events(Duration.ofMillis(1), NEVER);
            Thread[] producers = new Thread[8];
            for (int i = 0; i < producers.length; i++) {
                String data = String.valueOf(i).repeat(50);
                producers[i] = Thread.ofVirtual().start(() -> {
                    for (int n = 0; n < 200; n++) {
                        try {
                            events.send("n", null, data);
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                });
            }
            for (Thread producer : producers) {
                producer.join();
            }
        });
        serve();
        String body = bare(get("/s/many").body());
        assertThat(body.split("\n\n")).hasSize(1600).allMatch(event -> event.matches("event: n\ndata: (\\d)\\1{49}"));
    }

    /** A resource that answers with events. */
    @Path("ticks/v1")
    @Produces("text/event-stream")
    @PublicOperation
    @NoFeature
    public static class Ticks {
        @GET
        public void ticks(@Context EventStream events) throws IOException {
            events.send("tick", "1", "one");
            events.send("tick", "2", "two");
        }

        @GET
        @Path("fails")
        public void fails(@Context EventStream events) throws IOException {
            events.send("tick", "1", "one");
            throw new ProblemException(ErrorCategory.BAD_UPSTREAM, "BROKE", "the clock broke");
        }

        @GET
        @Path("refuses")
        public void refuses(@Context EventStream events) {
            throw new ProblemException(ErrorCategory.NOT_FOUND, "NO_CLOCK", "there is no clock" + (events.isOpen() ? "!" : ""));
        }

        @GET
        @Path("late")
        @OperationLimits(timeoutSeconds = 1)
        public void late(@Context Exchange exchange) throws Exception {
            exchange.events(SOON, NEVER).send("waiting", null, String.valueOf(exchange.header("Last-Event-ID")));
            new CountDownLatch(1).await();
        }
    }

    @Test
    void letsResourcesAnswerWithEvents() throws Exception {
        start(Map.of());
        resource(bundle("ticks"), new Ticks());
        HttpResponse<String> ticks = get("/ticks/v1");
        assertThat(ticks.statusCode()).as(ticks.body()).isEqualTo(200);
        assertThat(header(ticks, "content-type")).isEqualTo("text/event-stream");
        assertThat(ticks.body()).isEqualTo("event: tick\nid: 1\ndata: one\n\nevent: tick\nid: 2\ndata: two\n\n");
        assertThat(get("/ticks/v1/fails").body())
                .startsWith("event: tick\nid: 1\ndata: one\n\nevent: error\ndata: {")
                .contains("\"code\":\"BROKE\"");
        problem(get("/ticks/v1/refuses"), 404, "NO_CLOCK");
        assertThat(bare(send(request("/ticks/v1/late").header("Last-Event-ID", "7")).body()))
                .startsWith("event: waiting\ndata: 7\n\nevent: error\ndata: {")
                .contains("DEADLINE_EXCEEDED");
    }
}

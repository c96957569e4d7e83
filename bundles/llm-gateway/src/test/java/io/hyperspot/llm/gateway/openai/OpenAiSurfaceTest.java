// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.gateway.calls.Calls;
import io.hyperspot.llm.gateway.calls.FakeExchange;
import io.hyperspot.llm.gateway.calls.Timing;
import io.hyperspot.llm.gateway.domain.FakeLlm;
import io.hyperspot.llm.gateway.domain.FakeWorkers;
import io.hyperspot.llm.gateway.domain.ModelDirectory;
import io.hyperspot.llm.gateway.domain.Router;
import io.hyperspot.llm.gateway.money.RecordedUsage;
import io.hyperspot.llm.gateway.routes.Routes;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.web.spi.Operation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenAiSurfaceTest {
    /** A worker of a provider that speaks the protocol. */
    private static final class Wire extends FakeLlm implements WireWorker {
        final List<String> bodies = new ArrayList<>();
        Answer answer = sink -> {};

        interface Answer {
            void to(Sink sink) throws Exception;
        }

        Wire() {
            super("wire", "m");
        }

        @Override
        public boolean speaks(String protocol) {
            return protocol.equals(OPENAI);
        }

        @Override
        public void forward(SecurityContext ctx, Call call, Sink sink, Cancellation cancellation) throws Exception {
            bodies.add(call.path() + " " + new String(call.body(), call.offset(), call.length(), UTF_8));
            answer.to(sink);
        }
    }

    private static final String DURATION = "gen_ai.client.operation.duration";
    private static final String PROVIDER = "gen_ai.provider.name";

    private final RecordedUsage usage = new RecordedUsage();
    private final FakeLlm own = new FakeLlm("own", "m");
    private final Wire wire = new Wire();
    private final FakeWorkers workers = new FakeWorkers(own, wire);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ModelDirectory directory = new ModelDirectory(workers, new Routes());
    private final Calls calls = new Calls(
            directory,
            new Router(directory, new Routes()),
            usage.accounts(),
            registry,
            new Timing(Duration.ofSeconds(60), Duration.ofSeconds(15), Duration.ofSeconds(30)));
    private final OpenAiSurface surface = new OpenAiSurface(directory, calls);

    @AfterEach
    void close() {
        usage.close();
    }

    private FakeExchange serve(FakeExchange exchange) throws Exception {
        for (Operation operation : surface.operations()) {
            String path = operation.path();
            boolean same = path.endsWith("*")
                    ? exchange.path().startsWith(path.substring(0, path.length() - 1))
                    : exchange.path().equals(path);
            if (same && operation.method().equals(exchange.method())) {
                handle(exchange, operation);
                return exchange;
            }
        }
        throw new AssertionError("no operation for " + exchange.path());
    }

    /** What the chain does with errors. */
    private void handle(FakeExchange exchange, Operation operation) throws Exception {
        try {
            surface.handle(exchange, operation);
        } catch (ProblemException problem) {
            if (!exchange.started() || exchange.cancellation.isCancelled()) {
                throw problem;
            }
            byte[] event = surface.errorEvent(problem, exchange.requestId());
            exchange.write(event, 0, event.length);
            exchange.end();
        }
    }

    private FakeExchange chat(String model, boolean stream) throws Exception {
        return serve(exchange(model, stream));
    }

    private static FakeExchange exchange(String model, boolean stream) {
        return FakeExchange.post(
                "/chat/completions",
                "{\"model\":\"" + model + "\",\"stream\":" + stream
                        + ",\"stream_options\":{\"include_usage\":true},\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
    }

    @Test
    void listsAndShowsModels() throws Exception {
        FakeExchange list = serve(new FakeExchange("GET", "/models", ""));
        assertThat(list.json().path("object").asText()).isEqualTo("list");
        assertThat(list.json().path("data").findValuesAsText("id")).containsExactly("own/m", "wire/m");
        FakeExchange one = serve(new FakeExchange("GET", "/models/own/m", ""));
        assertThat(one.json().path("owned_by").asText()).isEqualTo("own");
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> serve(new FakeExchange("GET", "/models/own/x", "")))
                .withMessageContaining("own/x")
                .withMessageContaining("wire/m");
    }

    @Test
    void answersByAWorkerThatKnowsNoProtocol() throws Exception {
        FakeExchange whole = chat("own/m", false);
        assertThat(whole.json().at("/choices/0/message/content").asText()).isEqualTo("hi");
        assertThat(whole.json().path("model").asText()).isEqualTo("own/m");
        assertThat(whole.log).containsEntry("model", "own/m").containsEntry("tokens_in", "3").containsEntry("tokens_out", "1");
        FakeExchange stream = chat("own/m", true);
        assertThat(stream.data()).hasSize(4).last().isEqualTo("[DONE]");
        assertThat(stream.data().get(2)).contains("\"total_tokens\":4");
        assertThat(registry.get(DURATION).tag(PROVIDER, "own").tag("error.type", "").tag("gen_ai.request.model", "m").timer().count())
                .isEqualTo(2);
        assertThat(registry.get("gen_ai.client.token.usage").tag(PROVIDER, "own").tag("gen_ai.token.type", "input").summary().totalAmount())
                .isEqualTo(6);
        assertThat(workers.leases).hasValue(0);
    }

    @Test
    void computesEmbeddings() throws Exception {
        FakeExchange answer = serve(FakeExchange.post("/embeddings", "{\"model\":\"own/m\",\"input\":[\"abc\"]}"));
        assertThat(answer.json().at("/data/0/embedding/0").asDouble()).isEqualTo(3);
        assertThat(answer.json().path("model").asText()).isEqualTo("own/m");
        assertThat(answer.log).containsEntry("tokens_in", "7");
    }

    @Test
    void forwardsTheBodyWithTheProvidersNameAndCountsWhatPassesBy() throws Exception {
        wire.answer = sink -> {
            byte[] body = "{\"x\":1,\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2}}".getBytes(UTF_8);
            sink.start(200, "application/json", body.length, Map.of("x-provider", "p"));
            sink.write(body, 0, 10);
            sink.write(body, 10, body.length - 10);
        };
        FakeExchange answer = chat("wire/m", false);
        assertThat(answer.text()).isEqualTo("{\"x\":1,\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2}}");
        assertThat(answer.answerHeaders).containsEntry("x-provider", "p");
        assertThat(answer.log).containsEntry("tokens_in", "5").containsEntry("tokens_out", "2");
        assertThat(wire.bodies).singleElement().asString().startsWith("/chat/completions {\"model\":\"m\",");
    }

    @Test
    void streamsWhatTheProviderStreams() throws Exception {
        wire.answer = sink -> {
            sink.start(200, "text/event-stream", -1, Map.of());
            byte[] event = "data: {}\n\n".getBytes(UTF_8);
            sink.write(event, 0, event.length);
        };
        FakeExchange answer = chat("wire/m", true);
        assertThat(answer.text()).isEqualTo("data: {}\n\n");
        assertThat(answer.ended).isTrue();
    }

    @Test
    void refusesAProviderThatSendsAnotherLengthThanItSaid() {
        for (int length : new int[] {1, 100}) {
            wire.answer = sink -> {
                sink.start(200, "application/json", length, Map.of());
                sink.write("{\"a\":1}".getBytes(UTF_8), 0, 7);
            };
            FakeExchange exchange = exchange("wire/m", false);
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> serve(exchange))
                    .satisfies(problem -> assertThat(problem.category()).isEqualTo(ErrorCategory.BAD_UPSTREAM));
            assertThat(exchange.started()).isFalse();
        }
    }

    @Test
    void endsABrokenStreamWithAnErrorAndNeverDone() throws Exception {
        List<Exception> failures = List.of(
                new ProblemException(ErrorCategory.UNAVAILABLE, "GONE", "the provider closed the connection"),
                new IllegalStateException("a bug"),
                new IOException("connection reset by provider"));
        for (Exception failure : failures) {
            own.script = listener -> {
                listener.event(new ChatEvent.TextDelta("begun"));
                throw failure;
            };
            wire.answer = sink -> {
                sink.start(200, "text/event-stream", -1, Map.of());
                sink.write("data: {\"begun\":1}\n\n".getBytes(UTF_8), 0, 19);
                throw failure;
            };
            for (String model : List.of("own/m", "wire/m")) {
                FakeExchange exchange = chat(model, true);
                assertThat(exchange.data()).as("%s %s", model, failure).hasSize(2).doesNotContain("[DONE]");
                assertThat(new ObjectMapper().readTree(exchange.data().getLast()).at("/error/type").asText())
                        .isEqualTo("server_error");
                assertThat(exchange.text()).contains("begun").doesNotContain("a bug");
                assertThat(exchange.ended).isTrue();
            }
        }
        assertThat(registry.get(DURATION).tag(PROVIDER, "own").tag("error.type", "error").timer().count()).isEqualTo(3);
        assertThat(workers.leases).hasValue(0);
    }

    @Test
    void reportsAConnectionThatBreaksBeforeTheAnswerAsBadUpstream() {
        own.script = listener -> {
            throw new IOException("connection refused");
        };
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> chat("own/m", false))
                .satisfies(problem -> assertThat(problem.category()).isEqualTo(ErrorCategory.BAD_UPSTREAM));
    }

    @Test
    void writesNothingMoreToAClientThatLeft() {
        FakeExchange exchange = exchange("own/m", true);
        own.script = listener -> {
            listener.event(new ChatEvent.TextDelta("begun"));
            exchange.clientGone = true;
            listener.event(new ChatEvent.TextDelta("more"));
        };
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> serve(exchange));
        assertThat(exchange.text()).doesNotContain("error");
        FakeExchange cancelled = exchange("own/m", true);
        own.script = listener -> {
            listener.event(new ChatEvent.TextDelta("begun"));
            cancelled.cancellation.cancel("the client left");
            throw new ProblemException(ErrorCategory.CANCELLED, "CANCELLED", "the client left");
        };
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> serve(cancelled));
    }

    @Test
    void tellsAProvidersRefusalInsideAStreamThatAHeartbeatHasBegun() throws Exception {
        for (int length : new int[] {20, -1}) {
            FakeExchange exchange = exchange("wire/m", true);
            wire.answer = sink -> {
                exchange.events().open();
                byte[] error = "{\"error\":{\"code\":1}}".getBytes(UTF_8);
                sink.start(429, "application/json", length, Map.of("retry-after", "3"));
                sink.write(error, 0, error.length);
            };
            serve(exchange);
            assertThat(exchange.status).isEqualTo(200);
            assertThat(exchange.text()).isEqualTo("data: {\"error\":{\"code\":1}}\n\n");
            assertThat(exchange.ended).isTrue();
        }
        FakeExchange early = exchange("wire/m", true);
        wire.answer = sink -> {
            sink.start(429, "application/json", 2, Map.of());
            sink.write("{}".getBytes(UTF_8), 0, 2);
        };
        assertThat(serve(early).status).isEqualTo(429);
    }

    @Test
    void sendsTheRoleWithTheFirstTokenAlsoAfterAHeartbeat() throws Exception {
        FakeExchange exchange = exchange("own/m", true);
        own.script = listener -> {
            exchange.events().open();
            listener.event(new ChatEvent.TextDelta("begun"));
        };
        assertThat(serve(exchange).data().getFirst()).contains("\"role\":\"assistant\"");
    }

    @Test
    void allowsLongCalls() {
        assertThat(surface.operations())
                .filteredOn(operation -> operation.method().equals("POST"))
                .allMatch(operation -> operation.limits().timeout().equals(Duration.ofSeconds(60)));
    }

    @Test
    void countsNoProvidersThatClientsMakeUp() {
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> chat("made-up/m", false));
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> chat("noslash", false));
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> chat("own/none", false));
        assertThat(registry.find(DURATION).tag(PROVIDER, "made-up").timers()).isEmpty();
    }

    @Test
    void takesOnlyPlainJson() {
        FakeExchange text = exchange("own/m", false);
        text.headers.put("content-type", "text/plain");
        FakeExchange zipped = exchange("own/m", false);
        zipped.headers.put("content-encoding", "gzip");
        FakeExchange untyped = exchange("own/m", false);
        untyped.headers.remove("content-type");
        for (FakeExchange exchange : List.of(text, zipped, untyped)) {
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> serve(exchange))
                    .satisfies(problem -> assertThat(problem.category()).isEqualTo(ErrorCategory.UNSUPPORTED_MEDIA_TYPE));
        }
    }

    @Test
    void takesItsMetersAwayWhenItCloses() throws Exception {
        chat("own/m", false);
        assertThat(registry.getMeters()).isNotEmpty();
        calls.close();
        assertThat(registry.getMeters()).isEmpty();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.Usage;
import io.hyperspot.llm.gateway.calls.Calls;
import io.hyperspot.llm.gateway.calls.FakeExchange;
import io.hyperspot.llm.gateway.calls.Timing;
import io.hyperspot.llm.gateway.domain.FakeLlm;
import io.hyperspot.llm.gateway.domain.FakeWorkers;
import io.hyperspot.llm.gateway.domain.LlmGateway;
import io.hyperspot.llm.gateway.domain.ModelDirectory;
import io.hyperspot.llm.gateway.domain.Router;
import io.hyperspot.llm.gateway.money.RecordedUsage;
import io.hyperspot.llm.gateway.openai.OpenAiSurface;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutedCallsTest {
    /** A worker whose provider answers with a status. */
    private static final class Wire extends FakeLlm implements WireWorker {
        int status = 200;
        int asked;

        Wire() {
            super("wire", "m");
        }

        @Override
        public boolean speaks(String protocol) {
            return protocol.equals(OPENAI);
        }

        @Override
        public void forward(SecurityContext ctx, Call call, Sink sink, Cancellation cancellation) throws Exception {
            asked++;
            byte[] body = "{\"id\":\"of the wire\"}".getBytes(UTF_8);
            sink.start(status, "application/json", body.length, Map.of());
            sink.write(body, 0, body.length);
        }
    }

    private final RecordedUsage usage = new RecordedUsage();
    private final Wire wire = new Wire();
    private final FakeLlm spare = new FakeLlm("spare", "m");
    private final FakeWorkers workers = new FakeWorkers(wire, spare);
    private final Routes routes = new Routes();
    private final ModelDirectory directory = new ModelDirectory(workers, routes);
    private final Router router = new Router(directory, routes);
    private final OpenAiSurface surface = new OpenAiSurface(
            directory,
            new Calls(
                    directory,
                    router,
                    usage.accounts(),
                    new SimpleMeterRegistry(),
                    new Timing(Duration.ofSeconds(60), Duration.ofSeconds(15), Duration.ofSeconds(30))));

    @AfterEach
    void close() {
        usage.close();
        assertThat(workers.leases).hasValue(0);
    }

    private void route(String... models) {
        routes.add(RouteTest.route("chat", Map.of("models", models)));
    }

    private FakeExchange chat(boolean stream) throws Exception {
        FakeExchange exchange = FakeExchange.post(
                "/chat/completions",
                "{\"model\":\"route/chat\",\"stream\":" + stream + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        surface.handle(exchange, surface.operations().getFirst());
        return exchange;
    }

    private List<String> counted() {
        return usage.settled().stream()
                .filter(record -> record.type().contains(".calls."))
                .map(record -> record.resource() + " " + record.dimensions().get("outcome"))
                .toList();
    }

    @Test
    void answersByTheFirstAndSaysWhoItWas() throws Exception {
        route("wire/m", "spare/m");
        FakeExchange exchange = chat(false);
        assertThat(exchange.text()).contains("of the wire");
        assertThat(exchange.answerHeaders).containsEntry("x-hyperspot-model", "wire/m");
        assertThat(spare.chats).isEmpty();
        assertThat(counted()).containsExactly("wire/m success");
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 408, 429, 500, 503, 529})
    void goesOnWhenTheProviderCannotAnswer(int status) throws Exception {
        route("wire/m", "spare/m");
        wire.status = status;
        for (boolean stream : new boolean[] {false, true}) {
            FakeExchange exchange = chat(stream);
            assertThat(exchange.text()).contains("hi").doesNotContain("of the wire");
            assertThat(exchange.answerHeaders).containsEntry("x-hyperspot-model", "spare/m");
        }
        assertThat(counted()).contains("wire/m error", "spare/m success");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 413, 422})
    void givesTheClientWhatIsItsOwnMistake(int status) throws Exception {
        route("wire/m", "spare/m");
        wire.status = status;
        assertThat(chat(false).status).isEqualTo(status);
        assertThat(spare.chats).isEmpty();
    }

    @Test
    void givesTheClientTheFailureOfTheLast() throws Exception {
        route("spare/m", "wire/m");
        wire.status = 503;
        spare.script = listener -> {
            throw new ProblemException(ErrorCategory.UNAVAILABLE, "X", "not now");
        };
        FakeExchange exchange = chat(false);
        assertThat(exchange.status).isEqualTo(503);
        assertThat(exchange.text()).contains("of the wire");
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCategory.class,
            names = {"UNAVAILABLE", "DEADLINE_EXCEEDED", "BAD_UPSTREAM", "RESOURCE_EXHAUSTED", "NOT_FOUND"})
    void goesOnWhenTheWorkerFailsBeforeItsAnswer(ErrorCategory category) throws Exception {
        route("spare/m", "wire/m");
        spare.script = listener -> {
            throw new ProblemException(category, "X", "it failed");
        };
        assertThat(chat(false).text()).contains("of the wire");
    }

    @Test
    void doesNotGoOnAfterTheFirstWordOfAStream() {
        route("spare/m", "wire/m");
        spare.script = listener -> {
            listener.event(new ChatEvent.TextDelta("so"));
            throw new ProblemException(ErrorCategory.BAD_UPSTREAM, "X", "it broke off");
        };
        assertThatThrownBy(() -> chat(true)).hasMessageContaining("it broke off");
        assertThat(wire.asked).isZero();
    }

    @Test
    void goesOnAfterHalfAnAnswerThatNobodyHasSeen() throws Exception {
        route("spare/m", "wire/m");
        spare.script = listener -> {
            listener.event(new ChatEvent.TextDelta("so"));
            throw new ProblemException(ErrorCategory.BAD_UPSTREAM, "X", "it broke off");
        };
        assertThat(chat(false).text()).contains("of the wire").doesNotContain("so");
    }

    @Test
    void doesNotGoOnWhenTheRequestIsWrong() {
        route("spare/m", "wire/m");
        spare.script = listener -> {
            throw new ProblemException(ErrorCategory.INVALID_ARGUMENT, "X", "no such option");
        };
        assertThatThrownBy(() -> chat(false)).hasMessageContaining("no such option");
        assertThat(wire.asked).isZero();
    }

    @Test
    void passesOverModelsThatAreNotThere() throws Exception {
        route("gone/m", "wire/x", "spare/m");
        assertThat(chat(false).text()).contains("hi");
    }

    @Test
    void listsTheRouteWithWhatItsModelsCan() throws Exception {
        route("gone/m", "spare/m");
        assertThat(directory.models()).extracting(model -> model.id().toString()).contains("route/chat");
        assertThat(directory.model("route/chat").info().capabilities()).isNotEmpty();
        route("gone/m");
        assertThat(directory.models()).extracting(model -> model.id().toString()).doesNotContain("route/chat");
        assertThatThrownBy(() -> chat(false)).isInstanceOf(ProblemException.class).hasMessageContaining("gone/m");
    }

    @Test
    void routesTheCallsOfOtherModulesToo() throws Exception {
        route("wire/m", "spare/m");
        wire.script = listener -> {
            throw new ProblemException(ErrorCategory.UNAVAILABLE, "X", "not now");
        };
        List<ChatEvent> events = new ArrayList<>();
        LlmClient client = new LlmGateway(directory, router, usage.accounts());
        client.chat(
                FakeExchange.post("/", "").security(),
                ChatRequest.of("route/chat", List.of(Message.of(Message.Role.USER, "hi"))),
                events::add,
                new Cancellation());
        assertThat(events).containsExactly(new ChatEvent.TextDelta("hi"), new ChatEvent.Finish(ChatEvent.Reason.STOP, new Usage(3, 0, 1, 0)));
        assertThat(counted()).containsExactlyInAnyOrder("wire/m error", "spare/m success");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.openai;

import static io.hyperspot.llm.openai.Fixture.CALLER;
import static io.hyperspot.llm.openai.Fixture.KEY;
import static io.hyperspot.llm.openai.Fixture.problem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.itests.providers.ProviderServer;
import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.Message.Role;
import io.hyperspot.llm.Usage;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class ChatTest {
    private static final ChatRequest HELLO = ChatRequest.of("small", List.of(Message.of(Role.USER, "hi")));

    private final ObjectMapper json = new ObjectMapper();
    private final Fixture fixture = new Fixture();

    @AfterEach
    void stop() {
        fixture.close();
    }

    private static List<ChatEvent> chat(OpenAiWorker worker, ChatRequest request) throws Exception {
        List<ChatEvent> events = new ArrayList<>();
        worker.chat(CALLER, request, events::add, new Cancellation());
        return events;
    }

    private List<ChatEvent> chat(ProviderServer.Handler handler) throws Exception {
        try (ProviderServer provider = new ProviderServer(KEY, handler)) {
            return chat(fixture.worker(provider), HELLO);
        }
    }

    private ProblemException failing(ErrorCategory category, ProviderServer.Handler handler) throws Exception {
        try (ProviderServer provider = new ProviderServer(KEY, handler)) {
            OpenAiWorker worker = fixture.worker(provider);
            return problem(category, () -> chat(worker, HELLO));
        }
    }

    private static void stream(ProviderServer.Call call, String... data) throws Exception {
        call.startStream();
        for (String one : data) {
            call.data(one);
        }
        call.endStream();
    }

    private static String delta(String delta) {
        return "{\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":null}]}";
    }

    private static String finish(String reason) {
        return "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" + reason + "\"}]}";
    }

    @Test
    void streamsTextReasoningAndUsage() throws Exception {
        List<ChatEvent> events = chat(call -> stream(
                call,
                delta("{\"role\":\"assistant\",\"content\":\"\"}"),
                delta("{\"reasoning_content\":\"hm\"}"),
                delta("{\"content\":\"Grüß \"}"),
                delta("{\"content\":\"Gott\"}"),
                finish("stop"),
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":5,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":3},"
                        + "\"completion_tokens_details\":{\"reasoning_tokens\":2}}}",
                "[DONE]"));
        assertThat(events)
                .containsExactly(
                        new ChatEvent.ReasoningDelta("hm"),
                        new ChatEvent.TextDelta("Grüß "),
                        new ChatEvent.TextDelta("Gott"),
                        new ChatEvent.Finish(ChatEvent.Reason.STOP, new Usage(7, 3, 5, 2)));
    }

    @Test
    void streamsToolCalls() throws Exception {
        List<ChatEvent> events = chat(call -> stream(
                call,
                delta("{\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"type\":\"function\",\"function\":"
                        + "{\"name\":\"add\",\"arguments\":\"\"}}]}"),
                delta("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\"\"}}]}"),
                delta("{\"tool_calls\":[{\"index\":1,\"id\":\"c2\",\"function\":"
                        + "{\"name\":\"sub\",\"arguments\":\"{}\"}}]}"),
                finish("tool_calls"),
                "[DONE]"));
        assertThat(events)
                .containsExactly(
                        new ChatEvent.ToolCallDelta(0, "c1", "add", ""),
                        new ChatEvent.ToolCallDelta(0, "", "", "{\"a\""),
                        new ChatEvent.ToolCallDelta(1, "c2", "sub", "{}"),
                        new ChatEvent.Finish(ChatEvent.Reason.TOOL_CALLS, Usage.NONE));
    }

    @ParameterizedTest
    @CsvSource({"stop,STOP", "length,LENGTH", "content_filter,CONTENT_FILTER", "function_call,TOOL_CALLS", "new,STOP"})
    void tellsWhyAnAnswerEnded(String said, ChatEvent.Reason reason) throws Exception {
        assertThat(chat(call -> stream(call, finish(said), "[DONE]")))
                .containsExactly(new ChatEvent.Finish(reason, Usage.NONE));
    }

    @Test
    void readsEveryFormOfAnEventStream() throws Exception {
        byte[] text = (": a comment\r\n\r\nevent: x\r\nid: 1\r\ndata:" + delta("{\"content\":\"ä\"}") + "\r\n\r\n"
                        + "data: {\"choices\":\ndata: []}\n\n"
                        + "data: " + delta("{\"content\":\"€\"}") + "\r\r"
                        + "data: " + finish("stop") + "\n\ndata: [DONE]")
                .getBytes(StandardCharsets.UTF_8);
        List<ChatEvent> events = chat(call -> {
            call.startStream();
            for (byte one : text) {
                call.chunk(new byte[] {one});
            }
            call.endStream();
        });
        assertThat(events)
                .containsExactly(
                        new ChatEvent.TextDelta("ä"),
                        new ChatEvent.TextDelta("€"),
                        new ChatEvent.Finish(ChatEvent.Reason.STOP, Usage.NONE));
    }

    @Test
    void takesAnAnswerFromAProviderThatDoesNotStream() throws Exception {
        List<ChatEvent> events = chat(call -> call.json(
                200,
                "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hello\",\"tool_calls\":"
                        + "[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},"
                        + "\"finish_reason\":\"length\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}"));
        assertThat(events)
                .containsExactly(
                        new ChatEvent.TextDelta("hello"),
                        new ChatEvent.ToolCallDelta(0, "c1", "f", "{}"),
                        new ChatEvent.Finish(ChatEvent.Reason.LENGTH, new Usage(1, 0, 2, 0)));
    }

    @Test
    void passesOnWhatItDoesNotKnow() throws Exception {
        List<ChatEvent> events = chat(call -> stream(call, "{\"sources\":[1]}", finish("stop"), "[DONE]"));
        assertThat(events.getFirst())
                .isEqualTo(new ChatEvent.Unknown("openai", (ObjectNode) json.readTree("{\"sources\":[1]}")));
    }

    @Test
    void keepsTheConnectionAfterAStream() throws Exception {
        String text = "data: " + finish("stop") + "\n\ndata: [DONE]\n\n";
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
        String chunked = Integer.toHexString(text.length()) + "\r\n" + text + "\r\n0\r\n\r\n";
        for (String answer : List.of(
                head + "Content-Length: " + text.length() + "\r\n\r\n" + text,
                head + "Transfer-Encoding: chunked\r\n\r\n" + chunked)) {
            try (ProviderServer provider = new ProviderServer(KEY, call -> call.send(answer))) {
                OpenAiWorker worker = fixture.worker(provider);
                for (int i = 0; i < 3; i++) {
                    assertThat(chat(worker, HELLO)).hasSize(1);
                }
                assertThat(provider.connections()).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400,INVALID_ARGUMENT", "401,BAD_UPSTREAM", "403,BAD_UPSTREAM", "404,NOT_FOUND", "408,DEADLINE_EXCEEDED",
        "413,TOO_LARGE", "422,INVALID_ARGUMENT", "429,RESOURCE_EXHAUSTED", "500,BAD_UPSTREAM", "502,BAD_UPSTREAM",
        "503,UNAVAILABLE", "504,DEADLINE_EXCEEDED", "302,BAD_UPSTREAM",
    })
    void turnsAStatusIntoAProblem(int status, ErrorCategory category) throws Exception {
        ProblemException problem = failing(
                category,
                call -> call.json(status, "{\"error\":{\"message\":\"because\\nof this\"}}", "Retry-After: 7"));
        assertThat(problem.detail()).contains("'acme'");
        if (status == 429 || status == 503) {
            assertThat(problem.context()).containsEntry("retry_after_seconds", 7L);
        }
        if (status == 400) {
            assertThat(problem.detail()).endsWith("because of this");
        }
    }

    @Test
    void takesErrorsThatAreNoJson() throws Exception {
        assertThat(failing(ErrorCategory.BAD_UPSTREAM, call -> call.answer(502, "text/html", "<h1>x</h1>")).detail())
                .doesNotContain("<h1>");
        failing(ErrorCategory.RESOURCE_EXHAUSTED, call -> call.json(429, "", "Retry-After: Wed, 21 Oct 2015"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"error\":{\"message\":\"no\",\"type\":\"server_error\"}}|BAD_UPSTREAM",
                "{\"error\":{\"message\":\"no\",\"code\":429}}|RESOURCE_EXHAUSTED",
                "{\"error\":{\"message\":\"no\",\"type\":\"overloaded_error\"}}|UNAVAILABLE",
                "{\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\"}}|INVALID_ARGUMENT",
                "{\"error\":{\"message\":\"no\",\"type\":\"insufficient_quota\"}}|RESOURCE_EXHAUSTED",
                "{\"error\":\"no\"}|BAD_UPSTREAM",
            })
    void turnsAnErrorWithinAStreamIntoAProblem(String event, ErrorCategory category) throws Exception {
        ProblemException problem =
                failing(category, call -> stream(call, delta("{\"content\":\"a\"}"), event));
        assertThat(problem.detail()).endsWith(": no");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "{\"a\":", "[1]", "17", "{} {}", "{\"a\":\"\u0001\"}"})
    void refusesEventsThatAreNoObjects(String data) throws Exception {
        assertThat(failing(ErrorCategory.BAD_UPSTREAM, call -> stream(call, data)).detail())
                .contains("answers garbage");
    }

    @Test
    void refusesTruncatedUtf8() throws Exception {
        failing(ErrorCategory.BAD_UPSTREAM, call -> {
            call.startStream();
            byte[] bytes = ("data: " + delta("{\"content\":\"€\"}") + "\n\n").getBytes(StandardCharsets.UTF_8);
            int euro = new String(bytes, StandardCharsets.ISO_8859_1).indexOf('\u00e2');
            byte[] cut = new byte[bytes.length - 1];
            System.arraycopy(bytes, 0, cut, 0, euro + 2);
            System.arraycopy(bytes, euro + 3, cut, euro + 2, bytes.length - euro - 3);
            call.chunk(cut);
            call.endStream();
        });
    }

    @Test
    void refusesALineWithoutEnd() throws Exception {
        ProblemException problem = failing(ErrorCategory.BAD_UPSTREAM, call -> {
            call.startStream();
            byte[] much = "x".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
            call.chunk("data: ");
            for (int i = 0; i < 40; i++) {
                call.chunk(much);
            }
            call.awaitClose();
        });
        assertThat(problem.detail()).contains("an event of more than");
    }

    @Test
    void reportsAnAnswerThatIsNotComplete() throws Exception {
        failing(ErrorCategory.BAD_UPSTREAM, call -> stream(call, delta("{\"content\":\"a\"}")));
        failing(ErrorCategory.BAD_UPSTREAM, call -> {
            call.startStream();
            call.data(delta("{\"content\":\"a\"}"));
            call.reset();
        });
        failing(ErrorCategory.BAD_UPSTREAM, call -> call.json(200, "{}"));
        failing(ErrorCategory.BAD_UPSTREAM, call -> call.json(200, ""));
        failing(ErrorCategory.BAD_UPSTREAM, ProviderServer.Call::close);
    }

    @Test
    void reportsAStreamThatStalls() throws Exception {
        try (ProviderServer provider = new ProviderServer(KEY, call -> {
            call.startStream();
            call.data(delta("{\"content\":\"a\"}"));
            call.awaitClose();
        })) {
            OpenAiWorker worker = fixture.worker(provider, Map.of("idle_timeout_seconds", 1));
            problem(ErrorCategory.DEADLINE_EXCEEDED, () -> chat(worker, HELLO));
        }
    }

    @Test
    void endsWhenItsCallerLeaves() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        try (ProviderServer provider = new ProviderServer(KEY, call -> {
                    call.startStream();
                    call.data(delta("{\"content\":\"a\"}"));
                    call.awaitClose();
                    left.countDown();
                });
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            OpenAiWorker worker = fixture.worker(provider);
            Cancellation cancellation = new Cancellation();
            var running = threads.submit(() -> problem(
                    ErrorCategory.CANCELLED,
                    () -> worker.chat(CALLER, HELLO, event -> first.countDown(), cancellation)));
            first.await();
            cancellation.cancel("the client left");
            running.get();
            left.await();
        }
    }
}

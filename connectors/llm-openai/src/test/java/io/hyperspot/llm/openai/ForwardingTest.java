// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.openai;

import static io.hyperspot.llm.openai.Fixture.CALLER;
import static io.hyperspot.llm.openai.Fixture.KEY;
import static io.hyperspot.llm.openai.Fixture.call;
import static io.hyperspot.llm.openai.Fixture.forward;
import static io.hyperspot.llm.openai.Fixture.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyperspot.itests.providers.ProviderServer;
import io.hyperspot.llm.openai.Fixture.Client;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class ForwardingTest {
    private static final String ANSWER = "{\"id\":\"1\",\"choices\":[],\"extra\":\"ü\"}";

    private final Fixture fixture = new Fixture();

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void passesAnAnswerOnByteForByte() throws Exception {
        CompletableFuture<ProviderServer.Call> seen = new CompletableFuture<>();
        try (ProviderServer provider = new ProviderServer(KEY, call -> {
            seen.complete(call);
            call.json(
                    200,
                    ANSWER,
                    "X-Request-Id: req-7",
                    "X-RateLimit-Remaining-Requests: 9",
                    "Set-Cookie: secret=1",
                    "Retry-After: 3");
        })) {
            OpenAiWorker worker =
                    fixture.worker(provider, Map.of("organization", "org-1", "project", "proj-2"));
            Client client = forward(worker);
            assertThat(client.status).isEqualTo(200);
            assertThat(client.contentType).isEqualTo("application/json");
            assertThat(client.length).isEqualTo(ANSWER.getBytes(StandardCharsets.UTF_8).length);
            assertThat(client.text()).isEqualTo(ANSWER);
            assertThat(client.headers)
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            "x-upstream-request-id", "req-7",
                            "x-ratelimit-remaining-requests", "9",
                            "retry-after", "3"));
            assertThat(seen.join().path()).isEqualTo("/v1/chat/completions");
            assertThat(seen.join().header("openai-organization")).isEqualTo("org-1");
            assertThat(seen.join().header("openai-project")).isEqualTo("proj-2");
            assertThat(seen.join().body().path("messages").path(0).path("content").asText()).isEqualTo("hi");
            assertThat(worker.speaks(WireWorker.OPENAI)).isTrue();
            assertThat(worker.speaks("anthropic")).isFalse();
            worker.stop();
        }
    }

    @Test
    void takesResponsesOnlyWhereTheProviderHasThem() throws Exception {
        CompletableFuture<ProviderServer.Call> seen = new CompletableFuture<>();
        try (ProviderServer provider = new ProviderServer(KEY, call -> {
            seen.complete(call);
            call.json(200, ANSWER);
        })) {
            assertThat(fixture.worker(provider).speaks(WireWorker.OPENAI_RESPONSES)).isFalse();
            OpenAiWorker worker = fixture.worker(provider, Map.of("responses", true));
            assertThat(worker.speaks(WireWorker.OPENAI_RESPONSES)).isTrue();
            byte[] body = "{\"model\":\"m\",\"input\":\"hi\"}".getBytes(StandardCharsets.UTF_8);
            Client client = new Client();
            WireWorker.Call call = new WireWorker.Call(WireWorker.OPENAI_RESPONSES, "/responses", body, 0, body.length);
            worker.forward(CALLER, call, client, new Cancellation());
            assertThat(client.text()).isEqualTo(ANSWER);
            assertThat(seen.join().path()).isEqualTo("/v1/responses");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "", "  "})
    void sendsNoKeyWhenThereIsNone(String key) throws Exception {
        try (ProviderServer provider = new ProviderServer("", call -> call.json(200, ANSWER))) {
            assertThat(forward(fixture.worker(provider, Map.of("api_key", key))).status).isEqualTo(200);
        }
    }

    @Test
    void passesAStreamOnAsItComes() throws Exception {
        CountDownLatch half = new CountDownLatch(1);
        try (ProviderServer provider = new ProviderServer(KEY, call -> {
                    call.startStream();
                    call.data("{\"a\":1}");
                    half.await();
                    call.data("[DONE]");
                    call.endStream();
                });
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            OpenAiWorker worker = fixture.worker(provider);
            Client client = new Client();
            var running = threads.submit(() -> {
                worker.forward(CALLER, call(), client, new Cancellation());
                return null;
            });
            await().until(() -> client.text().equals("data: {\"a\":1}\n\n"));
            half.countDown();
            running.get();
            assertThat(client.text()).isEqualTo("data: {\"a\":1}\n\ndata: [DONE]\n\n");
            assertThat(client.contentType).isEqualTo("text/event-stream");
            assertThat(client.length).isEqualTo(-1);
        }
    }

    @Test
    void passesALongAnswerOnThatIsNotAStream() throws Exception {
        String large = "{\"data\":\"" + "x".repeat(3_000_000) + "\"}";
        try (ProviderServer provider = new ProviderServer(KEY, call -> call.json(200, large))) {
            Client client = forward(fixture.worker(provider));
            assertThat(client.length).isEqualTo(large.length());
            assertThat(client.text()).isEqualTo(large);
        }
    }

    @Test
    void givesAChunkedAnswerItsLength() throws Exception {
        try (ProviderServer provider = new ProviderServer(KEY, call -> {
            call.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
            call.chunk(" {\"a\":");
            call.chunk("1}");
            call.endStream();
        })) {
            Client client = forward(fixture.worker(provider));
            assertThat(client.text()).isEqualTo(" {\"a\":1}");
            assertThat(client.length).isEqualTo(8);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 413, 422, 429, 500, 503})
    void passesErrorsOnAsTheyAre(int status) throws Exception {
        String error = "{\"error\":{\"message\":\"no\"}}";
        try (ProviderServer provider = new ProviderServer(KEY, call -> call.json(status, error, "Retry-After: 7"))) {
            Client client = forward(fixture.worker(provider));
            assertThat(client.status).isEqualTo(status);
            assertThat(client.text()).isEqualTo(error);
            assertThat(client.headers).containsEntry("retry-after", "7");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void doesNotPassOnThatItsOwnKeyWasRefused(int status) throws Exception {
        try (ProviderServer provider =
                new ProviderServer(KEY, call -> call.json(status, "{\"error\":\"bad key " + KEY + "\"}"))) {
            OpenAiWorker worker = fixture.worker(provider);
            Client client = new Client();
            var problem = problem(
                    ErrorCategory.BAD_UPSTREAM, () -> worker.forward(CALLER, call(), client, new Cancellation()));
            assertThat(problem.detail()).contains("'acme'", "refused the key");
            assertThat(client.status).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>hello</html>", "   ", "[1]", "null"})
    void refusesASuccessWithoutAnObject(String garbage) throws Exception {
        try (ProviderServer provider = new ProviderServer(KEY, call -> call.json(200, garbage))) {
            OpenAiWorker worker = fixture.worker(provider);
            assertThat(problem(ErrorCategory.BAD_UPSTREAM, () -> forward(worker)).detail())
                    .contains("answers garbage");
        }
    }

    @Test
    void refusesARedirect() throws Exception {
        try (ProviderServer provider =
                new ProviderServer(KEY, call -> call.json(302, "{}", "Location: http://127.0.0.1:1/"))) {
            OpenAiWorker worker = fixture.worker(provider);
            assertThat(problem(ErrorCategory.BAD_UPSTREAM, () -> forward(worker)).detail())
                    .contains("redirect");
        }
    }

    @Test
    void refusesWhatIsNotHttp() throws Exception {
        try (ProviderServer provider = new ProviderServer(KEY, call -> {
            call.send("SSH-2.0-OpenSSH_9.9\r\n");
            call.awaitClose();
        })) {
            OpenAiWorker worker = fixture.worker(provider);
            assertThat(problem(ErrorCategory.BAD_UPSTREAM, () -> forward(worker)).detail())
                    .contains("answers garbage");
        }
    }

    @Test
    void reportsAProviderThatIsNotThere() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        OpenAiWorker worker = fixture.worker(
                Map.of("base_url", "http://127.0.0.1:" + port + "/v1", "models", new String[] {"small"}, "retries", 0));
        for (int i = 0; i < 8; i++) {
            var problem = problem(ErrorCategory.UNAVAILABLE, () -> forward(worker));
            assertThat(problem.code()).isEqualTo(i < 5 ? "PROVIDER_UNREACHABLE" : "PROVIDER_OVERLOADED");
        }
    }

    @Test
    void reportsAProviderThatDoesNotAnswer() throws Exception {
        try (ProviderServer provider = new ProviderServer(KEY, ProviderServer.Call::awaitClose)) {
            OpenAiWorker worker = fixture.worker(provider, Map.of("first_byte_timeout_seconds", 1));
            problem(ErrorCategory.DEADLINE_EXCEEDED, () -> forward(worker));
        }
    }

    @Test
    void reportsAStreamThatStalls() throws Exception {
        try (ProviderServer provider = new ProviderServer(KEY, call -> {
            call.startStream();
            call.data("{}");
            call.awaitClose();
        })) {
            OpenAiWorker worker = fixture.worker(provider, Map.of("idle_timeout_seconds", 1));
            Client client = new Client();
            problem(
                    ErrorCategory.DEADLINE_EXCEEDED,
                    () -> worker.forward(CALLER, call(), client, new Cancellation()));
            assertThat(client.text()).isEqualTo("data: {}\n\n");
        }
    }

    @Test
    void reportsAnswersThatBreakOff() throws Exception {
        ProviderServer.Handler[] ways = {
            ProviderServer.Call::reset,
            ProviderServer.Call::close,
            call -> {
                call.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":");
                call.close();
            },
            call -> {
                call.startStream();
                call.data("{}");
                call.close();
            },
            call -> {
                call.startStream();
                call.data("{}");
                call.reset();
            },
            call -> {
                call.startStream();
                call.endStream();
            }
        };
        for (ProviderServer.Handler way : ways) {
            try (ProviderServer provider = new ProviderServer(KEY, way)) {
                OpenAiWorker worker = fixture.worker(provider);
                problem(ErrorCategory.BAD_UPSTREAM, () -> forward(worker));
            }
        }
    }

    @Test
    void leavesTheProviderWhenItsCallerLeaves() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        try (ProviderServer provider = new ProviderServer(KEY, call -> {
                    asked.countDown();
                    call.awaitClose();
                    left.countDown();
                });
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            OpenAiWorker worker = fixture.worker(provider);
            Cancellation cancellation = new Cancellation();
            var running = threads.submit(() -> problem(
                    ErrorCategory.CANCELLED, () -> worker.forward(CALLER, call(), new Client(), cancellation)));
            asked.await();
            cancellation.cancel("the client left");
            left.await();
            running.get();
        }
    }

    @Test
    void leavesTheProviderWhenItsCallerCannotBeWrittenTo() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        try (ProviderServer provider = new ProviderServer(KEY, call -> {
            call.startStream();
            call.data("{}");
            call.awaitClose();
            left.countDown();
        })) {
            OpenAiWorker worker = fixture.worker(provider);
            WireWorker.Sink gone = new WireWorker.Sink() {
                @Override
                public void start(int status, String contentType, long length, Map<String, String> headers) {}

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    throw new IOException("gone");
                }
            };
            assertThatThrownBy(() -> worker.forward(CALLER, call(), gone, new Cancellation()))
                    .isInstanceOf(IOException.class)
                    .hasMessage("gone");
            left.await();
        }
    }
}

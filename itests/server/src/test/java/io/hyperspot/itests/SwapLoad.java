// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that ask the connector acme.swap without a pause, until closed, in turn by the protocols of all surfaces; each
 * request has a text of its own.
 */
final class SwapLoad implements AutoCloseable {
    /** A request that was not answered as it should be. */
    record Failure(String text, boolean isStream, String what) {}

    /**
     * How one protocol asks and is answered.
     *
     * @param body with MODEL, TEXT and STREAM in their places
     * @param text where the answer says its text
     * @param end what a stream that is whole contains
     */
    private record Protocol(String path, String streamPath, String body, String text, List<String> end) {
        String body(String model, String text, boolean stream) {
            return body.replace("MODEL", model).replace("TEXT", text).replace("STREAM", Boolean.toString(stream));
        }

        String path(String model, boolean stream) {
            return (stream ? streamPath : path).replace("MODEL", model);
        }
    }

    private static final List<Protocol> PROTOCOLS = List.of(
            new Protocol(
                    "/openai/v1/chat/completions",
                    "/openai/v1/chat/completions",
                    "{\"model\":\"MODEL\",\"stream\":STREAM,\"messages\":[{\"role\":\"user\",\"content\":\"TEXT\"}]}",
                    "/choices/0/message/content",
                    List.of("[DONE]", "\"finish_reason\":\"stop\"")),
            new Protocol(
                    "/openai/v1/responses",
                    "/openai/v1/responses",
                    "{\"model\":\"MODEL\",\"stream\":STREAM,\"input\":\"TEXT\"}",
                    "/output/0/content/0/text",
                    List.of("response.completed")),
            new Protocol(
                    "/anthropic/v1/messages",
                    "/anthropic/v1/messages",
                    "{\"model\":\"MODEL\",\"stream\":STREAM,\"max_tokens\":99,\"messages\":[{\"role\":\"user\",\"content\":\"TEXT\"}]}",
                    "/content/0/text",
                    List.of("message_stop", "end_turn")),
            new Protocol(
                    "/gemini/v1beta/models/MODEL:generateContent",
                    "/gemini/v1beta/models/MODEL:streamGenerateContent?alt=sse",
                    "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"TEXT\"}]}]}",
                    "/candidates/0/content/parts/0/text",
                    List.of("\"finishReason\":\"STOP\"")));

    final List<Failure> failures = new CopyOnWriteArrayList<>();
    final Set<String> versions = ConcurrentHashMap.newKeySet();
    final AtomicInteger answers = new AtomicInteger();
    final AtomicInteger streams = new AtomicInteger();
    private final TestServer server;
    private final AtomicInteger begun = new AtomicInteger();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean running = true;

    SwapLoad(TestServer server, int unary, int streaming) {
        this.server = server;
        for (int i = 0; i < unary; i++) {
            Protocol protocol = PROTOCOLS.get(i % PROTOCOLS.size());
            clients.execute(() -> loop(protocol, false));
        }
        for (int i = 0; i < streaming; i++) {
            Protocol protocol = PROTOCOLS.get(i % PROTOCOLS.size());
            clients.execute(() -> loop(protocol, true));
        }
    }

    private void loop(Protocol protocol, boolean stream) {
        while (running) {
            String text = "request " + begun.incrementAndGet();
            String trouble;
            try {
                trouble = stream ? slow(protocol, text) : quick(protocol, text);
            } catch (Exception | AssertionError e) {
                trouble = String.valueOf(e);
            }
            if (!trouble.isEmpty()) {
                failures.add(new Failure(text, stream, trouble));
            }
        }
    }

    private String quick(Protocol protocol, String text) throws Exception {
        TestServer.Answer answer =
                server.post(protocol.path("swap/quick", false), protocol.body("swap/quick", text, false));
        if (answer.status() != 200) {
            return answer.status() + " " + answer.body();
        }
        versions.add(answer.json().at(protocol.text()).asText());
        answers.incrementAndGet();
        return "";
    }

    private String slow(Protocol protocol, String text) throws Exception {
        TestServer.Answer answer = server.post(protocol.path("swap/slow", true), protocol.body("swap/slow", text, true));
        if (answer.status() == 200
                && protocol.end().stream().allMatch(answer.body()::contains)
                && !answer.body().contains("\"error\":{")) {
            streams.incrementAndGet();
            return "";
        }
        return answer.status() + " " + answer.body();
    }

    /** Returns when every request that was begun has its answer. */
    void end() {
        running = false;
        clients.close();
    }

    @Override
    public void close() {
        end();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that ask the connector acme.swap without a pause, until closed; each request has a text of its own. */
final class SwapLoad implements AutoCloseable {
    /** A request that was not answered as it should be. */
    record Failure(String text, boolean isStream, String what) {}

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
            clients.execute(() -> loop(false));
        }
        for (int i = 0; i < streaming; i++) {
            clients.execute(() -> loop(true));
        }
    }

    private void loop(boolean stream) {
        while (running) {
            String text = "request " + begun.incrementAndGet();
            String trouble;
            try {
                trouble = stream ? slow(text) : quick(text);
            } catch (Exception | AssertionError e) {
                trouble = String.valueOf(e);
            }
            if (!trouble.isEmpty()) {
                failures.add(new Failure(text, stream, trouble));
            }
        }
    }

    private String quick(String text) throws Exception {
        TestServer.Answer answer = server.post("/openai/v1/chat/completions", TestServer.chat("swap/quick", text));
        if (answer.status() != 200) {
            return answer.status() + " " + answer.body();
        }
        versions.add(answer.json().at("/choices/0/message/content").asText());
        answers.incrementAndGet();
        return "";
    }

    private String slow(String text) throws Exception {
        String request = TestServer.chat("swap/slow", text).replace("{\"model\"", "{\"stream\":true,\"model\"");
        TestServer.Answer answer = server.post("/openai/v1/chat/completions", request);
        if (answer.status() == 200
                && answer.body().contains("[DONE]")
                && answer.body().contains("\"finish_reason\":\"stop\"")
                && !answer.body().contains("\"error\"")) {
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

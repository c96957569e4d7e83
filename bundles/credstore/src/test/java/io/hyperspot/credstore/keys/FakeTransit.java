// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.keys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What Vault's transit engine answers, by the documentation of its HTTP API (Vault 1.x). It keeps plaintexts
 * instead of encrypting; what it refuses, Vault refuses with the same status.
 */
final class FakeTransit implements AutoCloseable {
    static final String TOKEN = "hvs.token-7731";

    private record Kept(String plaintext, String associated) {}

    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    /** What was wrong with requests that no caller should send. */
    final ConcurrentLinkedQueue<String> mistakes = new ConcurrentLinkedQueue<>();

    final AtomicInteger version = new AtomicInteger(1);
    /** Not 0: the status of all answers; -1: no answer at all. */
    volatile int broken;
    /** Not empty: the body of all answers with 200. */
    volatile String body = "";

    FakeTransit() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (broken < 0) {
                over.await();
                return;
            }
            byte[] sent = exchange.getRequestBody().readAllBytes();
            Answer answer = broken > 0 ? new Answer(broken, "{\"errors\":[\"broken\"]}") : answer(exchange, sent);
            if (!body.isEmpty()) {
                answer = new Answer(200, body);
            }
            byte[] bytes = answer.body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Answer(int status, String body) {}

    private Answer answer(HttpExchange exchange, byte[] sent) throws IOException {
        if (!TOKEN.equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"))) {
            return new Answer(403, "{\"errors\":[\"permission denied\"]}");
        }
        String call = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        return switch (call) {
            case "GET /v1/transit/keys/hyperspot" -> new Answer(
                    200, "{\"data\":{\"type\":\"aes256-gcm96\",\"latest_version\":" + version + "}}");
            case "POST /v1/transit/keys/hyperspot/rotate" -> {
                version.incrementAndGet();
                yield new Answer(204, "");
            }
            case "POST /v1/transit/encrypt/hyperspot" -> encrypt(json.readTree(sent));
            case "POST /v1/transit/decrypt/hyperspot" -> decrypt(json.readTree(sent));
            default -> {
                mistakes.add(call);
                yield new Answer(404, "{\"errors\":[]}");
            }
        };
    }

    private String base64(JsonNode request, String member) {
        String text = request.path(member).asText();
        if (text.isEmpty() || !isBase64(text)) {
            mistakes.add(member + " is no base64");
        }
        return text;
    }

    private static boolean isBase64(String text) {
        try {
            return Base64.getDecoder().decode(text).length > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private Answer encrypt(JsonNode request) {
        String id = Base64.getEncoder().encodeToString(("kept-" + kept.size()).getBytes(StandardCharsets.US_ASCII));
        String ciphertext = "vault:v" + version + ":" + id;
        kept.put(ciphertext, new Kept(base64(request, "plaintext"), base64(request, "associated_data")));
        return new Answer(200, "{\"data\":{\"ciphertext\":\"" + ciphertext + "\",\"key_version\":" + version + "}}");
    }

    private Answer decrypt(JsonNode request) {
        Kept found = kept.get(request.path("ciphertext").asText());
        if (found == null || !Objects.equals(found.associated, base64(request, "associated_data"))) {
            return new Answer(400, "{\"errors\":[\"cipher: message authentication failed\"]}");
        }
        return new Answer(200, "{\"data\":{\"plaintext\":\"" + found.plaintext + "\"}}");
    }

    List<String> mistakes() {
        return new ArrayList<>(mistakes);
    }

    @Override
    public void close() {
        over.countDown();
        server.stop(0);
        threads.close();
    }
}

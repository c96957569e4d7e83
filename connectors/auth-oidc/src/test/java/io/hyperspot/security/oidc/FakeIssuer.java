// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A provider on loopback that says what its test wants. */
final class FakeIssuer implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    final AtomicInteger keyRequests = new AtomicInteger();
    final List<Map<String, String>> exchanges = new CopyOnWriteArrayList<>();
    final Map<String, Object> metadata = new LinkedHashMap<>();
    volatile List<TestKey> keys = List.of();
    volatile @Nullable String keysBody;
    volatile int keysStatus = 200;
    volatile int tokenStatus = 200;
    volatile Map<String, Object> tokenAnswer = Map.of();
    volatile @Nullable CountDownLatch hold;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final String base;

    FakeIssuer() throws IOException {
        this(0);
    }

    FakeIssuer(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
        server.setExecutor(threads);
        base = "http://127.0.0.1:" + server.getAddress().getPort();
        metadata.put("issuer", issuer());
        metadata.put("jwks_uri", base + "/keys");
        metadata.put("authorization_endpoint", base + "/authorize");
        metadata.put("token_endpoint", base + "/token");
        server.createContext("/realms/acme/.well-known/openid-configuration", e -> answer(e, 200, text(metadata)));
        server.createContext("/keys", this::keys);
        server.createContext("/token", this::token);
        server.start();
    }

    String issuer() {
        return base + "/realms/acme";
    }

    String base() {
        return base;
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void keys(HttpExchange exchange) throws IOException {
        keyRequests.incrementAndGet();
        CountDownLatch latch = hold;
        if (latch != null) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        List<Map<String, Object>> published = new ArrayList<>();
        keys.forEach(key -> published.add(key.jwk()));
        String body = keysBody;
        answer(exchange, keysStatus, body == null ? text(Map.of("keys", published)) : body);
    }

    private void token(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : form.split("&")) {
            String[] parts = field.split("=", 2);
            fields.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        fields.put("authorization", authorization == null ? "" : authorization);
        exchanges.add(fields);
        answer(exchange, tokenStatus, text(tokenAnswer));
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    static String text(Object json) {
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

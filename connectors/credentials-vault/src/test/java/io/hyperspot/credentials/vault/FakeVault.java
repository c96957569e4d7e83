// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A local server, not the real product: what Vault's key-value engine of version 2, its AppRole and Kubernetes
 * methods and its tokens answer, by the documentation of the HTTP API (Vault 1.x). It keeps everything in memory
 * and refuses what Vault refuses, with the same status: tokens that are over, another namespace, a {@code cas} that
 * does not match.
 */
final class FakeVault implements AutoCloseable {
    static final String NAMESPACE = "team/blue";
    static final String MOUNT = "kv/hs";
    static final String ROLE_ID = "role-7731";

    /** One version of the engine's. */
    static final class Entry {
        final JsonNode data;
        Instant created;
        boolean deleted;

        Entry(JsonNode data, Instant created) {
            this.data = data;
            this.created = created;
        }
    }

    private record Answer(int status, String body) {}

    private final ObjectMapper json = new ObjectMapper();
    private final NavigableMap<String, List<Entry>> documents = new TreeMap<>();
    private final Map<String, Instant> tokens = new ConcurrentHashMap<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final AtomicInteger counter = new AtomicInteger();
    /** What was wrong with requests that no caller should send. */
    final ConcurrentLinkedQueue<String> mistakes = new ConcurrentLinkedQueue<>();
    /** Method and path of each request. */
    final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();

    final Supplier<Instant> now;
    volatile String secretId = "secret-id-1";
    volatile String jwt = "eyJ.jwt.1";
    volatile int loginSeconds = 60;
    volatile int renewSeconds = 60;
    volatile boolean renewable = true;
    volatile boolean policyAllows = true;
    /** Not 0: the status of all answers; -1: no answer at all. */
    volatile int broken;
    /** Not empty: the body of all answers with 200. */
    volatile String body = "";
    /** Whether the next write is done and its answer lost on the way. */
    final AtomicBoolean losing = new AtomicBoolean();
    /** Runs before a write is looked at. */
    volatile Runnable beforeWrite = () -> {};

    FakeVault(Supplier<Instant> now) throws IOException {
        this.now = now;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void token(String token, Duration time) {
        tokens.put(token, now.get().plus(time));
    }

    void revokeAll() {
        tokens.clear();
    }

    List<String> tokens() {
        return List.copyOf(tokens.keySet());
    }

    long count(String start) {
        return requests.stream().filter(request -> request.startsWith(start)).count();
    }

    synchronized List<Entry> entries(String path) {
        return new ArrayList<>(documents.getOrDefault(path, List.of()));
    }

    synchronized List<String> paths() {
        return List.copyOf(documents.keySet());
    }

    synchronized void write(String path, String data) throws IOException {
        documents.computeIfAbsent(path, p -> new ArrayList<>()).add(new Entry(json.readTree(data), Instant.now()));
    }

    /** Makes a document older. */
    synchronized void age(String path, Duration time) {
        Entry last = documents.getOrDefault(path, List.of()).getLast();
        last.created = last.created.minus(time);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] sent = exchange.getRequestBody().readAllBytes();
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            if (broken < 0) {
                over.await();
                return;
            }
            Answer answer = broken > 0 ? errors(broken, "broken") : answer(exchange, sent);
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

    private Answer errors(int status, String... messages) {
        ArrayNode list = json.createArrayNode();
        List.of(messages).forEach(list::add);
        return new Answer(status, json.createObjectNode().set("errors", list).toString());
    }

    private Answer answer(HttpExchange exchange, byte[] sent) throws IOException {
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().getRawPath().replaceFirst("^/v1/", "");
        if (!"true".equals(exchange.getRequestHeaders().getFirst("X-Vault-Request"))) {
            mistakes.add("no X-Vault-Request");
        }
        if (!NAMESPACE.equals(exchange.getRequestHeaders().getFirst("X-Vault-Namespace"))) {
            return errors(404, "no handler for route \"" + path + "\". route entry not found.");
        }
        JsonNode body = sent.length == 0 ? json.createObjectNode() : json.readTree(sent);
        String token = exchange.getRequestHeaders().getFirst("X-Vault-Token");
        if (path.startsWith("auth/") && path.endsWith("/login")) {
            if (token != null) {
                mistakes.add("a login with a token");
            }
            return login(path, body);
        }
        Instant until = token == null ? null : tokens.get(token);
        if (until == null || until.isBefore(now.get())) {
            return errors(403, "permission denied", "invalid token");
        }
        if (path.equals("auth/token/renew-self")) {
            return renew(token);
        }
        if (!policyAllows) {
            return errors(403, "1 error occurred:\n\t* permission denied\n\n");
        }
        if (path.startsWith(MOUNT + "/data/")) {
            String document = path.substring((MOUNT + "/data/").length());
            return switch (method) {
                case "GET" -> read(document);
                case "POST", "PUT" -> {
                    beforeWrite.run();
                    Answer written = write(document, body);
                    yield losing.getAndSet(false) ? errors(502, "bad gateway") : written;
                }
                default -> mistake(method + " " + path);
            };
        }
        if (path.startsWith(MOUNT + "/metadata/")) {
            String document = path.substring((MOUNT + "/metadata/").length());
            boolean list = "list=true".equals(exchange.getRequestURI().getRawQuery());
            return switch (method) {
                case "GET" -> list ? list(document) : mistake(method + " " + path);
                case "DELETE" -> remove(document);
                default -> mistake(method + " " + path);
            };
        }
        return errors(404, "no handler for route \"" + path + "\". route entry not found.");
    }

    private Answer mistake(String what) {
        mistakes.add(what);
        return errors(405, "unsupported operation");
    }

    private Answer login(String path, JsonNode body) {
        boolean good =
                switch (path) {
                    case "auth/approle/login" -> ROLE_ID.equals(body.path("role_id").asText())
                            && secretId.equals(body.path("secret_id").asText());
                    case "auth/k8s/east/login" -> "hyperspot".equals(body.path("role").asText())
                            && jwt.equals(body.path("jwt").asText());
                    default -> false;
                };
        if (!good) {
            return errors(400, "invalid role or secret ID");
        }
        String token = "hvs.login-7731-" + counter.incrementAndGet();
        tokens.put(token, loginSeconds == 0 ? Instant.MAX : now.get().plusSeconds(loginSeconds));
        return auth(token, loginSeconds);
    }

    private Answer renew(String token) {
        if (!renewable) {
            return errors(400, "lease is not renewable");
        }
        tokens.put(token, now.get().plusSeconds(renewSeconds));
        return auth(token, renewSeconds);
    }

    private Answer auth(String token, int seconds) {
        ObjectNode auth = json.createObjectNode()
                .put("client_token", token)
                .put("lease_duration", seconds)
                .put("renewable", renewable)
                .put("token_type", "service");
        return new Answer(200, json.createObjectNode().set("auth", auth).toString());
    }

    private ObjectNode metadata(int version, Entry entry) {
        return json.createObjectNode()
                .put("created_time", entry.created.toString())
                .put("deletion_time", entry.deleted ? entry.created.toString() : "")
                .put("destroyed", false)
                .put("version", version);
    }

    private synchronized Answer read(String document) {
        List<Entry> entries = documents.get(document);
        if (entries == null) {
            return errors(404);
        }
        Entry last = entries.getLast();
        ObjectNode data = json.createObjectNode();
        data.set("data", last.deleted ? null : last.data);
        data.set("metadata", metadata(entries.size(), last));
        return new Answer(last.deleted ? 404 : 200, json.createObjectNode().set("data", data).toString());
    }

    private synchronized Answer write(String document, JsonNode body) {
        List<Entry> entries = documents.get(document);
        JsonNode cas = body.path("options").path("cas");
        if (!cas.isIntegralNumber()) {
            mistakes.add("a write without cas");
        }
        if (cas.asInt() != (entries == null ? 0 : entries.size())) {
            return errors(400, "check-and-set parameter did not match the current version");
        }
        if (!body.path("data").isObject()) {
            return errors(400, "no data provided");
        }
        entries = documents.computeIfAbsent(document, path -> new ArrayList<>());
        entries.add(new Entry(body.path("data"), Instant.now()));
        return new Answer(
                200, json.createObjectNode().set("data", metadata(entries.size(), entries.getLast())).toString());
    }

    private synchronized Answer list(String folder) {
        ArrayNode keys = json.createArrayNode();
        documents.keySet().stream()
                .filter(path -> path.startsWith(folder + "/"))
                .map(path -> path.substring(folder.length() + 1))
                .map(rest -> rest.contains("/") ? rest.substring(0, rest.indexOf('/') + 1) : rest)
                .distinct()
                .forEach(keys::add);
        if (keys.isEmpty()) {
            return errors(404);
        }
        ObjectNode data = json.createObjectNode();
        data.set("keys", keys);
        return new Answer(200, json.createObjectNode().set("data", data).toString());
    }

    private synchronized Answer remove(String document) {
        documents.remove(document);
        return new Answer(204, "");
    }

    @Override
    public void close() {
        over.countDown();
        server.stop(0);
        threads.close();
    }
}

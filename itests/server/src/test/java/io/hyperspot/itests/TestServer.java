// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.itests.databases.TestDatabase;
import io.hyperspot.runtime.Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.ServiceReference;

/** The distribution, running in this JVM on a home of its own and a free port. */
final class TestServer implements AutoCloseable {
    static final Path DISTRIBUTION = Path.of(System.getProperty("hyperspot.distribution"));
    private static final Map<Path, Map<String, String>> DATABASES = new ConcurrentHashMap<>();
    private static final Duration START = Duration.ofSeconds(60);

    final ObjectMapper json = new ObjectMapper();
    final Path home;
    final Server server;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private TestServer(Path home, Server server) {
        this.home = home;
        this.server = server;
    }

    /** Starts a server whose configuration file has the given text, and waits until it is ready. */
    static TestServer start(Path home, String yaml) throws Exception {
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/hyperspot.yaml"), yaml);
        return start(home);
    }

    /** The configuration of tenants below the root, to be put below {@code modules:}. */
    static String tenants(String... ids) {
        return "  tenant-resolver: { worker: configured }\n  tenants-configured:\n    tenants:\n"
                + String.join("", Arrays.stream(ids).map(id -> "      - id=" + id + "; name=tenant " + id + "\n").toList());
    }

    /** Starts a server on a home as it is. */
    static TestServer start(Path home) throws Exception {
        Map<String, String> overrides = new HashMap<>(database(home));
        overrides.put("modules.web.port", "0");
        Map<String, String> settings = new HashMap<>();
        settings.put("hyperspot.overrides", String.join(",", overrides.keySet()));
        overrides.forEach((key, value) -> settings.put("hyperspot.override." + key, value));
        Server server = Server.start(DISTRIBUTION, home, settings);
        List<String> missing = server.awaitReady(START);
        if (!missing.isEmpty()) {
            server.close();
            throw new AssertionError("the server is not ready: " + missing);
        }
        return new TestServer(home, server);
    }

    /** A database of the home's own, of the kind that this run of the tests is for. */
    private static Map<String, String> database(Path home) throws Exception {
        TestDatabase kind = TestDatabase.valueOf(System.getProperty("hyperspot.test.database", "SQLITE"));
        if (kind != TestDatabase.SQLITE && !DATABASES.containsKey(home)) {
            keepIn(kind.fresh(), home);
        }
        return DATABASES.getOrDefault(home, Map.of());
    }

    /**
     * Says in which database the server of a home keeps everything, whatever kind this run of the tests is for.
     *
     * @param settings the keys of {@code modules.persistence}
     */
    static void keepIn(Map<String, String> settings, Path home) {
        DATABASES.put(
                home,
                settings.entrySet().stream()
                        .collect(Collectors.toMap(each -> "modules.persistence." + each.getKey(), Map.Entry::getValue)));
    }

    HttpClient http() {
        return client;
    }

    URI url() {
        return server.url();
    }

    /** The key that the first start made: it may do everything. */
    String firstKey() throws IOException {
        return Files.readString(home.resolve("data/first-api-key")).strip();
    }

    void configure(String yaml) throws IOException {
        // as an editor does: a new file in the place of the old one
        Path next = Files.writeString(home.resolve("config/hyperspot.yaml.new"), yaml);
        Files.move(next, home.resolve("config/hyperspot.yaml"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    /** An answer with its body as text. */
    record Answer(int status, Map<String, List<String>> headers, String body, ObjectMapper mapper) {
        JsonNode json() {
            try {
                return mapper.readTree(body);
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + body, e);
            }
        }

        String header(String name) {
            List<String> values = headers.get(name.toLowerCase(java.util.Locale.ROOT));
            return values == null ? "" : values.getFirst();
        }
    }

    Answer get(String path) throws Exception {
        return send("GET", path, firstKey(), null);
    }

    Answer post(String path, String body) throws Exception {
        return send("POST", path, firstKey(), body);
    }

    /**
     * @param key null: no credential
     * @param body null: none
     */
    Answer send(String method, String path, @Nullable String key, @Nullable String body, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(url().resolve(path))
                .timeout(Duration.ofMinutes(2))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        if (body != null && !List.of(headers).contains("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    Answer send(HttpRequest request) throws Exception {
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        Map<String, List<String>> lower = new HashMap<>();
        response.headers().map().forEach((name, values) -> lower.put(name.toLowerCase(java.util.Locale.ROOT), values));
        return new Answer(response.statusCode(), lower, response.body(), json);
    }

    /** The ids of the models that are offered now. */
    List<String> models() throws Exception {
        return get("/openai/v1/models").json().path("data").findValuesAsText("id");
    }

    /**
     * A new key of any tenant, by the container's own service, whose classes this class path does not
     * have. What it opens is said by the tenant resolver.
     */
    String newKey(String tenant, String... scopes) throws Exception {
        // "all": the framework itself has no wire to the contract
        ServiceReference<?> reference = Objects.requireNonNull(
                server.context().getAllServiceReferences("io.hyperspot.security.ApiKeys", null))[0];
        Object keys = Objects.requireNonNull(server.context().getService(reference));
        try {
            Class<?> contract = Arrays.stream(keys.getClass().getInterfaces())
                    .filter(type -> type.getName().equals("io.hyperspot.security.ApiKeys"))
                    .findFirst()
                    .orElseThrow();
            ClassLoader loader = contract.getClassLoader();
            Class<?> tenantType = loader.loadClass("io.hyperspot.security.TenantId");
            Class<?> contextType = loader.loadClass("io.hyperspot.security.SecurityContext");
            Object all = loader.loadClass("io.hyperspot.security.Permission").getField("ALL").get(null);
            Object context = contextType
                    .getConstructor(String.class, tenantType, List.class)
                    .newInstance("user:test", tenantType.getMethod("of", String.class).invoke(null, tenant), List.of(all));
            Object created = contract.getMethod("create", contextType, String.class, List.class, Instant.class)
                    .invoke(keys, context, "test", List.of(scopes), null);
            return (String) created.getClass().getMethod("secret").invoke(created);
        } finally {
            server.context().ungetService(reference);
        }
    }

    static String chat(String model, String text) {
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}

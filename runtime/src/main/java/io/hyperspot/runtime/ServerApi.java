// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How the commands reach the running server: its REST API, with an API key. */
final class ServerApi {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** An upgrade waits for the new version to start and to be healthy. */
    private static final Duration UPLOAD_TIMEOUT = Duration.ofMinutes(5);

    private static final Set<String> SCHEMES = Set.of("http", "https");

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    private @Nullable URI url;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "File with the API key (default: $HYPERSPOT_API_KEY, else <home>/data/first-api-key).")
    private @Nullable Path keyFile;

    @Option(names = "--url", paramLabel = "URL", description = "The server (default: the one that runs on this home).")
    void setUrl(URI url) {
        if (!SCHEMES.contains(String.valueOf(url.getScheme())) || url.getHost() == null) {
            throw new ParameterException(
                    Objects.requireNonNull(command).commandLine(),
                    "'" + url + "' is no server's address; write it as http://127.0.0.1:8087");
        }
        this.url = url;
    }

    private final ObjectMapper json = new ObjectMapper();

    /** An answer of the server. */
    record Answer(int status, JsonNode body) {}

    /** Whether the caller said which server. */
    boolean named() {
        return url != null;
    }

    ObjectMapper json() {
        return json;
    }

    /**
     * Calls an operation that needs no key; any status is an answer.
     *
     * @throws LaunchException when no server answers
     */
    Answer open(Home home, String path) throws InterruptedException {
        return send(home, HttpRequest.newBuilder(base(home).resolve(path)));
    }

    /**
     * Calls an operation and gives its body.
     *
     * @param body null: none
     * @throws LaunchException when no server answers or it answers with a problem, whose detail is the
     *     message
     */
    JsonNode call(Home home, String method, String path, @Nullable JsonNode body) throws InterruptedException {
        HttpRequest.Builder request = authorized(home, path)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.toString()));
        return accepted(send(home, request));
    }

    /**
     * Changes what is as it was when it was read just now.
     *
     * @throws LaunchException as {@link #call}, also when somebody else changes it at the same time
     */
    JsonNode change(Home home, String method, String path, JsonNode body) throws InterruptedException {
        HttpResponse<byte[]> seen = exchange(home, authorized(home, path), TIMEOUT);
        HttpRequest.Builder request = authorized(home, path)
                .header("Content-Type", "application/json")
                .header("If-Match", seen.headers().firstValue("ETag").orElse("*"))
                .method(method, HttpRequest.BodyPublishers.ofString(body.toString()));
        return accepted(send(home, request));
    }

    /**
     * Sends a JAR and gives the answer's body.
     *
     * @throws LaunchException as {@link #call}
     */
    JsonNode upload(Home home, String path, Path jar) throws InterruptedException {
        try {
            HttpRequest.Builder request = authorized(home, path)
                    .header("Content-Type", "application/java-archive")
                    .POST(HttpRequest.BodyPublishers.ofFile(jar));
            return accepted(send(home, request, UPLOAD_TIMEOUT));
        } catch (FileNotFoundException e) {
            throw new LaunchException("there is no file " + jar, e);
        }
    }

    /**
     * Gets a text.
     *
     * @throws LaunchException as {@link #call}
     */
    String text(Home home, String path) throws InterruptedException {
        HttpResponse<byte[]> response = exchange(home, authorized(home, path), TIMEOUT);
        if (response.statusCode() < 400) {
            return new String(response.body(), StandardCharsets.UTF_8);
        }
        try {
            throw refused(new Answer(response.statusCode(), read(home, response)));
        } catch (IOException e) {
            throw new LaunchException("the server answered " + response.statusCode(), e);
        }
    }

    /**
     * Copies an answer of any length.
     *
     * @throws LaunchException as {@link #call}, also when it broke off
     */
    void copy(Home home, String path, OutputStream to) throws InterruptedException {
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
            HttpResponse<InputStream> response =
                    client.send(authorized(home, path).timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() >= 400) {
                    throw refused(new Answer(response.statusCode(), json.readTree(body)));
                }
                body.transferTo(to);
            }
        } catch (IOException e) {
            throw new LaunchException("the server at " + base(home) + " did not answer in full: " + e.getMessage(), e);
        }
    }

    /**
     * Follows a stream of events until it is closed. What it tells is a convenience: when the server does
     * not offer it, or it breaks off, nothing is told.
     *
     * @param events told of the data of each, on a thread of its own
     */
    AutoCloseable follow(Home home, String path, Consumer<JsonNode> events) throws InterruptedException {
        HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
        try {
            HttpRequest request = authorized(home, path)
                    .header("Accept", "text/event-stream")
                    .timeout(TIMEOUT)
                    .build();
            HttpResponse<Stream<String>> response = client.send(request, HttpResponse.BodyHandlers.ofLines());
            if (response.statusCode() == 200) {
                Thread.ofVirtual().name("events").start(() -> read(response.body(), events));
            }
        } catch (IOException e) {
            // what is done then has its own answer
        }
        return client::shutdownNow;
    }

    private void read(Stream<String> lines, Consumer<JsonNode> events) {
        try (lines) {
            for (String line : (Iterable<String>) lines::iterator) {
                if (line.startsWith("data:")) {
                    events.accept(json.readTree(line.substring("data:".length())));
                }
            }
        } catch (JsonProcessingException | UncheckedIOException e) {
            // broken off, or closed
        }
    }

    private HttpRequest.Builder authorized(Home home, String path) {
        return HttpRequest.newBuilder(base(home).resolve(path)).header("Authorization", "Bearer " + key(home));
    }

    private static JsonNode accepted(Answer answer) {
        if (answer.status() >= 400) {
            throw refused(answer);
        }
        return answer.body();
    }

    private static LaunchException refused(Answer answer) {
        String detail = answer.body().path("detail").asText(answer.body().path("error").path("message").asText());
        return new LaunchException(detail.isEmpty() ? "the server answered " + answer.status() : detail);
    }

    private Answer send(Home home, HttpRequest.Builder request) throws InterruptedException {
        return send(home, request, TIMEOUT);
    }

    private Answer send(Home home, HttpRequest.Builder request, Duration timeout) throws InterruptedException {
        HttpResponse<byte[]> response = exchange(home, request, timeout);
        try {
            return new Answer(response.statusCode(), read(home, response));
        } catch (IOException e) {
            throw new LaunchException("the server at " + base(home) + " did not answer: " + e.getMessage(), e);
        }
    }

    private HttpResponse<byte[]> exchange(Home home, HttpRequest.Builder request, Duration timeout)
            throws InterruptedException {
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
            return client.send(request.timeout(timeout).build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (ConnectException e) {
            throw new LaunchException("no server answers at " + base(home) + "; start it with 'hyperspot run'", e);
        } catch (IOException e) {
            throw new LaunchException("the server at " + base(home) + " did not answer: " + e.getMessage(), e);
        }
    }

    private JsonNode read(Home home, HttpResponse<byte[]> response) throws IOException {
        if (response.body().length == 0) {
            return json.createObjectNode();
        }
        try {
            return json.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new LaunchException(
                    base(home) + " answered " + response.statusCode() + " with something else than JSON; is it a HyperSpot server?", e);
        }
    }

    private URI base(Home home) {
        if (url != null) {
            return url;
        }
        try {
            return new URI(Files.readString(home.address()).strip());
        } catch (URISyntaxException e) {
            throw new LaunchException(home.address() + " holds no address; remove it and start the server again", e);
        } catch (IOException e) {
            throw new LaunchException("no server runs on " + home.root() + "; start it with 'hyperspot run', or name it with --url", e);
        }
    }

    private String key(Home home) {
        String fromEnvironment = System.getenv("HYPERSPOT_API_KEY");
        if (keyFile == null && fromEnvironment != null && !fromEnvironment.isBlank()) {
            return checked(fromEnvironment.strip(), "$HYPERSPOT_API_KEY");
        }
        Path file = keyFile != null ? keyFile : home.firstApiKey();
        try {
            return checked(Files.readString(file).strip(), file.toString());
        } catch (IOException e) {
            throw new LaunchException("cannot read the API key in " + file + "; name another with --key-file", e);
        }
    }

    /** Never tells the key itself. */
    private static String checked(String key, String place) {
        if (key.isEmpty() || key.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new LaunchException(place + " holds no API key: it must be one line without spaces");
        }
        return key;
    }
}

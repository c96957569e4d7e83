// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;

/** The started server. Thread-safe. */
final class Target {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_MS = 2;

    private final URI url;
    private final String key;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ObjectMapper json = new ObjectMapper();

    Target(URI url, String key) {
        this.url = url;
        this.key = key;
    }

    /** Something that is waited for. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    static void until(String what, Condition condition) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new IllegalStateException("it never came: " + what);
            }
            Thread.sleep(LOOK_MS);
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(
                request.header("Authorization", "Bearer " + key).timeout(PATIENCE).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(url.resolve(path));
    }

    HttpResponse<String> chat(String model, boolean stream, String text) throws IOException, InterruptedException {
        String body = "{\"model\":\"swap/" + model + "\",\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
        return send(request("/openai/v1/chat/completions")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** The text of an answer, or empty. */
    static String content(HttpResponse<String> answer) {
        int at = answer.body().indexOf("\"content\":\"");
        return answer.statusCode() != 200 || at < 0
                ? ""
                : answer.body().substring(at + 11, answer.body().indexOf('"', at + 11));
    }

    /** Returns with the first answer of a version. */
    void awaitAnswer(String version) throws IOException, InterruptedException {
        until("an answer of " + version, () -> version.equals(content(chat("quick", false, "which version?"))));
    }

    /**
     * @param query for example {@code ?percent=10}, or empty
     */
    HttpResponse<String> upload(Path jar, String query) throws IOException, InterruptedException {
        return send(request("/plugins/v1/upload" + query)
                .header("Content-Type", "application/java-archive")
                .POST(HttpRequest.BodyPublishers.ofFile(jar)));
    }

    /**
     * @return the plugin
     * @throws IllegalStateException when it is refused
     */
    JsonNode install(Path jar, String query) throws IOException, InterruptedException {
        return accepted(upload(jar, query));
    }

    /**
     * @param body JSON
     * @return the plugin
     * @throws IllegalStateException when it is refused
     */
    JsonNode rollback(String body) throws IOException, InterruptedException {
        return accepted(send(request("/plugins/v1/plugins/acme.swap/rollback")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))));
    }

    private JsonNode accepted(HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("refused: " + answer.statusCode() + " " + answer.body());
        }
        return json.readTree(answer.body());
    }

    /** Removes the plugin, and returns when nothing of it is left. */
    void remove() throws IOException, InterruptedException {
        send(request("/plugins/v1/plugins/acme.swap").DELETE());
        until("the end of the plugin", () -> send(request("/plugins/v1/plugins/acme.swap").GET()).statusCode() == 404);
    }

    /** A version of the plugin as the API shows it; a missing node when it is not known. */
    JsonNode version(String version) throws IOException, InterruptedException {
        JsonNode plugin = json.readTree(send(request("/plugins/v1/plugins/acme.swap").GET()).body());
        for (JsonNode known : plugin.path("versions")) {
            if (known.path("version").asText().equals(version)) {
                return known;
            }
        }
        return plugin.path("none");
    }
}

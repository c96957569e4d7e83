// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's browser, without a window: it keeps cookies and sends them to every port of this machine, says of which
 * site a form is, and follows where it is sent.
 */
final class TestBrowser implements AutoCloseable {
    private static final int MOST_STEPS = 20;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Map<String, String> cookies = new TreeMap<>();

    /**
     * What a server answered.
     *
     * @param next where it sends the browser, null: nowhere
     */
    record Page(URI address, int status, @Nullable URI next, String body) {
        JsonNode json() {
            try {
                return new ObjectMapper().readTree(body);
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + this, e);
            }
        }

        String code() {
            return json().path("code").asText();
        }
    }

    /** Empty when there is none. */
    String cookie(String name) {
        return cookies.getOrDefault(name, "");
    }

    /** Opens an address, without going where it sends the browser. */
    Page open(URI address) throws Exception {
        return send(HttpRequest.newBuilder(address));
    }

    /** Sends a form of a page. */
    Page submit(Page page, URI action, Map<String, String> fields) throws Exception {
        String form = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(HttpRequest.newBuilder(action)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", page.address().resolve("/").toString().replaceAll("/$", ""))
                .POST(BodyPublishers.ofString(form)));
    }

    /** Sends JSON as a script of the server's own page does. */
    Page send(String method, URI address, @Nullable String json, String... headers) throws Exception {
        BodyPublisher body = json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json);
        HttpRequest.Builder request = HttpRequest.newBuilder(address).method(method, body);
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    /** Goes where it is sent, until that is nowhere or an address that is to be kept. */
    Page follow(Page from, Predicate<URI> kept) throws Exception {
        Page page = from;
        for (int steps = 0; steps < MOST_STEPS; steps++) {
            URI next = page.next();
            if (next == null || kept.test(next)) {
                return page;
            }
            page = open(next);
        }
        throw new AssertionError("sent around without an end: " + page);
    }

    Page follow(Page from) throws Exception {
        return follow(from, next -> false);
    }

    private Page send(HttpRequest.Builder request) throws Exception {
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).collect(Collectors.joining("; ")));
        }
        HttpResponse<String> response =
                client.send(request.timeout(Duration.ofMinutes(1)).build(), BodyHandlers.ofString());
        response.headers().allValues("set-cookie").forEach(this::keep);
        URI next = response.headers().firstValue("location").map(response.uri()::resolve).orElse(null);
        return new Page(response.uri(), response.statusCode(), next, response.body());
    }

    private void keep(String text) {
        HttpCookie cookie = HttpCookie.parse(text).getFirst();
        if (cookie.hasExpired()) {
            cookies.remove(cookie.getName());
        } else {
            cookies.put(cookie.getName(), cookie.getValue());
        }
    }

    @Override
    public void close() {
        client.close();
    }
}

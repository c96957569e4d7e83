// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderClient.Header;
import io.hyperspot.http.client.ProviderClient.Request;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A provider's API with the headers that every request to it carries. Thread-safe. */
public final class Endpoint {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final int MAX_DOCUMENT = 8 << 20;
    private static final Header JSON = new Header("Content-Type", "application/json");

    private final @Nullable ProviderClient client;
    private final ProviderHealth health;
    private final Secret secret;
    private final Vendor vendor;
    private final Problems problems;
    private volatile Carried carried;

    /** The headers of a request without and with a body, for one value of the key. */
    private record Carried(String key, List<Header> reading, List<Header> writing) {
        @Override
        public String toString() {
            return "Carried";
        }
    }

    /**
     * @param client null: the configuration cannot be used, and every request is told so
     * @throws IllegalArgumentException for what a header cannot carry; names the key, not its value
     */
    Endpoint(
            @Nullable ProviderClient client, Secret secret, Vendor vendor, Problems problems, ProviderHealth health) {
        this.client = client;
        this.health = health;
        this.secret = secret;
        this.vendor = vendor;
        this.problems = problems;
        // a reference is not followed before it is used
        String key = client == null || secret.isFollowed() ? "" : secret.reveal();
        this.carried = client == null ? new Carried("", List.of(), List.of()) : carried(key);
    }

    private Carried carried(String key) {
        List<Header> reading = new ArrayList<>(vendor.headers(key));
        reading.add(new Header("User-Agent", "HyperSpot"));
        List<Header> writing = new ArrayList<>(reading);
        writing.add(JSON);
        return new Carried(key, List.copyOf(reading), List.copyOf(writing));
    }

    private Carried current() {
        Carried now = carried;
        if (secret.isFollowed()) {
            String key = secret.reveal();
            if (!key.equals(now.key())) {
                try {
                    now = carried(key);
                } catch (IllegalArgumentException e) {
                    throw new ProblemException(
                            ErrorCategory.UNAVAILABLE, "PROVIDER_MISCONFIGURED", String.valueOf(e.getMessage()), Map.of(), e);
                }
                carried = now;
            }
        }
        return now;
    }

    /**
     * A header whose value is configured.
     *
     * @param setting what is told instead of the value when it cannot be sent
     * @throws IllegalArgumentException when a header cannot carry the value
     */
    public static Header header(String name, String value, String setting) {
        if (value.chars().anyMatch(c -> c < ' ' || c >= 127)) {
            throw new IllegalArgumentException(setting + " holds a character that is not plain ASCII");
        }
        return new Header(name, value);
    }

    /**
     * Reads a JSON document.
     *
     * @param path relative to the base URL, with its query
     * @throws IOException when the provider does not answer
     * @throws ProblemException when it answers with something else
     */
    public JsonNode read(String path, Cancellation cancellation) throws IOException {
        Request request = new Request("GET", path, current().reading(), null);
        try (ProviderResponse answer = send(request, cancellation)) {
            if (answer.status() != 200) {
                throw problems.ofStatus(answer.status(), "", null);
            }
            return MAPPER.readTree(answer.readAll(MAX_DOCUMENT));
        } catch (JsonProcessingException e) {
            throw problems.garbage("what is not JSON", e);
        }
    }

    public Problems problems() {
        return problems;
    }

    /**
     * Sends JSON.
     *
     * @param more headers of this request, of which those count that the vendor accepts; they come before those
     *     of every request
     */
    ProviderResponse post(
            String path, Map<String, String> more, byte[] body, int offset, int length, Cancellation cancellation)
            throws UpstreamException {
        List<Header> headers = current().writing();
        return send(
                new Request("POST", path, more.isEmpty() ? headers : with(more, headers), body, offset, length),
                cancellation);
    }

    private List<Header> with(Map<String, String> more, List<Header> headers) {
        List<Header> all = new ArrayList<>();
        List<String> accepted = vendor.accepted();
        more.forEach((name, value) -> {
            if (accepted.contains(name)) {
                all.add(requested(name, value));
            }
        });
        for (Header header : headers) {
            if (all.stream().noneMatch(one -> one.name().equalsIgnoreCase(header.name()))) {
                all.add(header);
            }
        }
        return all;
    }

    /** The caller's mistake, not the configuration's. */
    private static Header requested(String name, String value) {
        try {
            return header(name, value, "a header of the request");
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT, "INVALID_HEADER", String.valueOf(e.getMessage()), Map.of(), e);
        }
    }

    private ProviderResponse send(Request request, Cancellation cancellation) throws UpstreamException {
        if (client == null) {
            throw new UpstreamException(Kind.FORBIDDEN, "the configuration cannot be used");
        }
        try {
            ProviderResponse answer = client.send(request, cancellation);
            health.answered(answer.status());
            return answer;
        } catch (UpstreamException e) {
            health.failed(e);
            throw e;
        }
    }
}

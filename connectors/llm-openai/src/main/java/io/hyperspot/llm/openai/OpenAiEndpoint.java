// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.openai;

import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderClient.Header;
import io.hyperspot.http.client.ProviderClient.Request;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The provider's API with the headers that every request to it carries. */
final class OpenAiEndpoint {
    private final @Nullable ProviderClient client;
    private final ProviderHealth health;
    private final Headers headers;
    private volatile Carried carried;

    /** The headers of a request without and with a body, for one value of the key. */
    private record Carried(String key, List<Header> reading, List<Header> writing) {
        @Override
        public String toString() {
            return "Carried";
        }
    }

    /** What every request carries. */
    static final class Headers {
        private final Secret key;
        private final String organization;
        private final String project;

        Headers(Secret key, String organization, String project) {
            this.key = key;
            this.organization = organization;
            this.project = project;
        }

        List<Header> of(String value) {
            return headers(value, organization, project);
        }
    }

    /**
     * @param client null: the configuration cannot be used, and every request is told so
     * @throws IllegalArgumentException for what a header cannot carry; names the key, not its value
     */
    OpenAiEndpoint(@Nullable ProviderClient client, Headers headers, ProviderHealth health) {
        this.client = client;
        this.health = health;
        this.headers = headers;
        // a reference is not followed before it is used
        String key = client == null || headers.key.isFollowed() ? "" : headers.key.reveal();
        this.carried = client == null ? new Carried("", List.of(), List.of()) : carried(key);
    }

    private Carried carried(String key) {
        List<Header> reading = headers.of(key);
        List<Header> writing = new ArrayList<>(reading);
        writing.add(new Header("Content-Type", "application/json"));
        return new Carried(key, reading, List.copyOf(writing));
    }

    private Carried current() {
        Carried now = carried;
        if (headers.key.isFollowed()) {
            String key = headers.key.reveal();
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

    static List<Header> headers(String key, String organization, String project) {
        List<Header> headers = new ArrayList<>();
        if (!key.isEmpty()) {
            headers.add(header("Authorization", "Bearer " + key, "api_key"));
        }
        if (!organization.isBlank()) {
            headers.add(header("OpenAI-Organization", organization.strip(), "organization"));
        }
        if (!project.isBlank()) {
            headers.add(header("OpenAI-Project", project.strip(), "project"));
        }
        headers.add(new Header("User-Agent", "HyperSpot"));
        return List.copyOf(headers);
    }

    private static Header header(String name, String value, String key) {
        if (value.chars().anyMatch(c -> c < ' ' || c >= 127)) {
            throw new IllegalArgumentException(key + " holds a character that is not plain ASCII");
        }
        return new Header(name, value);
    }

    ProviderResponse get(String path, Cancellation cancellation) throws UpstreamException {
        return send(new Request("GET", path, current().reading(), null), cancellation);
    }

    ProviderResponse post(String path, byte[] body, int offset, int length, Cancellation cancellation)
            throws UpstreamException {
        return send(new Request("POST", path, current().writing(), body, offset, length), cancellation);
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

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.openai;

import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderClient.Header;
import io.hyperspot.http.client.ProviderClient.Request;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import io.hyperspot.modkit.Cancellation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The provider's API with the headers that every request to it carries. */
final class OpenAiEndpoint {
    private final @Nullable ProviderClient client;
    private final ProviderHealth health;
    private final List<Header> reading;
    private final List<Header> writing;

    /**
     * @param client null: the configuration cannot be used, and every request is told so
     */
    OpenAiEndpoint(@Nullable ProviderClient client, List<Header> headers, ProviderHealth health) {
        this.client = client;
        this.health = health;
        reading = headers;
        List<Header> more = new ArrayList<>(headers);
        more.add(new Header("Content-Type", "application/json"));
        writing = List.copyOf(more);
    }

    /**
     * What every request carries.
     *
     * @throws IllegalArgumentException for what a header cannot carry; names the key, not its value
     */
    static List<Header> headers(Secret key, String organization, String project) {
        List<Header> headers = new ArrayList<>();
        if (!key.isEmpty()) {
            headers.add(header("Authorization", "Bearer " + key.reveal(), "api_key"));
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
        return send(new Request("GET", path, reading, null), cancellation);
    }

    ProviderResponse post(String path, byte[] body, int offset, int length, Cancellation cancellation)
            throws UpstreamException {
        return send(new Request("POST", path, writing, body, offset, length), cancellation);
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

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.openai;

import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderClient.Header;
import io.hyperspot.http.client.ProviderClient.Request;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.modkit.Cancellation;
import java.util.ArrayList;
import java.util.List;

/** The provider's API with the headers that every request to it carries. */
final class OpenAiEndpoint {
    private final ProviderClient client;
    private final List<Header> reading;
    private final List<Header> writing;

    OpenAiEndpoint(ProviderClient client, String apiKey, String organization, String project) {
        this.client = client;
        List<Header> headers = new ArrayList<>();
        String key = apiKey.strip();
        if (!key.isEmpty() && !key.equals("none")) {
            headers.add(new Header("Authorization", "Bearer " + key));
        }
        if (!organization.isBlank()) {
            headers.add(new Header("OpenAI-Organization", organization.strip()));
        }
        if (!project.isBlank()) {
            headers.add(new Header("OpenAI-Project", project.strip()));
        }
        headers.add(new Header("User-Agent", "HyperSpot"));
        reading = List.copyOf(headers);
        headers.add(new Header("Content-Type", "application/json"));
        writing = List.copyOf(headers);
    }

    ProviderResponse get(String path, Cancellation cancellation) throws UpstreamException {
        return client.send(new Request("GET", path, reading, null), cancellation);
    }

    ProviderResponse post(String path, byte[] body, int offset, int length, Cancellation cancellation)
            throws UpstreamException {
        return client.send(new Request("POST", path, writing, body, offset, length), cancellation);
    }
}

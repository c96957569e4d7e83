// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.http.client.ProviderClient.Header;
import io.hyperspot.llm.ModelInfo;
import io.hyperspot.llm.ModelInfo.Capability;
import io.hyperspot.llm.provider.Endpoint;
import io.hyperspot.llm.provider.Vendor;
import io.hyperspot.modkit.Cancellation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** OpenAI's REST API and those that are like it. */
record OpenAiVendor(String organization, String project) implements Vendor {
    private static final List<String> PASSED = List.of(
            "retry-after",
            "retry-after-ms",
            "x-ratelimit-limit-requests",
            "x-ratelimit-limit-tokens",
            "x-ratelimit-remaining-requests",
            "x-ratelimit-remaining-tokens",
            "x-ratelimit-reset-requests",
            "x-ratelimit-reset-tokens");

    @Override
    public List<Header> headers(String key) {
        List<Header> headers = new ArrayList<>();
        if (!key.isEmpty()) {
            headers.add(Endpoint.header("Authorization", "Bearer " + key, "api_key"));
        }
        if (!organization.isBlank()) {
            headers.add(Endpoint.header("OpenAI-Organization", organization.strip(), "organization"));
        }
        if (!project.isBlank()) {
            headers.add(Endpoint.header("OpenAI-Project", project.strip(), "project"));
        }
        return headers;
    }

    @Override
    public String said(JsonNode error) {
        return ChatAnswer.message(error);
    }

    /** The list says nothing of what a model can do. */
    @Override
    public ModelInfo model(String name) {
        boolean embeds = name.toLowerCase(Locale.ROOT).contains("embed");
        return new ModelInfo(name, Set.of(embeds ? Capability.EMBEDDINGS : Capability.CHAT), 0, 0);
    }

    @Override
    public List<ModelInfo> list(Endpoint endpoint, Cancellation cancellation) throws IOException {
        JsonNode data = endpoint.read("/models", cancellation).path("data");
        if (!data.isArray()) {
            throw endpoint.problems().garbage("a list of models without 'data'", null);
        }
        List<ModelInfo> models = new ArrayList<>();
        for (JsonNode entry : data) {
            models.add(model(entry.path("id").asText("")));
        }
        return models;
    }

    @Override
    public List<String> passed() {
        return PASSED;
    }

    @Override
    public String requestId() {
        return "x-request-id";
    }
}

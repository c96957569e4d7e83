// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyperspot.http.client.ProviderClient.Header;
import io.hyperspot.llm.ModelInfo;
import io.hyperspot.llm.ModelInfo.Capability;
import io.hyperspot.llm.provider.Endpoint;
import io.hyperspot.llm.provider.Vendor;
import io.hyperspot.modkit.Cancellation;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Anthropic's REST API around its messages. */
record AnthropicVendor(String version) implements Vendor {
    private static final int MOST_PAGES = 20;
    private static final Set<Capability> CAN =
            Set.of(Capability.CHAT, Capability.TOOLS, Capability.VISION, Capability.DOCUMENTS, Capability.STRUCTURED_OUTPUT);
    private static final List<String> PASSED = List.of(
            "retry-after",
            "anthropic-ratelimit-requests-limit",
            "anthropic-ratelimit-requests-remaining",
            "anthropic-ratelimit-requests-reset",
            "anthropic-ratelimit-tokens-limit",
            "anthropic-ratelimit-tokens-remaining",
            "anthropic-ratelimit-tokens-reset",
            "anthropic-ratelimit-input-tokens-limit",
            "anthropic-ratelimit-input-tokens-remaining",
            "anthropic-ratelimit-input-tokens-reset",
            "anthropic-ratelimit-output-tokens-limit",
            "anthropic-ratelimit-output-tokens-remaining",
            "anthropic-ratelimit-output-tokens-reset");

    @Override
    public List<Header> headers(String key) {
        List<Header> headers = new ArrayList<>();
        if (!key.isEmpty()) {
            headers.add(Endpoint.header("x-api-key", key, "api_key"));
        }
        headers.add(Endpoint.header("anthropic-version", version, "version"));
        return headers;
    }

    @Override
    public String said(JsonNode error) {
        return error.path("error").path("message").asText("");
    }

    @Override
    public ModelInfo model(String name) {
        return new ModelInfo(name, CAN, 0, 0);
    }

    @Override
    public List<ModelInfo> list(Endpoint endpoint, Cancellation cancellation) throws IOException {
        List<ModelInfo> models = new ArrayList<>();
        String after = "";
        for (int page = 0; page < MOST_PAGES; page++) {
            JsonNode root = endpoint.read("/models?limit=1000" + after, cancellation);
            if (!root.path("data").isArray()) {
                throw endpoint.problems().garbage("a list of models without 'data'", null);
            }
            for (JsonNode entry : root.path("data")) {
                models.add(model(entry.path("id").asText("")));
            }
            String last = root.path("last_id").asText("");
            if (!root.path("has_more").asBoolean() || last.isEmpty()) {
                break;
            }
            after = "&after_id=" + URLEncoder.encode(last, StandardCharsets.UTF_8);
        }
        return models;
    }

    @Override
    public List<String> accepted() {
        return List.of("anthropic-version", "anthropic-beta");
    }

    @Override
    public List<String> passed() {
        return PASSED;
    }

    @Override
    public String requestId() {
        return "request-id";
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gemini;

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
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Google's REST API around its answers.
 *
 * @param vertex whether the key is an access token
 */
record GeminiVendor(boolean vertex) implements Vendor {
    private static final int MOST_PAGES = 20;
    private static final String MODELS = "models/";
    private static final Set<Capability> CHAT = Set.of(
            Capability.CHAT,
            Capability.TOOLS,
            Capability.VISION,
            Capability.AUDIO,
            Capability.DOCUMENTS,
            Capability.STRUCTURED_OUTPUT);

    @Override
    public List<Header> headers(String key) {
        if (key.isEmpty()) {
            return List.of();
        }
        return List.of(
                vertex
                        ? Endpoint.header("Authorization", "Bearer " + key, "api_key")
                        : Endpoint.header("x-goog-api-key", key, "api_key"));
    }

    /** Of a document, or of the array that streams begin with when they are not asked for as events. */
    @Override
    public String said(JsonNode error) {
        return (error.isArray() ? error.path(0) : error).path("error").path("message").asText("");
    }

    @Override
    public ModelInfo model(String name) {
        return new ModelInfo(name, name.contains("embedding") ? Set.of(Capability.EMBEDDINGS) : CHAT, 0, 0);
    }

    @Override
    public List<ModelInfo> list(Endpoint endpoint, Cancellation cancellation) throws IOException {
        if (vertex) {
            throw endpoint.problems().unsupported("a question for its models; an operator must set models");
        }
        List<ModelInfo> models = new ArrayList<>();
        String after = "";
        for (int page = 0; page < MOST_PAGES; page++) {
            JsonNode root = endpoint.read("/models?pageSize=1000" + after, cancellation);
            if (!root.path("models").isArray()) {
                throw endpoint.problems().garbage("a list of models without 'models'", null);
            }
            root.path("models").forEach(entry -> add(models, entry));
            String next = root.path("nextPageToken").asText("");
            if (next.isEmpty()) {
                break;
            }
            after = "&pageToken=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
        }
        return models;
    }

    /** Models that can neither answer nor embed, such as those that draw, are left out. */
    private static void add(List<ModelInfo> models, JsonNode entry) {
        String name = entry.path("name").asText("");
        Set<Capability> can = EnumSet.noneOf(Capability.class);
        for (JsonNode method : entry.path("supportedGenerationMethods")) {
            if (method.asText().equals("generateContent")) {
                can.addAll(CHAT);
            } else if (method.asText().equals("embedContent")) {
                can.add(Capability.EMBEDDINGS);
            }
        }
        if (entry.path("thinking").asBoolean()) {
            can.add(Capability.REASONING);
        }
        if (!can.isEmpty()) {
            models.add(new ModelInfo(
                    name.startsWith(MODELS) ? name.substring(MODELS.length()) : name,
                    can,
                    entry.path("inputTokenLimit").asInt(),
                    0));
        }
    }

    @Override
    public List<String> passed() {
        return List.of("retry-after");
    }

    /** A trace of Google's front end; its APIs give their answers no names. */
    @Override
    public String requestId() {
        return "x-goog-trace-id";
    }
}

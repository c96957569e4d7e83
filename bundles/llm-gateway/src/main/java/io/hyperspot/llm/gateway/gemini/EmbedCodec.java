// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.modkit.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Vectors in Google's protocol: one content, or many requests of one model. */
final class EmbedCodec {
    private static final int MOST = 100;

    /** A hint what the vectors are for is no more than that to models that do not know it. */
    private static final Set<String> KNOWN = Set.of(
            "model", "content", "taskType", "task_type", "title", "outputDimensionality", "output_dimensionality");

    private EmbedCodec() {}

    /**
     * @throws ProblemException INVALID_ARGUMENT that names the member
     */
    static EmbeddingRequest one(ObjectNode root, String model) {
        return request(List.of(root), "", model);
    }

    /**
     * @throws ProblemException INVALID_ARGUMENT that names the member
     */
    static EmbeddingRequest many(ObjectNode root, String model) {
        List<JsonNode> requests = new ArrayList<>();
        root.path("requests").forEach(requests::add);
        if (requests.size() > MOST) {
            throw ProtoJson.invalid("requests", "holds " + requests.size() + "; at most " + MOST + " are taken at once");
        }
        return request(requests, "requests.", model);
    }

    private static EmbeddingRequest request(List<JsonNode> requests, String at, String model) {
        List<String> inputs = new ArrayList<>();
        Integer dimensions = null;
        for (int i = 0; i < requests.size(); i++) {
            JsonNode one = requests.get(i);
            one.fieldNames().forEachRemaining(name -> {
                if (!KNOWN.contains(name)) {
                    throw ProtoJson.invalid(at + name, "has no place in the protocol of this model's provider");
                }
            });
            Integer wanted = ProtoJson.integer(one, at, "outputDimensionality", 1);
            if (i > 0 && !Objects.equals(wanted, dimensions)) {
                throw ProtoJson.invalid(at + "outputDimensionality", "must be the same in all requests");
            }
            dimensions = wanted;
            inputs.add(text(one.path("content"), at));
        }
        return new EmbeddingRequest(model, inputs, dimensions);
    }

    private static String text(JsonNode content, String at) {
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content.path("parts")) {
            if (!part.path("text").isTextual()) {
                throw ProtoJson.invalid(at + "content", "must have parts with a text; no others are taken here");
            }
            text.append(part.path("text").textValue());
        }
        if (text.isEmpty()) {
            throw ProtoJson.invalid(at + "content", "must have a part with a text");
        }
        return text.toString();
    }

    static byte[] writeOne(EmbeddingResult result) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.set("embedding", embedding(result.vectors().getFirst()));
        return bytes(root, result);
    }

    static byte[] writeMany(EmbeddingResult result) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode all = root.putArray("embeddings");
        result.vectors().forEach(vector -> all.add(embedding(vector)));
        return bytes(root, result);
    }

    private static byte[] bytes(ObjectNode root, EmbeddingResult result) {
        if (result.usage().input() > 0) {
            root.putObject("usageMetadata").put("promptTokenCount", result.usage().input());
        }
        return root.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode embedding(float[] vector) {
        ObjectNode embedding = JsonNodeFactory.instance.objectNode();
        ArrayNode values = embedding.putArray("values");
        for (float value : vector) {
            values.add(value);
        }
        return embedding;
    }
}

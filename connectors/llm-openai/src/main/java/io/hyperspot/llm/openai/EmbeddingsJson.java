// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.llm.provider.Problems;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;

/** Requests and answers of the embeddings API. */
final class EmbeddingsJson {
    private final ObjectMapper json;
    private final Problems problems;

    EmbeddingsJson(ObjectMapper json, Problems problems) {
        this.json = json;
        this.problems = problems;
    }

    ObjectNode write(EmbeddingRequest request) {
        ObjectNode root = json.createObjectNode();
        root.put("model", request.model());
        ArrayNode input = root.putArray("input");
        request.inputs().forEach(input::add);
        if (request.dimensions() != null) {
            root.put("dimensions", request.dimensions());
        }
        root.put("encoding_format", "float");
        return root;
    }

    /** Vectors in the order of the inputs, whatever the answer's order. */
    EmbeddingResult read(byte[] body, int inputs) {
        JsonNode root;
        try {
            root = json.readTree(body);
        } catch (IOException e) {
            throw problems.garbage("embeddings that are not JSON", e);
        }
        JsonNode data = root.path("data");
        if (data.size() != inputs) {
            throw problems.garbage(data.size() + " vectors for " + inputs + " inputs", null);
        }
        float[][] vectors = new float[inputs][];
        for (int i = 0; i < inputs; i++) {
            JsonNode entry = data.get(i);
            int index = entry.path("index").asInt(i);
            if (index < 0 || index >= inputs || vectors[index] != null) {
                throw problems.garbage("vectors whose order cannot be told", null);
            }
            vectors[index] = vector(entry.path("embedding"));
        }
        return new EmbeddingResult(Arrays.asList(vectors), ChatAnswer.usage(root.path("usage")));
    }

    private float[] vector(JsonNode node) {
        float[] vector;
        if (node.isTextual()) {
            try {
                ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(node.textValue()));
                vector = new float[bytes.remaining() / Float.BYTES];
                bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
            } catch (IllegalArgumentException e) {
                throw problems.garbage("a vector that is not base64", e);
            }
        } else {
            vector = new float[node.size()];
            for (int i = 0; i < vector.length; i++) {
                if (!node.get(i).isNumber()) {
                    throw problems.garbage("a vector that is not made of numbers", null);
                }
                vector[i] = node.get(i).floatValue();
            }
        }
        if (vector.length == 0) {
            throw problems.garbage("an empty vector", null);
        }
        return vector;
    }
}

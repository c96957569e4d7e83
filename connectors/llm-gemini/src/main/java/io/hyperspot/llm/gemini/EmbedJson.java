// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.llm.Usage;
import io.hyperspot.llm.provider.Problems;
import java.util.ArrayList;
import java.util.List;

/** Vectors by {@code batchEmbedContents}. */
final class EmbedJson {
    private EmbedJson() {}

    static ObjectNode write(EmbeddingRequest request) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode requests = root.putArray("requests");
        for (String input : request.inputs()) {
            ObjectNode one = requests.addObject().put("model", "models/" + request.model());
            one.putObject("content").putArray("parts").addObject().put("text", input);
            if (request.dimensions() != null) {
                one.put("outputDimensionality", request.dimensions());
            }
        }
        return root;
    }

    /**
     * @throws io.hyperspot.modkit.ProblemException BAD_UPSTREAM when it is not one vector an input
     */
    static EmbeddingResult read(JsonNode answer, int inputs, Problems problems) {
        List<float[]> vectors = new ArrayList<>();
        for (JsonNode embedding : answer.path("embeddings")) {
            JsonNode values = embedding.path("values");
            float[] vector = new float[values.size()];
            for (int i = 0; i < vector.length; i++) {
                if (!values.get(i).isNumber()) {
                    throw problems.garbage("a vector with something that is no number", null);
                }
                vector[i] = values.get(i).floatValue();
            }
            if (vector.length > 0) {
                vectors.add(vector);
            }
        }
        if (vectors.size() != inputs) {
            throw problems.garbage(vectors.size() + " vectors for " + inputs + " inputs", null);
        }
        return new EmbeddingResult(
                vectors, new Usage(answer.path("usageMetadata").path("promptTokenCount").asLong(), 0, 0, 0));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Embeddings of the OpenAI protocol: float arrays, or little-endian floats in base64. */
final class EmbeddingsCodec {
    private static final int MAX_INPUTS = 2048;

    /** A request and how its vectors are to be written. */
    record Parsed(EmbeddingRequest request, boolean base64) {}

    private final ObjectMapper json;

    EmbeddingsCodec(ObjectMapper json) {
        this.json = json;
    }

    Parsed read(byte[] body, String model) {
        JsonNode root;
        try {
            root = json.readTree(body);
        } catch (IOException e) {
            throw invalid("the body is not valid JSON");
        }
        List<String> inputs = new ArrayList<>();
        JsonNode input = root.path("input");
        if (input.isTextual()) {
            inputs.add(input.asText());
        } else {
            for (JsonNode item : input) {
                if (!item.isTextual() || item.asText().isEmpty()) {
                    throw invalid("'input' must be a string or an array of strings that are not empty; tokens are not taken here");
                }
                inputs.add(item.asText());
            }
        }
        if (inputs.size() > MAX_INPUTS) {
            throw invalid("'input' has " + inputs.size() + " texts; at most " + MAX_INPUTS + " are taken at once");
        }
        String format = root.path("encoding_format").asText("float");
        if (!format.equals("float") && !format.equals("base64")) {
            throw invalid("'encoding_format' must be float or base64");
        }
        JsonNode dimensions = root.path("dimensions");
        if (!dimensions.isMissingNode() && !dimensions.isNull() && (!dimensions.isInt() || dimensions.asInt() < 1)) {
            throw invalid("'dimensions' must be a whole number of at least 1");
        }
        return new Parsed(
                new EmbeddingRequest(model, inputs, dimensions.isInt() ? dimensions.asInt() : null),
                format.equals("base64"));
    }

    byte[] write(EmbeddingResult result, String model, boolean base64) {
        ObjectNode root = json.createObjectNode().put("object", "list");
        ArrayNode data = root.putArray("data");
        for (float[] vector : result.vectors()) {
            ObjectNode item = data.addObject().put("object", "embedding").put("index", data.size() - 1);
            if (base64) {
                item.put("embedding", base64(vector));
            } else {
                ArrayNode values = item.putArray("embedding");
                for (float value : vector) {
                    values.add(value);
                }
            }
        }
        root.put("model", model);
        root.putObject("usage")
                .put("prompt_tokens", result.usage().input())
                .put("total_tokens", result.usage().input());
        return root.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, "INVALID_BODY", detail);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for vectors.
 *
 * @param model the name within its provider
 * @param dimensions null: the model's own
 */
public record EmbeddingRequest(String model, List<String> inputs, @Nullable Integer dimensions) {
    public EmbeddingRequest {
        inputs = List.copyOf(inputs);
    }
}

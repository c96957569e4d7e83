// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
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

    /**
     * Refuses what no model can do: no inputs, fewer than one dimension. A worker that does not leave
     * this to its provider begins with it.
     *
     * @throws ProblemException INVALID_ARGUMENT
     */
    public void validate() {
        if (inputs.isEmpty()) {
            throw new ProblemException(ErrorCategory.INVALID_ARGUMENT, "INVALID_REQUEST", "there must be an input");
        }
        if (dimensions != null && dimensions < 1) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT, "INVALID_REQUEST", "dimensions must be at least 1");
        }
    }
}

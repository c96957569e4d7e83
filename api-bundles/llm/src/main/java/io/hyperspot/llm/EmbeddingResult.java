// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm;

import java.util.List;

/** Vectors, one an input, in the order of the inputs. */
public record EmbeddingResult(List<float[]> vectors, Usage usage) {
    public EmbeddingResult {
        vectors = List.copyOf(vectors);
    }
}

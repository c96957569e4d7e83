// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm;

import java.util.Set;

/**
 * A model that a worker offers.
 *
 * @param model the name within its provider
 * @param contextTokens 0 when unknown
 * @param dimensions of an embedding model's vectors; 0 for others or when unknown
 */
public record ModelInfo(String model, Set<Capability> capabilities, int contextTokens, int dimensions) {
    /** What a model can do. */
    public enum Capability {
        CHAT,
        EMBEDDINGS,
        TOOLS,
        VISION,
        AUDIO,
        DOCUMENTS,
        REASONING,
        STRUCTURED_OUTPUT
    }

    public ModelInfo {
        capabilities = Set.copyOf(capabilities);
    }
}

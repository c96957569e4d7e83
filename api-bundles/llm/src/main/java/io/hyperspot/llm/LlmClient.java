// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm;

import io.hyperspot.modkit.Cancellation;
import io.hyperspot.security.SecurityContext;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The LLM gateway for other modules: any model by its canonical id. An OSGi service, thread-safe;
 * calls block.
 */
@ProviderType
public interface LlmClient {
    /** A model with its canonical id. */
    record Model(ModelId id, ModelInfo info) {}

    /** Receives an answer's events in order, on the calling thread. */
    @FunctionalInterface
    interface Listener {
        void event(ChatEvent event) throws Exception;
    }

    /** The models that the caller may use, ordered by id. */
    List<Model> models(SecurityContext ctx);

    /**
     * @param request its {@code model} is the canonical id
     * @throws io.hyperspot.modkit.ProblemException NOT_FOUND for an unknown model; UNAVAILABLE,
     *     RESOURCE_EXHAUSTED, BAD_UPSTREAM or DEADLINE_EXCEEDED for its worker's failures
     */
    void chat(SecurityContext ctx, ChatRequest request, Listener listener, Cancellation cancellation) throws Exception;

    /** As {@link #chat}, for vectors. */
    EmbeddingResult embed(SecurityContext ctx, EmbeddingRequest request, Cancellation cancellation) throws Exception;
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.spi;

import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.ModelInfo;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.security.SecurityContext;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One provider's models. A DS component with {@code @GtsWorker(type = LlmWorker.TYPE, ...)}.
 * Thread-safe; calls block their virtual thread and end soon after their cancellation. Failures are
 * {@link io.hyperspot.modkit.ProblemException}s: RESOURCE_EXHAUSTED (with {@code
 * retry_after_seconds} in the context when known), UNAVAILABLE, BAD_UPSTREAM, DEADLINE_EXCEEDED,
 * INVALID_ARGUMENT, NOT_FOUND.
 */
@ConsumerType
public interface LlmWorker {
    /** The GTS type of LLM workers. */
    String TYPE = "gts.hyperspot.core.modkit.plugin.v1~hyperspot.llm.gateway.worker.v1~";

    /** The first part of the canonical ids of its models; constant. */
    String provider();

    /** The models it offers now, from memory. */
    List<ModelInfo> models();

    /** Whether names that {@link #models} does not list are passed on to the provider. */
    default boolean allowsUnlisted() {
        return false;
    }

    /** Answers; the listener gets the events in order, last a {@code Finish}. */
    void chat(SecurityContext ctx, ChatRequest request, LlmClient.Listener listener, Cancellation cancellation)
            throws Exception;

    /** Computes vectors. */
    EmbeddingResult embed(SecurityContext ctx, EmbeddingRequest request, Cancellation cancellation) throws Exception;
}

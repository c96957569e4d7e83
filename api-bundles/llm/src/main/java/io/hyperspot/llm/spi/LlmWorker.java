// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.spi;

import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.ModelInfo;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.SecurityContext;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One provider's models. A DS component with {@code @GtsWorker(type = LlmWorker.TYPE, ...)}. The rules
 * here are tested by {@code LlmWorkerContract} (io.hyperspot.llm.testkit), which the test of every
 * connector extends.
 *
 * <p><b>Calls</b> come from many threads at once, with the worker's class loader as context class
 * loader, which they leave as it was. They block their virtual thread. When they are cancelled, before
 * or while they run, they end soon with a problem CANCELLED and give back what they held: connections,
 * places in a queue, the attention of a child process. How one call ends has no effect on others.
 *
 * <p><b>Failures</b> are {@link io.hyperspot.modkit.ProblemException}s: NOT_FOUND for a model that is
 * not there, INVALID_ARGUMENT for a request that cannot be served as it is (an impossible parameter,
 * something that the model cannot do, chat with a model for embeddings), RESOURCE_EXHAUSTED (with
 * {@code retry_after_seconds} in the context when known), UNAVAILABLE, BAD_UPSTREAM,
 * DEADLINE_EXCEEDED. Nothing else is thrown, but what the listener throws.
 *
 * <p><b>Life</b>: two workers of one class may be there at once, of two versions or of two
 * configurations; neither disturbs the other. Deactivation does not wait for calls; no thread of the
 * worker's own, no process and no idle connection outlives it.
 */
@ConsumerType
public interface LlmWorker {
    /** The GTS type of LLM workers. */
    String TYPE = "gts.hyperspot.core.modkit.plugin.v1~hyperspot.llm.gateway.worker.v1~";

    /**
     * The first part of the canonical ids of its models: lower-case letters, digits, dashes, dots and
     * underscores, beginning with a letter or digit; constant.
     */
    String provider();

    /**
     * The models it offers now, each name once; empty while they are not known. From memory: the gateway
     * asks for every request. Never fails; the list cannot be changed.
     */
    List<ModelInfo> models();

    /** Whether names that {@link #models} does not list are passed on to the provider. */
    default boolean allowsUnlisted() {
        return false;
    }

    /**
     * Answers. The listener is called by the calling thread, before this returns: any number of deltas,
     * then one {@code Finish}, exactly once and last. A call that throws has sent no {@code Finish}. What
     * the listener throws ends the call: it is thrown on as it is, and the listener is not called again.
     *
     * @throws io.hyperspot.modkit.ProblemException as above
     */
    void chat(SecurityContext ctx, ChatRequest request, LlmClient.Listener listener, Cancellation cancellation)
            throws Exception;

    /**
     * Counts the input tokens that {@link #chat} with this request would be charged for, without answering.
     * The default, of a worker that cannot, says UNIMPLEMENTED.
     *
     * @throws io.hyperspot.modkit.ProblemException as above
     */
    default long countTokens(SecurityContext ctx, ChatRequest request, Cancellation cancellation) throws Exception {
        throw new ProblemException(
                ErrorCategory.UNIMPLEMENTED,
                "TOKENS_NOT_COUNTED",
                "the provider '" + provider() + "' does not count tokens before it answers");
    }

    /**
     * Computes vectors, one an input and in their order, of the length that the model's {@code
     * dimensions} say or that the request asks for. One that computes none says INVALID_ARGUMENT.
     *
     * @throws io.hyperspot.modkit.ProblemException as above
     */
    EmbeddingResult embed(SecurityContext ctx, EmbeddingRequest request, Cancellation cancellation) throws Exception;
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.domain;

import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.ModelId;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.WorkerHandle;
import io.hyperspot.security.SecurityContext;
import java.util.List;

/** The LLM gateway for other modules. */
public final class LlmGateway implements LlmClient {
    private final ModelDirectory directory;

    public LlmGateway(ModelDirectory directory) {
        this.directory = directory;
    }

    @Override
    public List<Model> models(SecurityContext ctx) {
        return directory.models();
    }

    @Override
    public void chat(SecurityContext ctx, ChatRequest request, Listener listener, Cancellation cancellation)
            throws Exception {
        ModelId id = id(request.model());
        try (WorkerHandle.Lease<LlmWorker> lease = directory.lease(id, ctx)) {
            ChatRequest own = request.toBuilder().model(id.model()).build();
            lease.call(worker -> worker.chat(ctx, own, listener, cancellation));
        }
    }

    @Override
    public EmbeddingResult embed(SecurityContext ctx, EmbeddingRequest request, Cancellation cancellation)
            throws Exception {
        ModelId id = id(request.model());
        try (WorkerHandle.Lease<LlmWorker> lease = directory.lease(id, ctx)) {
            EmbeddingRequest own = new EmbeddingRequest(id.model(), request.inputs(), request.dimensions());
            EmbeddingResult[] result = new EmbeddingResult[1];
            lease.call(worker -> result[0] = worker.embed(ctx, own, cancellation));
            return result[0];
        }
    }

    private ModelId id(String name) {
        try {
            return ModelId.parse(name);
        } catch (IllegalArgumentException e) {
            ProblemException unknown = directory.unknown(name);
            unknown.addSuppressed(e);
            throw unknown;
        }
    }
}

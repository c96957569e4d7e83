// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.domain;

import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.ModelId;
import io.hyperspot.llm.Usage;
import io.hyperspot.llm.gateway.money.Accounts;
import io.hyperspot.llm.gateway.money.CallRecord;
import io.hyperspot.llm.gateway.money.Tally;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.WorkerHandle;
import io.hyperspot.security.SecurityContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** The LLM gateway for other modules. */
public final class LlmGateway implements LlmClient {
    private static final String PROTOCOL = "native";
    private static final int BYTES_A_TOKEN = 4;

    private final ModelDirectory directory;
    private final Accounts accounts;

    public LlmGateway(ModelDirectory directory, Accounts accounts) {
        this.directory = directory;
        this.accounts = accounts;
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
            int maxTokens = request.maxTokens() == null ? 0 : request.maxTokens();
            counted(ctx, id, "chat", bytes(request), maxTokens, cancellation, tally -> {
                LlmClient.Listener events = tally.counting(listener);
                lease.call(worker -> worker.chat(ctx, own, events, cancellation));
            });
        }
    }

    @Override
    public EmbeddingResult embed(SecurityContext ctx, EmbeddingRequest request, Cancellation cancellation)
            throws Exception {
        ModelId id = id(request.model());
        try (WorkerHandle.Lease<LlmWorker> lease = directory.lease(id, ctx)) {
            EmbeddingRequest own = new EmbeddingRequest(id.model(), request.inputs(), request.dimensions());
            EmbeddingResult[] result = new EmbeddingResult[1];
            long bytes = request.inputs().stream().mapToLong(LlmGateway::bytes).sum();
            counted(ctx, id, "embed", bytes, 0, cancellation, tally -> {
                lease.call(worker -> result[0] = worker.embed(ctx, own, cancellation));
                tally.used(result[0].usage());
            });
            return result[0];
        }
    }

    /** The work of one call. */
    @FunctionalInterface
    private interface Work {
        void run(Tally tally) throws Exception;
    }

    private void counted(
            SecurityContext ctx,
            ModelId id,
            String operation,
            long inputBytes,
            int maxTokens,
            Cancellation cancellation,
            Work work)
            throws Exception {
        Accounts.Hold hold = accounts.hold(ctx, id, inputBytes, maxTokens);
        Instant begin = Instant.now();
        Tally tally = new Tally();
        CallRecord.Outcome outcome = CallRecord.Outcome.ERROR;
        try {
            work.run(tally);
            outcome = CallRecord.Outcome.SUCCESS;
        } finally {
            if (cancellation.isCancelled() && outcome == CallRecord.Outcome.ERROR) {
                outcome = CallRecord.Outcome.CANCELLED;
            }
            boolean estimated = tally.untold() > 0;
            Usage usage = estimated ? new Usage(inputBytes / BYTES_A_TOKEN, 0, tally.untold(), 0) : tally.usage();
            accounts.settle(hold, new CallRecord(ctx, id, PROTOCOL, operation, begin, outcome, usage, estimated));
        }
    }

    /** Of the text that a model reads, at least: what is not text is not counted before the call. */
    private static long bytes(ChatRequest request) {
        long bytes = 0;
        for (Message message : request.messages()) {
            bytes += bytes(message.text());
            for (Message.ToolCall call : message.toolCalls()) {
                bytes += bytes(call.arguments());
            }
        }
        return bytes;
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
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

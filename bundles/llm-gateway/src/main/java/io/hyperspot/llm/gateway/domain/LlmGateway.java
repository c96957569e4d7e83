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
import io.hyperspot.llm.gateway.money.Demand;
import io.hyperspot.llm.gateway.money.Tally;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.WorkerHandle.Lease;
import io.hyperspot.security.SecurityContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** The LLM gateway for other modules. */
public final class LlmGateway implements LlmClient {
    private static final String PROTOCOL = "native";

    private final ModelDirectory directory;
    private final Router router;
    private final Accounts accounts;

    public LlmGateway(ModelDirectory directory, Router router, Accounts accounts) {
        this.directory = directory;
        this.router = router;
        this.accounts = accounts;
    }

    @Override
    public List<Model> models(SecurityContext ctx) {
        return directory.models();
    }

    @Override
    public void chat(SecurityContext ctx, ChatRequest request, Listener listener, Cancellation cancellation)
            throws Exception {
        int maxTokens = request.maxTokens() == null ? 0 : request.maxTokens();
        Question question = new Question(ctx, "chat", bytes(request), maxTokens, cancellation, (lease, model, tally) -> {
            ChatRequest own = request.toBuilder().model(model).build();
            LlmClient.Listener events = tally.counting(listener);
            lease.call(worker -> worker.chat(ctx, own, events, cancellation));
        });
        router.run(id(request.model()), ctx, question);
    }

    @Override
    public EmbeddingResult embed(SecurityContext ctx, EmbeddingRequest request, Cancellation cancellation)
            throws Exception {
        EmbeddingResult[] result = new EmbeddingResult[1];
        long bytes = request.inputs().stream().mapToLong(LlmGateway::bytes).sum();
        Question question = new Question(ctx, "embed", bytes, 0, cancellation, (lease, model, tally) -> {
            EmbeddingRequest own = new EmbeddingRequest(model, request.inputs(), request.dimensions());
            lease.call(worker -> result[0] = worker.embed(ctx, own, cancellation));
            tally.used(result[0].usage());
        });
        router.run(id(request.model()), ctx, question);
        return result[0];
    }

    /** The work of one call. */
    @FunctionalInterface
    private interface Work {
        void run(Lease<LlmWorker> lease, String model, Tally tally) throws Exception;
    }

    /** Asks one model after the other, and counts each. */
    private final class Question implements Router.Question {
        private final SecurityContext ctx;
        private final String operation;
        private final long inputBytes;
        private final int maxTokens;
        private final Cancellation cancellation;
        private final Work work;
        private Tally tally = new Tally();
        private long beginNanos;

        Question(
                SecurityContext ctx,
                String operation,
                long inputBytes,
                int maxTokens,
                Cancellation cancellation,
                Work work) {
            this.ctx = ctx;
            this.operation = operation;
            this.inputBytes = inputBytes;
            this.maxTokens = maxTokens;
            this.cancellation = cancellation;
            this.work = work;
        }

        @Override
        public void ask(ModelId model, Lease<LlmWorker> lease, boolean last) throws Exception {
            Accounts.Hold hold = accounts.hold(ctx, model, new Demand(inputBytes, maxTokens, 1));
            Instant begin = Instant.now();
            beginNanos = System.nanoTime();
            tally = new Tally();
            CallRecord.Outcome outcome = CallRecord.Outcome.ERROR;
            try {
                work.run(lease, model.model(), tally);
                outcome = CallRecord.Outcome.SUCCESS;
            } finally {
                if (cancellation.isCancelled() && outcome == CallRecord.Outcome.ERROR) {
                    outcome = CallRecord.Outcome.CANCELLED;
                }
                boolean estimated = tally.untold() > 0;
                Usage usage = estimated ? new Usage(Demand.likelyTokens(inputBytes), 0, tally.untold(), 0) : tally.usage();
                accounts.settle(hold, new CallRecord(ctx, model, PROTOCOL, operation, begin, outcome, usage, estimated));
            }
        }

        @Override
        public boolean begun() {
            return tally.begunNanos() != 0;
        }

        @Override
        public long begunAfter() {
            return (begun() ? tally.begunNanos() : System.nanoTime()) - beginNanos;
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

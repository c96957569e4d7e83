// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.calls;

import io.hyperspot.llm.ModelId;
import io.hyperspot.llm.gateway.domain.ModelDirectory;
import io.hyperspot.llm.gateway.domain.Router;
import io.hyperspot.llm.gateway.money.Accounts;
import io.hyperspot.llm.gateway.money.CallRecord;
import io.hyperspot.llm.gateway.money.Demand;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.worker.WorkerHandle.Lease;
import io.hyperspot.web.spi.Exchange;
import io.hyperspot.web.spi.Limits;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs the calls of all surfaces. Thread-safe. */
public final class Calls implements AutoCloseable {
    private static final int MAX_BODY = 32 << 20;

    /** The header that names the model which answered for a route. */
    private static final String ANSWERED_BY = "x-hyperspot-model";

    private final ModelDirectory directory;
    private final Router router;
    private final Accounts accounts;
    private final Timing timing;
    private final LlmMetrics metrics;

    public Calls(ModelDirectory directory, Router router, Accounts accounts, MeterRegistry registry, Timing timing) {
        this.directory = directory;
        this.router = router;
        this.accounts = accounts;
        this.timing = timing;
        metrics = new LlmMetrics(registry);
    }

    /** Those of an operation that calls a model. */
    public Limits limits() {
        return Limits.body(MAX_BODY).withTimeout(timing.total());
    }

    /**
     * Answers the client, to the end.
     *
     * @throws io.hyperspot.modkit.ProblemException NOT_FOUND for an unknown model, RESOURCE_EXHAUSTED when a budget
     *     does not suffice, and what its worker throws
     * @throws IOException when the client is gone
     */
    public void run(Exchange exchange, ClientCall call) throws Exception {
        exchange.log("model", call.envelope().model());
        ModelId id = id(call.envelope().model());
        // a provider that does not exist is not counted: clients could make up any number of them
        router.run(id, exchange.security(), new Asked(exchange, call, id));
    }

    private ModelId id(String name) {
        int slash = name.indexOf('/');
        if (slash <= 0 || slash == name.length() - 1) {
            throw directory.unknown(name);
        }
        return new ModelId(name.substring(0, slash), name.substring(slash + 1));
    }

    /** One call, which may ask several models. */
    private final class Asked implements Router.Question {
        private final Exchange exchange;
        private final ClientCall call;
        private final ModelId named;
        private @Nullable Attempt attempt;

        Asked(Exchange exchange, ClientCall call, ModelId named) {
            this.exchange = exchange;
            this.call = call;
            this.named = named;
        }

        @Override
        public void ask(ModelId model, Lease<LlmWorker> lease, boolean last) throws Exception {
            Demand demand =
                    new Demand(call.body().length, call.envelope().maxTokens(), call.envelope().answers());
            Accounts.Hold hold = accounts.hold(exchange.security(), model, demand);
            if (!model.equals(named) && !exchange.started()) {
                exchange.log("answered_by", model.toString());
                exchange.setHeader(ANSWERED_BY, model.toString());
            }
            boolean first = attempt == null;
            Attempt now = new Attempt(exchange, call, model);
            attempt = now;
            try {
                if (call.envelope().stream() && first) {
                    // from here on the client gets heartbeats while the model thinks
                    exchange.events(timing.heartbeat(), timing.idle());
                }
                if (lease.worker() instanceof WireWorker wire && wire.speaks(call.protocol().name())) {
                    now.forward(lease, wire, last);
                } else {
                    now.translate(lease);
                }
            } catch (IOException e) {
                if (exchange.cancellation().isCancelled()) {
                    throw e;
                }
                // not the client's connection, so it was the provider's
                throw lease.failed(e);
            } finally {
                CallRecord record = now.record();
                boolean streams = call.envelope().stream() && now.begun();
                metrics.record(record, call.task(), now.nanos(), streams ? now.begunAfter() : -1);
                if (streams) {
                    exchange.log("ttft_ms", Long.toString(TimeUnit.NANOSECONDS.toMillis(now.begunAfter())));
                }
                accounts.settle(hold, record);
            }
        }

        @Override
        public boolean begun() {
            return attempt != null && attempt.begun();
        }

        @Override
        public long begunAfter() {
            return attempt == null ? 0 : attempt.begunAfter();
        }
    }

    @Override
    public void close() {
        metrics.close();
    }
}

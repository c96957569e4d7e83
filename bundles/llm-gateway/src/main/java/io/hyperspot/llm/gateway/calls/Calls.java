// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.calls;

import io.hyperspot.llm.ModelId;
import io.hyperspot.llm.gateway.domain.ModelDirectory;
import io.hyperspot.llm.gateway.money.Accounts;
import io.hyperspot.llm.gateway.money.CallRecord;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.worker.WorkerHandle.Lease;
import io.hyperspot.web.spi.Exchange;
import io.hyperspot.web.spi.Limits;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;

/** Runs the calls of all surfaces. Thread-safe. */
public final class Calls implements AutoCloseable {
    private static final int MAX_BODY = 32 << 20;

    private final ModelDirectory directory;
    private final Accounts accounts;
    private final Timing timing;
    private final LlmMetrics metrics;

    public Calls(ModelDirectory directory, Accounts accounts, MeterRegistry registry, Timing timing) {
        this.directory = directory;
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
        try (Lease<LlmWorker> lease = directory.lease(id, exchange.security())) {
            run(exchange, call, lease, id);
        }
    }

    private ModelId id(String name) {
        int slash = name.indexOf('/');
        if (slash <= 0 || slash == name.length() - 1) {
            throw directory.unknown(name);
        }
        return new ModelId(name.substring(0, slash), name.substring(slash + 1));
    }

    private void run(Exchange exchange, ClientCall call, Lease<LlmWorker> lease, ModelId id) throws Exception {
        Accounts.Hold hold = accounts.hold(exchange.security(), id, call.body().length, call.envelope().maxTokens());
        Attempt attempt = new Attempt(exchange, call, id);
        try {
            if (call.envelope().stream()) {
                // from here on the client gets heartbeats while the model thinks
                exchange.events(timing.heartbeat(), timing.idle());
            }
            if (lease.worker() instanceof WireWorker wire && wire.speaks(call.protocol().name())) {
                attempt.forward(lease, wire);
            } else {
                attempt.translate(lease);
            }
        } catch (IOException e) {
            if (exchange.cancellation().isCancelled()) {
                throw e;
            }
            // not the client's connection, so it was the provider's
            throw lease.failed(e);
        } finally {
            CallRecord record = attempt.record();
            metrics.record(
                    id.provider(),
                    call.path(),
                    record.outcome() != CallRecord.Outcome.SUCCESS,
                    attempt.nanos(),
                    record.usage());
            accounts.settle(hold, record);
        }
    }

    @Override
    public void close() {
        metrics.close();
    }
}

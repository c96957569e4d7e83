// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.calls;

import io.hyperspot.llm.ModelId;
import io.hyperspot.llm.Usage;
import io.hyperspot.llm.gateway.domain.ModelDirectory;
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
    private final Timing timing;
    private final LlmMetrics metrics;

    public Calls(ModelDirectory directory, MeterRegistry registry, Timing timing) {
        this.directory = directory;
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
     * @throws io.hyperspot.modkit.ProblemException NOT_FOUND for an unknown model, and what its worker throws
     * @throws IOException when the client is gone
     */
    public void run(Exchange exchange, ClientCall call) throws Exception {
        exchange.log("model", call.model());
        ModelId id = id(call.model());
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
        long begin = System.nanoTime();
        Usage usage = Usage.NONE;
        boolean failed = true;
        if (call.events()) {
            // from here on the client gets heartbeats while the model thinks
            exchange.events(timing.heartbeat(), timing.idle());
        }
        try {
            usage = lease.worker() instanceof WireWorker wire && wire.speaks(call.protocol())
                    ? forward(exchange, call, lease, wire, id.model())
                    : call.translated(exchange, lease, id.model());
            failed = false;
        } catch (IOException e) {
            if (exchange.cancellation().isCancelled()) {
                throw e;
            }
            // not the client's connection, so it was the provider's
            throw lease.failed(e);
        } finally {
            metrics.record(id.provider(), call.operation(), failed, System.nanoTime() - begin, usage);
            if (!usage.equals(Usage.NONE)) {
                exchange.log("tokens_in", Long.toString(usage.input()));
                exchange.log("tokens_out", Long.toString(usage.output()));
            }
        }
    }

    private static Usage forward(
            Exchange exchange, ClientCall call, Lease<LlmWorker> lease, WireWorker wire, String model) throws Exception {
        ClientSink sink = new ClientSink(exchange, call);
        WireWorker.Call forwarded = call.forwarded(model);
        lease.call(worker -> wire.forward(exchange.security(), forwarded, sink, exchange.cancellation()));
        sink.finish();
        return sink.usage();
    }

    @Override
    public void close() {
        metrics.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.calls;

import io.hyperspot.llm.ModelId;
import io.hyperspot.llm.Usage;
import io.hyperspot.llm.gateway.money.CallRecord;
import io.hyperspot.llm.gateway.money.CallRecord.Outcome;
import io.hyperspot.llm.gateway.money.Demand;
import io.hyperspot.llm.gateway.money.Tally;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.worker.WorkerHandle.Lease;
import io.hyperspot.web.spi.Exchange;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One call while it runs, and what became of it. Used by one thread. */
final class Attempt {
    private final Exchange exchange;
    private final ClientCall call;
    private final ModelId model;
    private final Instant begin = Instant.now();
    private final long beginNanos = System.nanoTime();
    private @Nullable ClientSink sink;
    private final Tally tally = new Tally();
    private boolean complete;

    Attempt(Exchange exchange, ClientCall call, ModelId model) {
        this.exchange = exchange;
        this.call = call;
        this.model = model;
    }

    /**
     * @param last whether the client gets failures of the provider too
     */
    void forward(Lease<LlmWorker> lease, WireWorker wire, boolean last) throws Exception {
        ClientSink passed = new ClientSink(exchange, call, last);
        sink = passed;
        WireWorker.Call forwarded = call.forwarded(model.model());
        lease.call(worker -> wire.forward(exchange.security(), forwarded, passed, exchange.cancellation()));
        passed.finish();
        complete = passed.status() < 400;
    }

    void translate(Lease<LlmWorker> lease) throws Exception {
        call.translation().run(exchange, lease, model.model(), tally);
        complete = true;
    }

    /** Whether the client has got something of an answer. */
    boolean begun() {
        if (sink != null) {
            return sink.begunNanos() != 0;
        }
        // what is gathered into a whole answer has not been sent
        return call.envelope().stream() ? tally.begunNanos() != 0 : exchange.started();
    }

    /** When the answer began, after it was asked for. */
    long begunAfter() {
        long at = sink == null ? tally.begunNanos() : sink.begunNanos();
        return at == 0 ? nanos() : at - beginNanos;
    }

    long nanos() {
        return System.nanoTime() - beginNanos;
    }

    /** What became of it, when it has ended. */
    CallRecord record() {
        Usage told = sink == null ? tally.usage() : sink.usage();
        long sent = sink == null ? tally.untold() : sink.sent();
        boolean estimated = !complete && sent > told.output();
        Usage used = estimated ? estimate(told, sent) : told;
        if (!used.equals(Usage.NONE)) {
            exchange.log("tokens_in", Long.toString(used.input()));
            exchange.log("tokens_out", Long.toString(used.output()));
        }
        Outcome outcome = complete
                ? Outcome.SUCCESS
                : exchange.cancellation().isCancelled() ? Outcome.CANCELLED : Outcome.ERROR;
        return new CallRecord(
                exchange.security(), model, call.protocol().name(), call.path(), begin, outcome, used, estimated);
    }

    /** A stream that broke off before it told: providers send about a token in an event. */
    private Usage estimate(Usage told, long sent) {
        long input = told.input() > 0 ? told.input() : Math.max(1, Demand.likelyTokens(call.body().length));
        return new Usage(
                input,
                told.cachedInput(),
                sent,
                0,
                told.cacheWrite(),
                told.cacheWriteHour(),
                told.audioInput(),
                0);
    }
}

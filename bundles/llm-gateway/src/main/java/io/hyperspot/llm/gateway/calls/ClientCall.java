// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.calls;

import io.hyperspot.llm.gateway.money.Tally;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.worker.WorkerHandle.Lease;
import io.hyperspot.web.spi.Exchange;

/** What one request asks of a model, in its client's protocol. Its body has been read and looks right. */
public interface ClientCall {
    /** One of the protocols of {@link WireWorker}. */
    String protocol();

    /** For metrics; one of few. */
    String operation();

    /** The model as the client calls it, {@code {provider}/{model}} or not. */
    String model();

    /** Whether the answer is a stream of server-sent events, so that the client may get heartbeats before it begins. */
    boolean events();

    /** The name of an event whose data is an error document; empty: it has none. */
    default String errorEvent() {
        return "";
    }

    /** The whole body of the request. */
    byte[] body();

    /** The most output tokens that it asks for; 0: it does not say. */
    default int maxTokens() {
        return 0;
    }

    /** How the protocol's answers tell what was used. */
    UsageFormat usage();

    /**
     * The request for a provider that speaks the protocol.
     *
     * @param model the name within its provider
     */
    WireWorker.Call forwarded(String model);

    /**
     * Has the worker answer by its own contract, and translates its answer for the client, to its end.
     *
     * @param model the name within its provider
     * @param tally is told what was used, also when this throws
     */
    void translated(Exchange exchange, Lease<LlmWorker> lease, String model, Tally tally) throws Exception;
}

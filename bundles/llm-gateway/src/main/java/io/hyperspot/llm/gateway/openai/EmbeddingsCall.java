// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.llm.gateway.calls.ClientCall;
import io.hyperspot.llm.gateway.calls.Envelope;
import io.hyperspot.llm.gateway.calls.UsageFormat;
import io.hyperspot.llm.gateway.money.Tally;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.WorkerHandle.Lease;
import io.hyperspot.web.spi.Exchange;

/** Vectors of texts. */
record EmbeddingsCall(ObjectMapper json, Envelope envelope, byte[] body) implements ClientCall {
    static final String PATH = "/embeddings";
    private static final Envelope.Rules RULES = new Envelope.Rules(true, "input", Envelope.Kind.INPUT);

    /**
     * @throws ProblemException INVALID_ARGUMENT
     */
    static EmbeddingsCall read(ObjectMapper json, byte[] body) {
        return new EmbeddingsCall(json, Envelope.read(body, RULES), body);
    }

    @Override
    public String protocol() {
        return WireWorker.OPENAI;
    }

    @Override
    public String operation() {
        return PATH;
    }

    @Override
    public String model() {
        return envelope.model();
    }

    @Override
    public boolean events() {
        return false;
    }

    @Override
    public UsageFormat usage() {
        return OpenAiUsage.FORMAT;
    }

    @Override
    public WireWorker.Call forwarded(String model) {
        byte[] spliced = envelope.withModel(body, model);
        return new WireWorker.Call(WireWorker.OPENAI, PATH, spliced, 0, spliced.length);
    }

    @Override
    public void translated(Exchange exchange, Lease<LlmWorker> lease, String model, Tally tally) throws Exception {
        EmbeddingsCodec codec = new EmbeddingsCodec(json);
        EmbeddingsCodec.Parsed parsed = codec.read(body, model);
        EmbeddingResult[] result = new EmbeddingResult[1];
        lease.call(
                worker -> result[0] = worker.embed(exchange.security(), parsed.request(), exchange.cancellation()));
        tally.used(result[0].usage());
        exchange.respond(200, "application/json", codec.write(result[0], envelope.model(), parsed.base64()));
    }
}

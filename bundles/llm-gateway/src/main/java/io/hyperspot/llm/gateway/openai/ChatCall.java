// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.gateway.calls.ClientCall;
import io.hyperspot.llm.gateway.calls.Envelope;
import io.hyperspot.llm.gateway.calls.UsageFormat;
import io.hyperspot.llm.gateway.money.Tally;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.WorkerHandle.Lease;
import io.hyperspot.web.spi.Exchange;

/** A chat completion. */
record ChatCall(ObjectMapper json, Envelope envelope, byte[] body) implements ClientCall {
    static final String PATH = "/chat/completions";
    private static final Envelope.Rules RULES = new Envelope.Rules(true, "messages", Envelope.Kind.OBJECTS);

    /**
     * @throws ProblemException INVALID_ARGUMENT
     */
    static ChatCall read(ObjectMapper json, byte[] body) {
        return new ChatCall(json, Envelope.read(body, RULES), body);
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
        return envelope.stream();
    }

    @Override
    public int maxTokens() {
        return envelope.maxTokens();
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
        ChatCodec.Parsed parsed = new ChatCodec(json).read(body, model);
        ChatAnswer answer = new ChatAnswer(exchange, envelope.model(), envelope.stream(), parsed.includeUsage());
        LlmClient.Listener events = tally.counting(answer::event);
        lease.call(worker -> worker.chat(exchange.security(), parsed.request(), events, exchange.cancellation()));
        answer.finish();
    }
}

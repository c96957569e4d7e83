// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.anthropic;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.llm.ChatRequest;
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
import java.util.Map;

/** A message. */
record MessagesCall(ObjectMapper json, Envelope envelope, Map<String, String> headers, byte[] body)
        implements ClientCall {
    static final String PATH = "/messages";
    static final Envelope.Rules RULES = new Envelope.Rules(true, "messages", Envelope.Kind.OBJECTS);

    /**
     * @throws ProblemException INVALID_ARGUMENT
     */
    static MessagesCall read(ObjectMapper json, Exchange exchange, byte[] body) {
        return new MessagesCall(json, Envelope.read(body, RULES), ProtocolHeaders.of(exchange), body);
    }

    @Override
    public String protocol() {
        return WireWorker.ANTHROPIC;
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
    public String errorEvent() {
        return "error";
    }

    @Override
    public int maxTokens() {
        return envelope.maxTokens();
    }

    @Override
    public UsageFormat usage() {
        return AnthropicUsage.FORMAT;
    }

    @Override
    public WireWorker.Call forwarded(String model) {
        byte[] spliced = envelope.withModel(body, model);
        return new WireWorker.Call(WireWorker.ANTHROPIC, PATH, headers, spliced, 0, spliced.length);
    }

    @Override
    public void translated(Exchange exchange, Lease<LlmWorker> lease, String model, Tally tally) throws Exception {
        ChatRequest request = new MessagesCodec(json).read(body, model);
        MessageAnswer answer = envelope.stream()
                ? new StreamedMessage(exchange, envelope.model())
                : new WholeMessage(exchange, envelope.model());
        LlmClient.Listener events = tally.counting(answer::event);
        lease.call(worker -> worker.chat(exchange.security(), request, events, exchange.cancellation()));
        answer.finish();
    }
}

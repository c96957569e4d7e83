// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.anthropic;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.gateway.calls.ClientCall;
import io.hyperspot.llm.gateway.calls.Envelope;
import io.hyperspot.llm.gateway.calls.UsageFormat;
import io.hyperspot.llm.gateway.money.Tally;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.WorkerHandle.Lease;
import io.hyperspot.web.spi.Exchange;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** How many tokens a message would be charged for. */
record CountCall(ObjectMapper json, Envelope envelope, Map<String, String> headers, byte[] body)
        implements ClientCall {
    static final String PATH = "/messages/count_tokens";

    /**
     * @throws ProblemException INVALID_ARGUMENT
     */
    static CountCall read(ObjectMapper json, Exchange exchange, byte[] body) {
        return new CountCall(json, Envelope.read(body, MessagesCall.RULES), ProtocolHeaders.of(exchange), body);
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
        return false;
    }

    /** Nothing is written. */
    @Override
    public int maxTokens() {
        return 1;
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
        ChatRequest request = new MessagesCodec(json).counted(body, model);
        long[] tokens = new long[1];
        lease.call(worker -> tokens[0] = worker.countTokens(exchange.security(), request, exchange.cancellation()));
        String answer = JsonNodeFactory.instance.objectNode().put("input_tokens", tokens[0]).toString();
        exchange.respond(200, "application/json", answer.getBytes(StandardCharsets.UTF_8));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.anthropic;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.gateway.calls.ClientCall;
import io.hyperspot.llm.gateway.calls.Envelope;
import io.hyperspot.llm.gateway.calls.Protocol;
import io.hyperspot.llm.gateway.calls.Task;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Reads requests of Anthropic's clients that call a model. Thread-safe. */
final class AnthropicCalls {
    static final String MESSAGES = "/messages";
    static final String COUNT = "/messages/count_tokens";
    private static final Protocol PROTOCOL = new Protocol(WireWorker.ANTHROPIC, AnthropicSurface.USAGE, "error");
    private static final Envelope.Rules ASKED = new Envelope.Rules(true, "messages", Envelope.Kind.OBJECTS);
    private static final Envelope.Rules COUNTED = new Envelope.Rules(false, "messages", Envelope.Kind.OBJECTS);

    private final MessagesCodec codec;

    AnthropicCalls(ObjectMapper json) {
        codec = new MessagesCodec(json);
    }

    /**
     * A message.
     *
     * @throws ProblemException INVALID_ARGUMENT
     */
    ClientCall message(byte[] body, Map<String, String> headers) {
        Envelope envelope = Envelope.read(body, ASKED);
        return new ClientCall(PROTOCOL, Task.CHAT, MESSAGES, envelope, headers, body, (exchange, lease, model, tally) -> {
            ChatRequest request = codec.read(body, model);
            MessageAnswer answer = envelope.stream()
                    ? new StreamedMessage(exchange, envelope.model())
                    : new WholeMessage(exchange, envelope.model());
            LlmClient.Listener events = tally.counting(answer::event);
            lease.call(worker -> worker.chat(exchange.security(), request, events, exchange.cancellation()));
            answer.finish();
        });
    }

    /**
     * How many tokens a message would be charged for.
     *
     * @throws ProblemException INVALID_ARGUMENT
     */
    ClientCall count(byte[] body, Map<String, String> headers) {
        // nothing is written
        Envelope envelope = Envelope.read(body, COUNTED).limitedTo(1);
        return new ClientCall(PROTOCOL, Task.COUNT_TOKENS, COUNT, envelope, headers, body, (exchange, lease, model, tally) -> {
            ChatRequest request = codec.counted(body, model);
            long[] tokens = new long[1];
            lease.call(worker ->
                    tokens[0] = worker.countTokens(exchange.security(), request, exchange.cancellation()));
            String answer = JsonNodeFactory.instance.objectNode().put("input_tokens", tokens[0]).toString();
            exchange.respond(200, "application/json", answer.getBytes(StandardCharsets.UTF_8));
        });
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.gateway.calls.ClientCall;
import io.hyperspot.llm.gateway.calls.Envelope;
import io.hyperspot.llm.gateway.calls.Protocol;
import io.hyperspot.llm.gateway.calls.Task;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.ProblemException;
import java.util.Map;

/** Reads requests of OpenAI's clients that call a model. Thread-safe. */
final class OpenAiCalls {
    static final String CHAT = "/chat/completions";
    static final String RESPONSES = "/responses";
    static final String EMBEDDINGS = "/embeddings";
    private static final Protocol PROTOCOL = new Protocol(WireWorker.OPENAI, OpenAiSurface.USAGE, "");
    private static final Protocol RESPONSES_PROTOCOL =
            new Protocol(WireWorker.OPENAI_RESPONSES, OpenAiSurface.USAGE, "");
    private static final Envelope.Rules MESSAGES = new Envelope.Rules(true, "messages", Envelope.Kind.OBJECTS);
    private static final String NOT_KEPT =
            "needs answers that are kept, which this server does not do: send the whole conversation in 'input'";
    private static final Envelope.Rules RESPONSE = new Envelope.Rules(
            true,
            "input",
            Envelope.Kind.INPUT,
            Map.of("previous_response_id", NOT_KEPT, "conversation", NOT_KEPT, "background", NOT_KEPT));
    private static final Envelope.Rules INPUT = new Envelope.Rules(false, "input", Envelope.Kind.INPUT);

    private final ObjectMapper json;
    private final ChatCodec chatCodec;
    private final EmbeddingsCodec embeddingsCodec;

    OpenAiCalls(ObjectMapper json) {
        this.json = json;
        chatCodec = new ChatCodec(json);
        embeddingsCodec = new EmbeddingsCodec(json);
    }

    /**
     * A chat completion.
     *
     * @throws ProblemException INVALID_ARGUMENT
     */
    ClientCall chat(byte[] body) {
        Envelope envelope = Envelope.read(body, MESSAGES);
        return new ClientCall(PROTOCOL, Task.CHAT, CHAT, envelope, Map.of(), body, (exchange, lease, model, tally) -> {
            ChatCodec.Parsed parsed = chatCodec.read(body, model);
            ChatAnswer answer = new ChatAnswer(exchange, envelope.model(), envelope.stream(), parsed.includeUsage());
            LlmClient.Listener events = tally.counting(answer::event);
            lease.call(worker -> worker.chat(exchange.security(), parsed.request(), events, exchange.cancellation()));
            answer.finish();
        });
    }

    /**
     * A response. Those that lean on earlier ones are refused, also where the provider keeps them: it keeps those of
     * all tenants in one account.
     *
     * @throws ProblemException INVALID_ARGUMENT
     */
    ClientCall response(byte[] body) {
        Envelope envelope = Envelope.read(body, RESPONSE);
        return new ClientCall(RESPONSES_PROTOCOL, Task.CHAT, RESPONSES, envelope, Map.of(), body, (exchange, lease, model, tally) -> {
            ObjectNode root = (ObjectNode) json.readTree(body);
            ChatRequest request = ResponsesCodec.read(root, model);
            ResponseAnswer answer = new ResponseAnswer(exchange, envelope.model(), envelope.stream(), root);
            LlmClient.Listener events = tally.counting(answer::event);
            lease.call(worker -> worker.chat(exchange.security(), request, events, exchange.cancellation()));
            answer.finish();
        });
    }

    /**
     * Vectors of texts.
     *
     * @throws ProblemException INVALID_ARGUMENT
     */
    ClientCall embeddings(byte[] body) {
        Envelope envelope = Envelope.read(body, INPUT);
        return new ClientCall(PROTOCOL, Task.EMBEDDINGS, EMBEDDINGS, envelope, Map.of(), body, (exchange, lease, model, tally) -> {
            EmbeddingsCodec.Parsed parsed = embeddingsCodec.read(body, model);
            EmbeddingResult[] result = new EmbeddingResult[1];
            lease.call(worker ->
                    result[0] = worker.embed(exchange.security(), parsed.request(), exchange.cancellation()));
            tally.used(result[0].usage());
            byte[] answer = embeddingsCodec.write(result[0], envelope.model(), parsed.base64());
            exchange.respond(200, "application/json", answer);
        });
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.gateway.calls.ClientCall;
import io.hyperspot.llm.gateway.calls.Envelope;
import io.hyperspot.llm.gateway.calls.Protocol;
import io.hyperspot.llm.gateway.calls.Task;
import io.hyperspot.llm.gateway.calls.Translation;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Reads requests of Google's clients that call a model. Thread-safe. */
final class GeminiCalls {
    private static final String PATH = "/models/" + ClientCall.MODEL + ":";
    private static final Protocol PROTOCOL = new Protocol(WireWorker.GEMINI, GeminiSurface.USAGE, "");
    private static final Envelope.Rules CONTENTS = new Envelope.Rules(false, "contents", Envelope.Kind.OBJECTS);
    private static final Envelope.Rules WRAPPED =
            new Envelope.Rules(false, "generateContentRequest", Envelope.Kind.OBJECT);
    private static final Envelope.Rules CONTENT = new Envelope.Rules(false, "content", Envelope.Kind.OBJECT);
    private static final Envelope.Rules REQUESTS = new Envelope.Rules(false, "requests", Envelope.Kind.OBJECTS);

    private final ObjectMapper json;

    GeminiCalls(ObjectMapper json) {
        this.json = json;
    }

    /**
     * An answer, whole or piece by piece.
     *
     * @throws ProblemException INVALID_ARGUMENT
     */
    ClientCall generate(String id, boolean stream, byte[] body) {
        Envelope envelope = Envelope.read(body, CONTENTS, id, stream);
        String method = stream ? "streamGenerateContent" : "generateContent";
        String query = stream ? "?alt=sse" : "";
        return new ClientCall(
                PROTOCOL, Task.CHAT, PATH + method, query, envelope, Map.of(), body, model -> body, (exchange, lease, model, tally) -> {
                    ChatRequest request = GenerateCodec.read(root(body), model);
                    GenerateAnswer answer = new GenerateAnswer(exchange, id, stream);
                    LlmClient.Listener events = tally.counting(answer::event);
                    lease.call(worker -> worker.chat(exchange.security(), request, events, exchange.cancellation()));
                    answer.finish();
                });
    }

    /**
     * How many tokens a request has.
     *
     * @throws ProblemException INVALID_ARGUMENT
     */
    ClientCall count(String id, byte[] body) {
        ObjectNode root = root(body);
        Envelope.Rules rules = root.path("generateContentRequest").isObject() ? WRAPPED : CONTENTS;
        // nothing is written
        Envelope envelope = Envelope.read(body, rules, id, false).limitedTo(1);
        ObjectNode asked = root.path("generateContentRequest") instanceof ObjectNode wrapped ? wrapped : root;
        return called(Task.COUNT_TOKENS, "countTokens", envelope, body, root, (exchange, lease, model, tally) -> {
            ChatRequest request = GenerateCodec.read(asked, model);
            long[] tokens = new long[1];
            lease.call(worker ->
                    tokens[0] = worker.countTokens(exchange.security(), request, exchange.cancellation()));
            String answer =
                    JsonNodeFactory.instance.objectNode().put("totalTokens", tokens[0]).toString();
            exchange.respond(200, "application/json", answer.getBytes(StandardCharsets.UTF_8));
        });
    }

    /**
     * One vector.
     *
     * @throws ProblemException INVALID_ARGUMENT
     */
    ClientCall embed(String id, byte[] body) {
        return embed("embedContent", Envelope.read(body, CONTENT, id, false), body, EmbedCodec::one, EmbedCodec::writeOne);
    }

    /**
     * Many vectors.
     *
     * @throws ProblemException INVALID_ARGUMENT
     */
    ClientCall embedMany(String id, byte[] body) {
        return embed(
                "batchEmbedContents", Envelope.read(body, REQUESTS, id, false), body, EmbedCodec::many, EmbedCodec::writeMany);
    }

    private ClientCall embed(
            String method,
            Envelope envelope,
            byte[] body,
            BiFunction<ObjectNode, String, EmbeddingRequest> reader,
            Function<EmbeddingResult, byte[]> writer) {
        ObjectNode root = root(body);
        return called(Task.EMBEDDINGS, method, envelope, body, root, (exchange, lease, model, tally) -> {
            EmbeddingRequest request = reader.apply(root, model);
            EmbeddingResult[] result = new EmbeddingResult[1];
            lease.call(worker -> result[0] = worker.embed(exchange.security(), request, exchange.cancellation()));
            tally.used(result[0].usage());
            exchange.respond(200, "application/json", writer.apply(result[0]));
        });
    }

    /** A call whose body may name the model, as well as its URL. */
    private static ClientCall called(
            Task task, String method, Envelope envelope, byte[] body, ObjectNode root, Translation translation) {
        return new ClientCall(
                PROTOCOL,
                task,
                PATH + method,
                "",
                envelope,
                Map.of(),
                body,
                model -> named(root, model).toString().getBytes(StandardCharsets.UTF_8),
                translation);
    }

    private ObjectNode root(byte[] body) {
        try {
            if (json.readTree(body) instanceof ObjectNode root) {
                return root;
            }
        } catch (IOException e) {
            throw ProtoJson.invalid("body", "is not valid JSON");
        }
        throw ProtoJson.invalid("body", "must be a JSON object");
    }

    private static ObjectNode named(ObjectNode root, String model) {
        ObjectNode copy = root.deepCopy();
        name(copy, model);
        copy.path("requests").forEach(request -> name(request, model));
        name(copy.path("generateContentRequest"), model);
        return copy;
    }

    private static void name(JsonNode node, String model) {
        if (node instanceof ObjectNode object && object.has("model")) {
            object.put("model", "models/" + model);
        }
    }
}

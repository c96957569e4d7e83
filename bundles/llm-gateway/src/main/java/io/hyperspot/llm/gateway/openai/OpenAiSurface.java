// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.ModelId;
import io.hyperspot.llm.Usage;
import io.hyperspot.llm.gateway.domain.ModelDirectory;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.modkit.worker.WorkerHandle.Lease;
import io.hyperspot.security.Permission;
import io.hyperspot.web.spi.Exchange;
import io.hyperspot.web.spi.Limits;
import io.hyperspot.web.spi.Operation;
import io.hyperspot.web.spi.ProtocolHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code /openai/v1}: what a stock OpenAI client needs, for every model of the gateway. */
public final class OpenAiSurface implements ProtocolHandler, AutoCloseable {
    private static final Permission INVOKE = Permission.parse("gts.hyperspot.llm.*:invoke");
    private static final Permission READ = Permission.parse("gts.hyperspot.llm.*:read");
    private static final int MAX_BODY = 32 << 20;

    private static final Operation MODELS = new Operation("GET", "/models", READ, null, Limits.NO_BODY);
    private static final Operation MODEL = new Operation("GET", "/models/*", READ, null, Limits.NO_BODY);

    private final Operation chat;
    private final Operation embeddings;
    private final Timing timing;
    private final ModelDirectory directory;
    private final LlmMetrics metrics;
    private final ObjectMapper json = new ObjectMapper();
    private final ChatCodec chatCodec = new ChatCodec(json);
    private final EmbeddingsCodec embeddingsCodec = new EmbeddingsCodec(json);

    public OpenAiSurface(
            ModelDirectory directory, io.micrometer.core.instrument.MeterRegistry registry, Timing timing) {
        this.directory = directory;
        this.timing = timing;
        Limits limits = Limits.body(MAX_BODY).withTimeout(timing.total());
        chat = new Operation("POST", "/chat/completions", INVOKE, null, limits);
        embeddings = new Operation("POST", "/embeddings", INVOKE, null, limits);
        metrics = new LlmMetrics(registry);
    }

    @Override
    public String path() {
        return "/openai/v1";
    }

    @Override
    public List<Operation> operations() {
        return List.of(chat, embeddings, MODELS, MODEL);
    }

    @Override
    public ErrorBody error(ProblemException problem, String requestId) {
        return OpenAiErrors.body(problem, requestId);
    }

    /** Without {@code [DONE]}: clients know by it that the answer is not whole. */
    @Override
    public byte[] errorEvent(ProblemException problem, String requestId) {
        return OpenAiErrors.event(problem, requestId);
    }

    @Override
    public void handle(Exchange exchange, Operation operation) throws Exception {
        if (operation.equals(MODELS)) {
            listModels(exchange);
        } else if (operation.equals(MODEL)) {
            showModel(exchange, exchange.path().substring("/models/".length()));
        } else {
            call(exchange, operation);
        }
    }

    private void listModels(Exchange exchange) throws IOException {
        ObjectNode root = json.createObjectNode().put("object", "list");
        ArrayNode data = root.putArray("data");
        directory.models().forEach(model -> data.add(describe(model)));
        exchange.respond(200, "application/json", root.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void showModel(Exchange exchange, String id) throws IOException {
        for (LlmClient.Model model : directory.models()) {
            if (model.id().toString().equals(id)) {
                exchange.respond(200, "application/json", describe(model).toString().getBytes(StandardCharsets.UTF_8));
                return;
            }
        }
        throw directory.unknown(id);
    }

    private ObjectNode describe(LlmClient.Model model) {
        return json.createObjectNode()
                .put("id", model.id().toString())
                .put("object", "model")
                .put("created", 0)
                .put("owned_by", model.id().provider());
    }

    private void call(Exchange exchange, Operation operation) throws Exception {
        requireJson(exchange);
        byte[] body = exchange.body();
        Envelope envelope = Envelope.read(body, operation.equals(chat) ? "messages" : "input");
        exchange.log("model", envelope.model());
        ModelId id = id(envelope.model());
        // a provider that does not exist is not counted: clients could make up any number of them
        try (Lease<LlmWorker> lease = directory.lease(id, exchange.security())) {
            call(exchange, operation, lease, envelope, id, body);
        }
    }

    private void call(
            Exchange exchange, Operation operation, Lease<LlmWorker> lease, Envelope envelope, ModelId id, byte[] body)
            throws Exception {
        boolean isChat = operation.equals(chat);
        long begin = System.nanoTime();
        Usage usage = Usage.NONE;
        boolean failed = true;
        if (isChat && envelope.stream()) {
            // from here on the client gets heartbeats while the model thinks
            exchange.events(timing.heartbeat(), timing.idle());
        }
        try {
            if (lease.worker() instanceof WireWorker wire && wire.speaks(WireWorker.OPENAI)) {
                usage = forward(exchange, operation, lease, wire, envelope.withModel(body, id.model()));
            } else if (isChat) {
                usage = chat(exchange, lease, envelope, id, body);
            } else {
                usage = embed(exchange, lease, envelope, id, body);
            }
            failed = false;
        } catch (IOException e) {
            if (exchange.cancellation().isCancelled()) {
                throw e;
            }
            // not the client's connection, so it was the provider's
            throw lease.failed(e);
        } finally {
            metrics.record(id.provider(), operation.path(), failed, System.nanoTime() - begin, usage);
            if (!usage.equals(Usage.NONE)) {
                exchange.log("tokens_in", Long.toString(usage.input()));
                exchange.log("tokens_out", Long.toString(usage.output()));
            }
        }
    }

    private static Usage forward(
            Exchange exchange, Operation operation, Lease<LlmWorker> lease, WireWorker wire, byte[] body)
            throws Exception {
        ClientSink sink = new ClientSink(exchange);
        WireWorker.Call call = new WireWorker.Call(WireWorker.OPENAI, operation.path(), body, 0, body.length);
        lease.call(worker -> wire.forward(exchange.security(), call, sink, exchange.cancellation()));
        sink.finish();
        return sink.usage().usage();
    }

    private Usage chat(Exchange exchange, Lease<LlmWorker> lease, Envelope envelope, ModelId id, byte[] body) throws Exception {
        var request = chatCodec.read(body, id.model());
        boolean includeUsage = envelope.stream()
                && json.readTree(body).path("stream_options").path("include_usage").asBoolean();
        ChatAnswer answer = new ChatAnswer(exchange, envelope.model(), envelope.stream(), includeUsage);
        lease.call(worker -> worker.chat(exchange.security(), request, answer::event, exchange.cancellation()));
        answer.finish();
        return answer.usage();
    }

    private Usage embed(Exchange exchange, Lease<LlmWorker> lease, Envelope envelope, ModelId id, byte[] body) throws Exception {
        EmbeddingsCodec.Parsed parsed = embeddingsCodec.read(body, id.model());
        EmbeddingResult[] result = new EmbeddingResult[1];
        lease.call(
                worker -> result[0] = worker.embed(exchange.security(), parsed.request(), exchange.cancellation()));
        exchange.respond(200, "application/json", embeddingsCodec.write(result[0], envelope.model(), parsed.base64()));
        return result[0].usage();
    }

    private static void requireJson(Exchange exchange) {
        String type = exchange.header("Content-Type");
        if (type == null || !type.regionMatches(true, 0, "application/json", 0, "application/json".length())) {
            throw new ProblemException(
                    ErrorCategory.UNSUPPORTED_MEDIA_TYPE,
                    "UNSUPPORTED_MEDIA_TYPE",
                    "send the body with 'Content-Type: application/json'");
        }
        String encoding = exchange.header("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new ProblemException(
                    ErrorCategory.UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_ENCODING", "compressed request bodies are not taken");
        }
    }

    private ModelId id(String name) {
        int slash = name.indexOf('/');
        if (slash <= 0 || slash == name.length() - 1) {
            throw directory.unknown(name);
        }
        return new ModelId(name.substring(0, slash), name.substring(slash + 1));
    }

    @Override
    public void close() {
        metrics.close();
    }
}

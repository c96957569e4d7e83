// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.openai;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.gateway.calls.Calls;
import io.hyperspot.llm.gateway.calls.JsonBody;
import io.hyperspot.llm.gateway.calls.UsageFormat;
import io.hyperspot.llm.gateway.domain.ModelDirectory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.Permission;
import io.hyperspot.web.spi.Exchange;
import io.hyperspot.web.spi.Limits;
import io.hyperspot.web.spi.Operation;
import io.hyperspot.web.spi.ProtocolHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code /openai/v1}: what a stock OpenAI client needs, for every model of the gateway. */
public final class OpenAiSurface implements ProtocolHandler {
    /** How the answers of this protocol tell what was used. */
    public static final UsageFormat USAGE = OpenAiUsage.FORMAT;

    private static final Permission INVOKE = Permission.parse("gts.hyperspot.llm.*:invoke");
    private static final Permission READ = Permission.parse("gts.hyperspot.llm.*:read");

    private static final Operation MODELS = new Operation("GET", "/models", READ, null, Limits.NO_BODY);
    private static final Operation MODEL = new Operation("GET", "/models/*", READ, null, Limits.NO_BODY);

    private final Operation chat;
    private final Operation responses;
    private final Operation embeddings;
    private final ModelDirectory directory;
    private final Calls calls;
    private final ObjectMapper json = new ObjectMapper();
    private final OpenAiCalls reader = new OpenAiCalls(json);

    public OpenAiSurface(ModelDirectory directory, Calls calls) {
        this.directory = directory;
        this.calls = calls;
        chat = new Operation("POST", OpenAiCalls.CHAT, INVOKE, null, calls.limits());
        responses = new Operation("POST", OpenAiCalls.RESPONSES, INVOKE, null, calls.limits());
        embeddings = new Operation("POST", OpenAiCalls.EMBEDDINGS, INVOKE, null, calls.limits());
    }

    @Override
    public String path() {
        return "/openai/v1";
    }

    @Override
    public List<Operation> operations() {
        return List.of(chat, responses, embeddings, MODELS, MODEL);
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
            respond(exchange, describe(directory.model(exchange.path().substring("/models/".length()))));
        } else if (operation.equals(chat)) {
            calls.run(exchange, reader.chat(JsonBody.read(exchange)));
        } else if (operation.equals(responses)) {
            calls.run(exchange, reader.response(JsonBody.read(exchange)));
        } else {
            calls.run(exchange, reader.embeddings(JsonBody.read(exchange)));
        }
    }

    private void listModels(Exchange exchange) throws IOException {
        ObjectNode root = json.createObjectNode().put("object", "list");
        ArrayNode data = root.putArray("data");
        directory.models().forEach(model -> data.add(describe(model)));
        respond(exchange, root);
    }

    private static void respond(Exchange exchange, ObjectNode body) throws IOException {
        exchange.respond(200, "application/json", body.toString().getBytes(StandardCharsets.UTF_8));
    }

    private ObjectNode describe(LlmClient.Model model) {
        return json.createObjectNode()
                .put("id", model.id().toString())
                .put("object", "model")
                .put("created", 0)
                .put("owned_by", model.id().provider());
    }
}

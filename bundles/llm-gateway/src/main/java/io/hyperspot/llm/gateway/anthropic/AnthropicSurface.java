// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.anthropic;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.gateway.calls.Calls;
import io.hyperspot.llm.gateway.calls.JsonBody;
import io.hyperspot.llm.gateway.calls.UsageFormat;
import io.hyperspot.llm.gateway.domain.ModelDirectory;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.Permission;
import io.hyperspot.web.spi.Exchange;
import io.hyperspot.web.spi.Limits;
import io.hyperspot.web.spi.Operation;
import io.hyperspot.web.spi.ProtocolHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /anthropic/v1}: what a stock Anthropic client needs, for every model of the gateway. */
public final class AnthropicSurface implements ProtocolHandler {
    /** How the answers of this protocol tell what was used. */
    public static final UsageFormat USAGE = AnthropicUsage.FORMAT;

    private static final Permission INVOKE = Permission.parse("gts.hyperspot.llm.*:invoke");
    private static final Permission READ = Permission.parse("gts.hyperspot.llm.*:read");
    private static final Operation MODELS = new Operation("GET", "/models", READ, null, Limits.NO_BODY);
    private static final Operation MODEL = new Operation("GET", "/models/*", READ, null, Limits.NO_BODY);
    private static final int USUAL_LIMIT = 20;
    private static final int MOST = 1000;

    private final Operation messages;
    private final Operation count;
    private final ModelDirectory directory;
    private final Calls calls;
    private final AnthropicCalls reader = new AnthropicCalls(new ObjectMapper());

    public AnthropicSurface(ModelDirectory directory, Calls calls) {
        this.directory = directory;
        this.calls = calls;
        messages = new Operation("POST", AnthropicCalls.MESSAGES, INVOKE, null, calls.limits());
        count = new Operation("POST", AnthropicCalls.COUNT, INVOKE, null, calls.limits());
    }

    @Override
    public String path() {
        return "/anthropic/v1";
    }

    @Override
    public List<Operation> operations() {
        return List.of(messages, count, MODELS, MODEL);
    }

    @Override
    public ErrorBody error(ProblemException problem, String requestId) {
        return AnthropicErrors.body(problem, requestId);
    }

    /** Without {@code message_stop}: clients know by it that the answer is not whole. */
    @Override
    public byte[] errorEvent(ProblemException problem, String requestId) {
        return AnthropicErrors.event(problem, requestId);
    }

    @Override
    public void handle(Exchange exchange, Operation operation) throws Exception {
        exchange.setHeader("request-id", exchange.requestId());
        if (operation.equals(MODELS)) {
            listModels(exchange);
        } else if (operation.equals(MODEL)) {
            respond(exchange, describe(directory.model(exchange.path().substring("/models/".length()))));
        } else if (operation.equals(messages)) {
            calls.run(exchange, reader.message(JsonBody.read(exchange), ProtocolHeaders.of(exchange)));
        } else {
            calls.run(exchange, reader.count(JsonBody.read(exchange), ProtocolHeaders.of(exchange)));
        }
    }

    /** A page, as {@code limit}, {@code after_id} and {@code before_id} want it. */
    private void listModels(Exchange exchange) throws IOException {
        List<LlmClient.Model> all = directory.models();
        int limit = limit(exchange.query("limit"));
        String before = exchange.query("before_id");
        int from = place(all, exchange.query("after_id")) + 1;
        int to = Math.min(all.size(), from + limit);
        boolean more = to < all.size();
        if (before != null) {
            to = Math.max(0, place(all, before));
            from = Math.max(0, to - limit);
            more = from > 0;
        }
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode data = root.putArray("data");
        all.subList(Math.min(from, to), to).forEach(model -> data.add(describe(model)));
        root.put("has_more", more);
        root.put("first_id", data.isEmpty() ? null : data.get(0).path("id").asText());
        root.put("last_id", data.isEmpty() ? null : data.get(data.size() - 1).path("id").asText());
        respond(exchange, root);
    }

    private static int limit(@Nullable String text) {
        if (text == null) {
            return USUAL_LIMIT;
        }
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MOST) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT, "INVALID_LIMIT", "limit must be a number from 1 to " + MOST);
        }
        return Integer.parseInt(text);
    }

    /** Where a model stands, or would; before the first: none is named. */
    private static int place(List<LlmClient.Model> all, @Nullable String id) {
        if (id == null) {
            return -1;
        }
        for (int i = 0; i < all.size(); i++) {
            int order = all.get(i).id().toString().compareTo(id);
            if (order >= 0) {
                return order == 0 ? i : i - 1;
            }
        }
        return all.size() - 1;
    }

    private static ObjectNode describe(LlmClient.Model model) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "model")
                .put("id", model.id().toString())
                .put("display_name", model.id().model())
                .put("created_at", "1970-01-01T00:00:00Z");
    }

    private static void respond(Exchange exchange, ObjectNode body) throws IOException {
        exchange.respond(200, "application/json", body.toString().getBytes(StandardCharsets.UTF_8));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.gemini;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.ModelInfo.Capability;
import io.hyperspot.llm.gateway.calls.Calls;
import io.hyperspot.llm.gateway.calls.ClientCall;
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

/** {@code /gemini/v1beta}: what a stock client of Google's Gemini API needs, for every model of the gateway. */
public final class GeminiSurface implements ProtocolHandler {
    /** How the answers of this protocol tell what was used. */
    public static final UsageFormat USAGE = GeminiUsage.FORMAT;

    private static final String MODELS_PATH = "/models/";
    private static final Permission INVOKE = Permission.parse("gts.hyperspot.llm.*:invoke");
    private static final Permission READ = Permission.parse("gts.hyperspot.llm.*:read");
    private static final Operation MODELS = new Operation("GET", "/models", READ, null, Limits.NO_BODY);
    private static final Operation MODEL = new Operation("GET", MODELS_PATH + "*", READ, null, Limits.NO_BODY);
    private static final List<String> METHODS =
            List.of("generateContent", "streamGenerateContent", "countTokens", "embedContent", "batchEmbedContents");
    private static final int USUAL_PAGE = 50;
    private static final int LARGEST_PAGE = 1000;

    private final Operation call;
    private final ModelDirectory directory;
    private final Calls calls;
    private final GeminiCalls reader = new GeminiCalls(new ObjectMapper());

    public GeminiSurface(ModelDirectory directory, Calls calls) {
        this.directory = directory;
        this.calls = calls;
        call = new Operation("POST", MODELS_PATH + "*", INVOKE, null, calls.limits());
    }

    @Override
    public String path() {
        return "/gemini/v1beta";
    }

    @Override
    public List<Operation> operations() {
        return List.of(call, MODELS, MODEL);
    }

    @Override
    public ErrorBody error(ProblemException problem, String requestId) {
        return GeminiErrors.body(problem, requestId);
    }

    @Override
    public byte[] errorEvent(ProblemException problem, String requestId) {
        return GeminiErrors.event(problem, requestId);
    }

    @Override
    public void handle(Exchange exchange, Operation operation) throws Exception {
        if (operation.equals(MODELS)) {
            listModels(exchange);
        } else if (operation.equals(MODEL)) {
            respond(exchange, describe(directory.model(exchange.path().substring(MODELS_PATH.length()))));
        } else {
            calls.run(exchange, asked(exchange));
        }
    }

    /** {@code /models/{model}:{method}}; the model's name may have colons too. */
    private ClientCall asked(Exchange exchange) throws IOException {
        String path = exchange.path().substring(MODELS_PATH.length());
        int colon = path.lastIndexOf(':');
        String method = path.substring(colon + 1);
        if (colon <= 0 || !METHODS.contains(method)) {
            throw new ProblemException(
                    ErrorCategory.NOT_FOUND,
                    "UNKNOWN_METHOD",
                    "a model is called at /models/{provider}/{model}:{method}; the methods are " + String.join(", ", METHODS));
        }
        String model = path.substring(0, colon);
        byte[] body = JsonBody.read(exchange);
        return switch (method) {
            case "generateContent" -> reader.generate(model, false, body);
            case "streamGenerateContent" -> {
                if (!"sse".equals(exchange.query("alt"))) {
                    throw new ProblemException(
                            ErrorCategory.INVALID_ARGUMENT,
                            "UNSUPPORTED_STREAM",
                            "streams are sent as server-sent events only; ask for them with ?alt=sse, as Google's clients do");
                }
                yield reader.generate(model, true, body);
            }
            case "countTokens" -> reader.count(model, body);
            case "embedContent" -> reader.embed(model, body);
            default -> reader.embedMany(model, body);
        };
    }

    /** A page, as {@code pageSize} and {@code pageToken} want it; a token is the last model before the page. */
    private void listModels(Exchange exchange) throws IOException {
        String after = exchange.query("pageToken");
        int size = pageSize(exchange.query("pageSize"));
        List<LlmClient.Model> rest = directory.models().stream()
                .filter(model -> after == null || model.id().toString().compareTo(after) > 0)
                .toList();
        List<LlmClient.Model> page = rest.subList(0, Math.min(size, rest.size()));
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode models = root.putArray("models");
        page.forEach(model -> models.add(describe(model)));
        if (page.size() < rest.size()) {
            root.put("nextPageToken", page.getLast().id().toString());
        }
        respond(exchange, root);
    }

    private static int pageSize(@Nullable String text) {
        if (text == null) {
            return USUAL_PAGE;
        }
        if (!text.matches("\\d{1,6}") || Integer.parseInt(text) < 1) {
            throw new ProblemException(
                    ErrorCategory.INVALID_ARGUMENT, "INVALID_PAGE_SIZE", "pageSize must be a number of at least 1");
        }
        return Math.min(LARGEST_PAGE, Integer.parseInt(text));
    }

    private static ObjectNode describe(LlmClient.Model model) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("name", "models/" + model.id())
                .put("version", "1")
                .put("displayName", model.id().model());
        if (model.info().contextTokens() > 0) {
            node.put("inputTokenLimit", model.info().contextTokens());
        }
        ArrayNode methods = node.putArray("supportedGenerationMethods");
        if (model.info().capabilities().contains(Capability.CHAT)) {
            methods.add("generateContent").add("countTokens");
        }
        if (model.info().capabilities().contains(Capability.EMBEDDINGS)) {
            methods.add("embedContent").add("batchEmbedContents");
        }
        return node;
    }

    private static void respond(Exchange exchange, ObjectNode body) throws IOException {
        exchange.respond(200, "application/json", body.toString().getBytes(StandardCharsets.UTF_8));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.itests.providers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Google's Gemini API on loopback, v1beta as its reference and its SDK 2.32.0 described it in November 2026. Every
 * request is checked as strictly as there: unknown members, roles, pairs of function calls and responses, signatures
 * of thoughts. The model's name chooses the answer; {@code gemini-2-} and {@code gemini-3-} before it choose the
 * rules of that generation:
 *
 * <ul>
 *   <li>{@code plain}: "Hello there!"; {@code cached}: the same, with cached tokens
 *   <li>{@code tools}: calls the first two functions at once; when it has their results, says them
 *   <li>{@code think}: thinks, answers, and signs that
 *   <li>{@code json}: answers {@code {"city":"Paris"}} when a schema asks for it
 *   <li>{@code blocked}: refuses the prompt; {@code unsafe}: stops in the middle of its answer
 *   <li>{@code embed}: a vector of the length of the text and its letters
 *   <li>{@code silent}, {@code garbage}, {@code endless}, {@code stall}, {@code drop}, {@code reset}, {@code cut}, {@code huge},
 *       {@code midway}: as those of {@link AnthropicServer}
 *   <li>{@code e429} and the like: that status
 * </ul>
 */
public final class GeminiServer implements AutoCloseable {
    public static final String KEY = "AIza-fake-4711";
    static final String SIGNATURE = "c2lnbmVk";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MODELS =
            """
            {"models": [
              {"name": "models/plain", "displayName": "Plain", "inputTokenLimit": 1000, "outputTokenLimit": 100,
               "supportedGenerationMethods": ["generateContent", "countTokens"], "thinking": true},
              {"name": "models/embed", "displayName": "Embed", "supportedGenerationMethods": ["embedContent"]},
              {"name": "models/draws", "displayName": "Draws", "supportedGenerationMethods": ["predict"]}]}
            """;
    private static final Pattern PATH = Pattern.compile(
            "/v1/models/(gemini-\\d-)?(plain|cached|tools|think|json|blocked|unsafe|embed|silent|garbage|e\\d{3}|"
                    + String.join("|", Failures.NAMES)
                    + "):(generateContent|streamGenerateContent\\?alt=sse|countTokens|embedContent|batchEmbedContents)");

    private final ProviderServer server;
    private final Queue<JsonNode> received = new ConcurrentLinkedQueue<>();
    private final AtomicInteger active = new AtomicInteger();

    public GeminiServer() throws IOException {
        this("x-goog-api-key", KEY);
    }

    private GeminiServer(String header, String key) throws IOException {
        server = new ProviderServer(header, key, this::answer);
        server.models(call -> call.json(200, MODELS));
    }

    /** One that wants an access token, as Vertex AI does. */
    public static GeminiServer vertex() throws IOException {
        return new GeminiServer("authorization", "Bearer " + KEY);
    }

    public String baseUrl() {
        return server.baseUrl();
    }

    /** The configuration that makes this the provider of the given name. */
    public String yaml(String name) {
        return """
                modules:
                  llm-gemini:
                    instances:
                      %s: { base_url: "%s", api_key: "%s", allow_unlisted: true }
                """.formatted(name, baseUrl(), KEY);
    }

    /** The bodies of all requests that were right, in their order. */
    public List<JsonNode> received() {
        return List.copyOf(received);
    }

    /** How many requests it is answering. */
    public int active() {
        return active.get();
    }

    private void answer(ProviderServer.Call call) throws Exception {
        active.incrementAndGet();
        try {
            Matcher path = PATH.matcher(call.path());
            if (!path.matches()) {
                error(call, 404, call.path() + " is not found for API version v1, or is not supported");
                return;
            }
            checked(call, path.group(1) == null ? "" : path.group(1), path.group(2), path.group(3));
        } finally {
            active.decrementAndGet();
        }
    }

    private void checked(ProviderServer.Call call, String generation, String model, String method) throws Exception {
        JsonNode body = call.body();
        String wrong = GeminiRules.wrong(generation + model, method, body);
        if (wrong != null) {
            error(call, 400, wrong);
            return;
        }
        received.add(body);
        if (model.matches("e\\d{3}")) {
            error(call, Integer.parseInt(model.substring(1)), "as you wish");
            return;
        }
        switch (method) {
            case "countTokens" -> {
                JsonNode asked = body.has("generateContentRequest") ? body.path("generateContentRequest") : body;
                call.json(200, "{\"totalTokens\":" + (10 + asked.path("contents").size()) + "}");
            }
            case "embedContent" -> {
                ObjectNode root = JSON.createObjectNode();
                root.set("embedding", vector(body));
                call.json(200, root.toString());
            }
            case "batchEmbedContents" -> {
                ObjectNode root = JSON.createObjectNode();
                ArrayNode all = root.putArray("embeddings");
                body.path("requests").forEach(request -> all.add(vector(request)));
                root.putObject("usageMetadata").put("promptTokenCount", 5 * all.size());
                call.json(200, root.toString());
            }
            default -> generate(call, body, model, method.startsWith("stream"));
        }
    }

    private static ObjectNode vector(JsonNode request) {
        ObjectNode embedding = JSON.createObjectNode();
        int size = request.path("outputDimensionality").asInt(3);
        ArrayNode values = embedding.putArray("values");
        String text = request.at("/content/parts/0/text").asText();
        values.add(text.length());
        while (values.size() < size) {
            values.add(text.charAt(values.size() % text.length()) - 'a');
        }
        return embedding;
    }

    private static void generate(ProviderServer.Call call, JsonNode body, String model, boolean stream) throws Exception {
        switch (model) {
            case "silent" -> call.awaitClose();
            case "garbage" -> call.answer(200, "text/html", "<html>maintenance</html>");
            case "blocked" -> {
                String answer = "{\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"},\"usageMetadata\":{\"promptTokenCount\":4,\"totalTokenCount\":4}}";
                if (stream) {
                    call.startStream();
                    call.data(answer);
                    call.endStream();
                } else {
                    call.json(200, answer);
                }
            }
            case String how when Failures.NAMES.contains(how) -> {
                call.startStream();
                call.data(piece("one ").toString());
                call.data(piece("two ").toString());
                Failures.run(
                        call,
                        how,
                        () -> call.data(piece("more ").toString()),
                        () -> call.data("{\"error\":{\"code\":503,\"message\":\"The model is overloaded.\",\"status\":\"UNAVAILABLE\"}}"));
            }
            default -> script(call, body, model, stream);
        }
    }

    private static void script(ProviderServer.Call call, JsonNode body, String model, boolean stream) throws Exception {
        ArrayNode parts = JSON.createArrayNode();
        ObjectNode usage = JSON.createObjectNode().put("promptTokenCount", 12).put("candidatesTokenCount", 7);
        String reason = "STOP";
        switch (model) {
            case "think" -> {
                parts.addObject().put("text", "Let me see.").put("thought", true);
                parts.addObject().put("text", "42").put("thoughtSignature", SIGNATURE);
                usage.put("thoughtsTokenCount", 30);
            }
            case "tools" -> tools(body, parts);
            case "json" -> parts.addObject().put(
                    "text", body.at("/generationConfig/responseMimeType").asText().equals("application/json") ? "{\"city\":\"Paris\"}" : "Paris");
            case "unsafe" -> {
                parts.addObject().put("text", "until ");
                reason = "SAFETY";
            }
            case "cached" -> {
                parts.addObject().put("text", "Hello there!");
                usage.put("promptTokenCount", 2012).put("cachedContentTokenCount", 2000);
            }
            default -> parts.addObject().put("text", "Hello there!");
        }
        usage.put(
                "totalTokenCount",
                usage.path("promptTokenCount").asInt()
                        + usage.path("candidatesTokenCount").asInt()
                        + usage.path("thoughtsTokenCount").asInt());
        if (!stream) {
            call.json(200, answer(parts, reason, usage).toString());
            return;
        }
        call.startStream();
        for (JsonNode part : parts) {
            halves(call, (ObjectNode) part, usage);
        }
        ArrayNode last = JSON.createArrayNode();
        last.addObject().put("text", "");
        call.data(answer(last, reason, usage).toString());
        call.endStream();
    }

    /** Text comes in pieces, calls come whole; the usage so far comes with each. */
    private static void halves(ProviderServer.Call call, ObjectNode part, ObjectNode usage) throws IOException {
        String text = part.path("text").asText();
        ObjectNode begun = usage.deepCopy().put("candidatesTokenCount", 1);
        if (text.length() < 4) {
            call.data(answer(JSON.createArrayNode().add(part), "", begun).toString());
            return;
        }
        int half = text.length() / 2;
        for (String piece : List.of(text.substring(0, half), text.substring(half))) {
            call.data(answer(JSON.createArrayNode().add(part.deepCopy().put("text", piece)), "", begun).toString());
        }
    }

    private static void tools(JsonNode body, ArrayNode parts) {
        JsonNode last = body.path("contents").path(body.path("contents").size() - 1).path("parts");
        StringBuilder results = new StringBuilder();
        for (JsonNode part : last) {
            JsonNode response = part.path("functionResponse").path("response");
            if (response.isObject()) {
                results.append(response.has("error") ? "failed: " : "got: ");
                results.append(response.path(response.has("error") ? "error" : "output").asText()).append("; ");
            }
        }
        if (!results.isEmpty()) {
            parts.addObject().put("text", results.toString());
            return;
        }
        parts.addObject().put("text", "I ask.");
        int number = 1;
        for (JsonNode function : body.path("tools").path(0).path("functionDeclarations")) {
            ObjectNode part = parts.addObject();
            part.putObject("functionCall")
                    .put("id", "fc_" + number)
                    .put("name", function.path("name").asText())
                    .putObject("args")
                    .put("city", number == 1 ? "Paris" : "Zürich");
            if (number == 1) {
                part.put("thoughtSignature", SIGNATURE);
            }
            if (++number > 2) {
                break;
            }
        }
    }

    private static ObjectNode piece(String text) {
        ArrayNode parts = JSON.createArrayNode();
        parts.addObject().put("text", text);
        return answer(parts, "", JSON.createObjectNode().put("promptTokenCount", 9).put("totalTokenCount", 9));
    }

    private static ObjectNode answer(ArrayNode parts, String reason, ObjectNode usage) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode candidate = root.putArray("candidates").addObject();
        candidate.putObject("content").put("role", "model").set("parts", parts);
        if (!reason.isEmpty()) {
            candidate.put("finishReason", reason);
        }
        candidate.put("index", 0);
        root.set("usageMetadata", usage);
        return root.put("modelVersion", "fake").put("responseId", "r1");
    }

    private static void error(ProviderServer.Call call, int status, String message) throws IOException {
        String name = switch (status) {
            case 400 -> "INVALID_ARGUMENT";
            case 401 -> "UNAUTHENTICATED";
            case 403 -> "PERMISSION_DENIED";
            case 404 -> "NOT_FOUND";
            case 429 -> "RESOURCE_EXHAUSTED";
            case 503 -> "UNAVAILABLE";
            default -> "INTERNAL";
        };
        ObjectNode root = JSON.createObjectNode();
        root.putObject("error").put("code", status).put("message", message).put("status", name);
        call.json(status, root.toString(), "retry-after: 7");
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}

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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Anthropic's Messages API on loopback, in its versions 2023-06-01 and 2026-10-21 as its reference and its SDK
 * 1.14.0 described them in November 2026. Every request is checked as strictly as there: headers, unknown members, roles, pairs of tool calls and results. The
 * model's name chooses the answer:
 *
 * <ul>
 *   <li>{@code plain}: "Hello there!"; {@code cached}: the same, with tokens read from and written to caches
 *   <li>{@code tools}: calls the first two tools at once; when it has their results, says them
 *   <li>{@code think}: thinks, signs its thoughts, and answers; asks for them back unchanged
 *   <li>{@code json}: answers {@code {"city":"Paris"}} when a schema asks for it
 *   <li>{@code stop}: ends at the first stop sequence
 *   <li>{@code endless}, {@code silent}, {@code stall}, {@code drop}, {@code reset}, {@code garbage}, {@code cut} (an event in
 *       the middle of a character), {@code huge} (a line of 32 MiB), {@code midway} (an error within the stream)
 *   <li>{@code e429} and the like: that status
 * </ul>
 */
public final class AnthropicServer implements AutoCloseable {
    public static final String KEY = "sk-ant-fake-4711";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MODELS = "{\"data\":[{\"type\":\"model\",\"id\":\"plain\",\"display_name\":\"Plain\","
            + "\"created_at\":\"2025-01-01T00:00:00Z\"}],\"has_more\":false,\"first_id\":\"plain\",\"last_id\":\"plain\"}";
    private static final String SIGNATURE = "c2lnbmVk";
    private static final Pattern MODEL = Pattern.compile(
            "plain|cached|tools|think|json|stop|silent|garbage|e\\d{3}|" + String.join("|", Failures.NAMES));

    private final ProviderServer server;
    private final Queue<JsonNode> received = new ConcurrentLinkedQueue<>();
    private final AtomicInteger active = new AtomicInteger();

    public AnthropicServer() throws IOException {
        server = new ProviderServer("x-api-key", KEY, this::answer);
        server.models(call -> call.json(200, MODELS));
    }

    public String baseUrl() {
        return server.baseUrl();
    }

    /** The configuration that makes this the provider of the given name. */
    public String yaml(String name) {
        return """
                modules:
                  llm-anthropic:
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
            checked(call);
        } finally {
            active.decrementAndGet();
        }
    }

    private void checked(ProviderServer.Call call) throws Exception {
        String wrong = AnthropicRules.wrong(call.path(), call::header, call.body());
        if (wrong != null) {
            error(call, 400, wrong);
            return;
        }
        JsonNode body = call.body();
        String model = body.path("model").asText();
        received.add(body);
        if (!MODEL.matcher(model).matches()) {
            error(call, 404, "model: " + model);
        } else if (model.matches("e\\d{3}")) {
            error(call, Integer.parseInt(model.substring(1)), "as you wish");
        } else if (call.path().endsWith("/count_tokens")) {
            call.json(200, "{\"input_tokens\":" + (10 + body.path("messages").size()) + "}");
        } else {
            misbehave(call, body, model);
        }
    }

    private static void misbehave(ProviderServer.Call call, JsonNode body, String model) throws Exception {
        switch (model) {
            case "silent" -> call.awaitClose();
            case "garbage" -> call.answer(200, "text/html", "<html>maintenance</html>");
            case String how when Failures.NAMES.contains(how) -> {
                call.startStream();
                event(call, "message_start", start(model, usage(9, 1)));
                event(call, "content_block_start", JSON.readTree(
                        "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}"));
                text(call, "one ");
                text(call, "two ");
                JsonNode error = JSON.readTree(
                        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}");
                Failures.run(call, how, () -> text(call, "more "), () -> event(call, "error", error));
            }
            default -> script(call, body, model);
        }
    }

    private static void script(ProviderServer.Call call, JsonNode body, String model) throws Exception {
        ArrayNode content = JSON.createArrayNode();
        String reason = "end_turn";
        String sequence = null;
        ObjectNode usage = usage(12, 7);
        switch (model) {
            case "think" -> {
                content.addObject().put("type", "thinking").put("thinking", "Let me see.").put("signature", SIGNATURE);
                content.addObject().put("type", "redacted_thinking").put("data", "ZW5jcnlwdGVk");
                content.addObject().put("type", "text").put("text", "42");
            }
            case "tools" -> {
                reason = tools(body, content);
            }
            case "json" -> content.addObject().put("type", "text").put(
                    "text", body.at("/output_config/format/type").asText().equals("json_schema") ? "{\"city\":\"Paris\"}" : "Paris");
            case "stop" -> {
                content.addObject().put("type", "text").put("text", "until ");
                reason = "stop_sequence";
                sequence = body.path("stop_sequences").path(0).asText();
            }
            case "cached" -> {
                content.addObject().put("type", "text").put("text", "Hello there!");
                usage.put("cache_read_input_tokens", 2000).put("cache_creation_input_tokens", 300);
                usage.putObject("cache_creation").put("ephemeral_5m_input_tokens", 100).put("ephemeral_1h_input_tokens", 200);
            }
            default -> content.addObject().put("type", "text").put("text", "Hello there!");
        }
        ObjectNode message = start(model, usage);
        if (body.path("stream").asBoolean()) {
            stream(call, message, content, reason, sequence, usage);
        } else {
            message.withArrayProperty("content").addAll(content);
            message.put("stop_reason", reason).put("stop_sequence", sequence);
            call.json(200, message.toString(), "request-id: req_fake");
        }
    }

    private static String tools(JsonNode body, ArrayNode content) {
        JsonNode last = body.path("messages").path(body.path("messages").size() - 1).path("content");
        StringBuilder results = new StringBuilder();
        for (JsonNode block : last) {
            if (block.path("type").asText().equals("tool_result")) {
                results.append(block.path("is_error").asBoolean() ? "failed: " : "got: ");
                JsonNode text = block.path("content");
                results.append(text.isTextual() ? text.asText() : text.path(0).path("text").asText()).append("; ");
            }
        }
        if (!results.isEmpty()) {
            content.addObject().put("type", "text").put("text", results.toString());
            return "end_turn";
        }
        content.addObject().put("type", "text").put("text", "I ask.");
        int number = 1;
        for (JsonNode tool : body.path("tools")) {
            ObjectNode use = content.addObject().put("type", "tool_use").put("id", "toolu_" + number);
            use.put("name", tool.path("name").asText()).putObject("input").put("city", number == 1 ? "Paris" : "Zürich");
            if (++number > 2) {
                break;
            }
        }
        return "tool_use";
    }

    private static void stream(
            ProviderServer.Call call,
            ObjectNode message,
            ArrayNode content,
            String reason,
            @Nullable String sequence,
            ObjectNode usage)
            throws Exception {
        call.startStream();
        ObjectNode begun = message.deepCopy();
        begun.withObjectProperty("usage").put("output_tokens", 1);
        ObjectNode start = JSON.createObjectNode().put("type", "message_start");
        start.set("message", begun);
        event(call, "message_start", start);
        event(call, "ping", JSON.createObjectNode().put("type", "ping"));
        for (int index = 0; index < content.size(); index++) {
            block(call, index, (ObjectNode) content.get(index));
        }
        ObjectNode end = JSON.createObjectNode().put("type", "message_delta");
        end.putObject("delta").put("stop_reason", reason).put("stop_sequence", sequence);
        end.putObject("usage").put("output_tokens", usage.path("output_tokens").asInt());
        event(call, "message_delta", end);
        event(call, "message_stop", JSON.createObjectNode().put("type", "message_stop"));
        call.endStream();
    }

    private static void block(ProviderServer.Call call, int index, ObjectNode block) throws Exception {
        ObjectNode empty = block.deepCopy();
        String type = block.path("type").asText();
        switch (type) {
            case "text" -> empty.put("text", "");
            case "thinking" -> empty.put("thinking", "").put("signature", "");
            case "tool_use" -> empty.putObject("input");
            default -> {}
        }
        ObjectNode start = JSON.createObjectNode().put("type", "content_block_start").put("index", index);
        start.set("content_block", empty);
        event(call, "content_block_start", start);
        switch (type) {
            case "text" -> halves(call, index, "text_delta", "text", block.path("text").asText());
            case "thinking" -> {
                halves(call, index, "thinking_delta", "thinking", block.path("thinking").asText());
                delta(call, index, "signature_delta", "signature", block.path("signature").asText());
            }
            case "tool_use" ->
                halves(call, index, "input_json_delta", "partial_json", block.path("input").toString());
            default -> {}
        }
        event(call, "content_block_stop", JSON.createObjectNode().put("type", "content_block_stop").put("index", index));
    }

    private static void halves(ProviderServer.Call call, int index, String type, String member, String text)
            throws Exception {
        int half = text.length() / 2;
        delta(call, index, type, member, text.substring(0, half));
        delta(call, index, type, member, text.substring(half));
    }

    private static void text(ProviderServer.Call call, String text) throws Exception {
        delta(call, 0, "text_delta", "text", text);
    }

    private static void delta(ProviderServer.Call call, int index, String type, String member, String text)
            throws Exception {
        ObjectNode event = JSON.createObjectNode().put("type", "content_block_delta").put("index", index);
        event.putObject("delta").put("type", type).put(member, text);
        event(call, "content_block_delta", event);
    }

    private static void event(ProviderServer.Call call, String name, JsonNode data) throws IOException {
        call.chunk("event: " + name + "\ndata: " + data + "\n\n");
    }

    private static ObjectNode start(String model, ObjectNode usage) {
        ObjectNode message = JSON.createObjectNode().put("id", "msg_fake").put("type", "message");
        message.put("role", "assistant").put("model", model).putArray("content");
        message.putNull("stop_reason").putNull("stop_sequence").set("usage", usage);
        return message;
    }

    private static ObjectNode usage(int input, int output) {
        return JSON.createObjectNode()
                .put("input_tokens", input)
                .put("cache_creation_input_tokens", 0)
                .put("cache_read_input_tokens", 0)
                .put("output_tokens", output);
    }

    private static void error(ProviderServer.Call call, int status, String message) throws IOException {
        String type = switch (status) {
            case 400 -> "invalid_request_error";
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 429 -> "rate_limit_error";
            case 529 -> "overloaded_error";
            default -> "api_error";
        };
        ObjectNode root = JSON.createObjectNode().put("type", "error");
        root.putObject("error").put("type", type).put("message", message);
        root.put("request_id", "req_fake");
        call.json(status, root.toString(), "request-id: req_fake", "retry-after: 7");
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}

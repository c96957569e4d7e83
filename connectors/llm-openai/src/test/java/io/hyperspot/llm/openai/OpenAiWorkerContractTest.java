// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.itests.providers.ProviderServer;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.Message.Role;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.llm.testkit.LlmWorkerContract;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;

/** Every rule of the contract, against a provider that is as strict as OpenAI's and lists its models. */
final class OpenAiWorkerContractTest extends LlmWorkerContract {
    private static final String[] WORDS = {"Good ", "morning, ", "world", "! ", "Grüß ", "Gott", "."};
    private static final String ENDLESS = "endless";
    private static final String SILENT = "silent";

    private final ObjectMapper json = new ObjectMapper();
    private final Fixture fixture = new Fixture();
    private final Set<ProviderServer.Call> left = ConcurrentHashMap.newKeySet();
    private final ProviderServer provider;

    OpenAiWorkerContractTest() throws IOException {
        provider = new ProviderServer(Fixture.KEY, this::answer);
    }

    @AfterEach
    void stop() throws IOException {
        fixture.close();
        provider.close();
    }

    @Override
    protected LlmWorker open() {
        return fixture.worker(provider, Map.of("models", new String[0], "retries", 0));
    }

    @Override
    protected void close(LlmWorker worker) {
        ((OpenAiWorker) worker).stop();
    }

    @Override
    protected ChatRequest longChatRequest() {
        return ChatRequest.of("small", List.of(Message.of(Role.USER, ENDLESS)));
    }

    @Override
    protected Optional<ChatRequest> silentChatRequest() {
        return Optional.of(ChatRequest.of("small", List.of(Message.of(Role.USER, SILENT))));
    }

    /** Streams that the provider is still writing, and answers that it owes. */
    @Override
    protected int held() {
        return left.size();
    }

    @Override
    protected boolean isOfTheTest(String threadName) {
        // the provider's own
        return threadName.isEmpty();
    }

    private void answer(ProviderServer.Call call) throws Exception {
        JsonNode body = call.body();
        if (call.path().endsWith("/embeddings")) {
            embeddings(call, body);
            return;
        }
        String refusal = refusal(body);
        if (!body.path("model").asText().equals("small")) {
            error(call, 404, "the model does not exist");
        } else if (!refusal.isEmpty()) {
            error(call, 400, refusal);
        } else if (body.at("/messages/0/content").asText().equals(SILENT)) {
            left.add(call);
            call.awaitClose();
            left.remove(call);
        } else if (body.path("stream").asBoolean()) {
            stream(call, body.at("/messages/0/content").asText().equals(ENDLESS));
        } else {
            ObjectNode answer = json.createObjectNode().put("object", "chat.completion");
            ObjectNode choice = answer.putArray("choices").addObject().put("index", 0).put("finish_reason", "stop");
            choice.putObject("message").put("role", "assistant").put("content", String.join("", WORDS));
            answer.putObject("usage").put("prompt_tokens", 5).put("completion_tokens", 7);
            call.json(200, answer.toString());
        }
    }

    private void stream(ProviderServer.Call call, boolean endless) throws Exception {
        left.add(call);
        try {
            call.startStream();
            do {
                for (String word : WORDS) {
                    ObjectNode chunk = json.createObjectNode();
                    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
                    choice.putObject("delta").put("content", word);
                    choice.putNull("finish_reason");
                    call.data(chunk.toString());
                }
            } while (endless);
            call.data("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}");
            call.data("{\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7}}");
            call.data("[DONE]");
            call.endStream();
        } finally {
            left.remove(call);
        }
    }

    private static String refusal(JsonNode body) {
        JsonNode temperature = body.path("temperature");
        JsonNode topP = body.path("top_p");
        if (body.path("messages").isEmpty()) {
            return "messages is too short";
        }
        if (body.has("max_tokens") && body.path("max_tokens").asInt() < 1) {
            return "max_tokens is too small";
        }
        if (body.has("temperature") && !(temperature.isNumber() && temperature.asDouble() >= 0 && temperature.asDouble() <= 2)) {
            return "temperature is not between 0 and 2";
        }
        return body.has("top_p") && !(topP.asDouble() >= 0 && topP.asDouble() <= 1) ? "top_p is not between 0 and 1" : "";
    }

    private void embeddings(ProviderServer.Call call, JsonNode body) throws IOException {
        if (!body.path("model").asText().equals("text-embed-1")) {
            error(call, 404, "the model does not exist");
            return;
        }
        if (body.path("input").isEmpty() || body.path("dimensions").asInt(1) < 1) {
            error(call, 400, "there is no input, or no dimension");
            return;
        }
        ObjectNode answer = json.createObjectNode();
        answer.putObject("usage").put("prompt_tokens", 3);
        int index = 0;
        for (JsonNode input : body.path("input")) {
            ObjectNode entry = answer.withArray("data").addObject().put("index", index++);
            int hash = input.asText().hashCode();
            entry.putArray("embedding").add(hash & 0xff).add(hash >> 8 & 0xff).add(hash >> 16 & 0xff);
        }
        call.json(200, answer.toString());
    }

    private void error(ProviderServer.Call call, int status, String message) throws IOException {
        ObjectNode answer = json.createObjectNode();
        answer.putObject("error").put("message", message).put("type", "invalid_request_error");
        call.json(status, answer.toString());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gemini;

import io.hyperspot.itests.providers.GeminiServer;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.Message;
import io.hyperspot.llm.Message.Role;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.llm.testkit.LlmWorkerContract;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** Every rule of the contract, against a server that is as strict as Google's and lists its models. */
final class GeminiWorkerContractTest extends LlmWorkerContract {
    private final Workers workers = new Workers();
    private final GeminiServer provider;

    GeminiWorkerContractTest() throws IOException {
        provider = new GeminiServer();
    }

    @AfterEach
    void stop() throws IOException {
        workers.close();
        provider.close();
    }

    @Override
    protected LlmWorker open() {
        return workers.open(provider.baseUrl(), Map.of("retries", 0, "allow_unlisted", true));
    }

    @Override
    protected void close(LlmWorker worker) {
        ((GeminiWorker) worker).stop();
    }

    @Override
    protected ChatRequest longChatRequest() {
        return ChatRequest.of("endless", List.of(Message.of(Role.USER, "talk")));
    }

    @Override
    protected Optional<ChatRequest> silentChatRequest() {
        return Optional.of(ChatRequest.of("silent", List.of(Message.of(Role.USER, "think"))));
    }

    @Override
    protected int held() {
        return provider.active();
    }

    @Override
    protected boolean isOfTheTest(String threadName) {
        // the provider's own
        return threadName.isEmpty();
    }
}

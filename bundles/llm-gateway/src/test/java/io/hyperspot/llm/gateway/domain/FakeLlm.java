// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gateway.domain;

import io.hyperspot.llm.ChatEvent;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.ModelInfo;
import io.hyperspot.llm.Usage;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.security.SecurityContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** A worker that does what a test says. */
public class FakeLlm implements LlmWorker {
    /** What a call does. */
    @FunctionalInterface
    public interface Script {
        void run(LlmClient.Listener listener) throws Exception;
    }

    public final List<ChatRequest> chats = new ArrayList<>();
    public final List<EmbeddingRequest> embeddings = new ArrayList<>();
    public Script script = listener -> {
        listener.event(new ChatEvent.TextDelta("hi"));
        listener.event(new ChatEvent.Finish(ChatEvent.Reason.STOP, new Usage(3, 0, 1, 0)));
    };
    public boolean unlisted;
    private final String provider;
    private final List<ModelInfo> models;

    public FakeLlm(String provider, String... models) {
        this.provider = provider;
        this.models = Arrays.stream(models)
                .map(name -> new ModelInfo(name, Set.of(ModelInfo.Capability.CHAT), 0, 0))
                .toList();
    }

    @Override
    public String provider() {
        return provider;
    }

    @Override
    public List<ModelInfo> models() {
        return models;
    }

    @Override
    public boolean allowsUnlisted() {
        return unlisted;
    }

    @Override
    public void chat(SecurityContext ctx, ChatRequest request, LlmClient.Listener listener, Cancellation cancellation)
            throws Exception {
        chats.add(request);
        script.run(listener);
    }

    @Override
    public EmbeddingResult embed(SecurityContext ctx, EmbeddingRequest request, Cancellation cancellation)
            throws Exception {
        embeddings.add(request);
        script.run(event -> {});
        return new EmbeddingResult(
                request.inputs().stream().map(text -> new float[] {text.length(), -0.5f}).toList(), new Usage(7, 0, 0, 0));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.openai;

import static io.hyperspot.llm.openai.Fixture.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyperspot.itests.providers.ProviderServer;
import io.hyperspot.llm.ModelInfo;
import io.hyperspot.llm.ModelInfo.Capability;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ModelsTest {
    private static final List<ModelInfo> LISTED = List.of(
            new ModelInfo("small", Set.of(Capability.CHAT), 0, 0),
            new ModelInfo("text-embed-1", Set.of(Capability.EMBEDDINGS), 0, 0));

    private final Fixture fixture = new Fixture();

    @AfterEach
    void stop() {
        fixture.close();
    }

    private OpenAiWorker listing(ProviderServer provider) {
        return fixture.worker(provider, Map.of("models", new String[0], "models_refresh_seconds", 1));
    }

    @Test
    void listsWhatIsConfiguredWithoutAskingTheProvider() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (ProviderServer provider = new ProviderServer(KEY, call -> call.json(200, "{}"))) {
            provider.models(call -> {
                asked.incrementAndGet();
                call.json(200, ProviderServer.MODELS);
            });
            OpenAiWorker worker = fixture.worker(
                    provider, Map.of("models", new String[] {"one", "My-EMBEDDER"}, "allow_unlisted", true));
            assertThat(worker.provider()).isEqualTo("acme");
            assertThat(worker.allowsUnlisted()).isTrue();
            assertThat(worker.models())
                    .containsExactly(
                            new ModelInfo("one", Set.of(Capability.CHAT), 0, 0),
                            new ModelInfo("My-EMBEDDER", Set.of(Capability.EMBEDDINGS), 0, 0));
            worker.stop();
            assertThat(asked).hasValue(0);
        }
    }

    @Test
    void followsTheProvidersList() throws Exception {
        try (ProviderServer provider = new ProviderServer(KEY, call -> call.json(200, "{}"))) {
            OpenAiWorker worker = listing(provider);
            assertThat(worker.allowsUnlisted()).isFalse();
            await().until(() -> worker.models().equals(LISTED));
            provider.models(call -> call.json(200, "{\"data\":[{\"id\":\"large\"},{\"id\":\"large\"},{\"id\":\" \"},{}]}"));
            await().until(() -> worker.models().equals(List.of(new ModelInfo("large", Set.of(Capability.CHAT), 0, 0))));
            worker.stop();
        }
    }

    @Test
    void keepsTheLastListWhileTheProviderFails() throws Exception {
        AtomicInteger failed = new AtomicInteger();
        try (ProviderServer provider = new ProviderServer(KEY, call -> call.json(200, "{}"))) {
            OpenAiWorker worker = listing(provider);
            await().until(() -> worker.models().equals(LISTED));
            for (ProviderServer.Handler broken : List.<ProviderServer.Handler>of(
                    call -> call.json(500, "{}"),
                    call -> call.json(401, "{}"),
                    call -> call.json(200, "nonsense"),
                    call -> call.json(200, "{\"data\":[]} trailing"),
                    call -> call.json(200, "{\"models\":[]}"),
                    ProviderServer.Call::reset)) {
                failed.set(0);
                provider.models(call -> {
                    failed.incrementAndGet();
                    broken.handle(call);
                });
                await().until(() -> failed.get() > 0);
                assertThat(worker.models()).isEqualTo(LISTED);
            }
            provider.models(call -> call.json(200, "{\"data\":[]}"));
            await().until(() -> worker.models().isEmpty());
            worker.stop();
        }
    }

    @Test
    void startsAndStopsAtOnceHoweverTheProviderBehaves() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        try (ProviderServer provider = new ProviderServer(KEY, call -> call.json(200, "{}"))) {
            provider.models(call -> {
                asked.countDown();
                call.awaitClose();
                left.countDown();
            });
            OpenAiWorker worker = listing(provider);
            assertThat(worker.models()).isEmpty();
            asked.await();
            worker.stop();
            left.await();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.llm.ModelInfo;
import io.hyperspot.llm.ModelInfo.Capability;
import io.hyperspot.modkit.Cancellation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of one provider, from memory. Reads the provider's list on a virtual thread of its own,
 * again and again; when that fails, the last list stays.
 */
final class ModelCatalog implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ModelCatalog.class);
    private static final int MAX_BYTES = 8 << 20;
    private static final int MAX_MODELS = 10_000;
    private static final int MAX_NAME = 256;
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

    private final String provider;
    private final OpenAiEndpoint endpoint;
    private final Problems problems;
    private final ProviderHealth health;
    private final ObjectMapper json;
    private final Duration interval;
    private final Cancellation stop = new Cancellation();
    private final Thread thread;
    private volatile List<ModelInfo> models = List.of();

    ModelCatalog(
            String provider,
            OpenAiEndpoint endpoint,
            Problems problems,
            ProviderHealth health,
            ObjectMapper json,
            Duration interval) {
        this.provider = provider;
        this.endpoint = endpoint;
        this.problems = problems;
        this.health = health;
        this.json = json;
        this.interval = interval;
        thread = Thread.ofVirtual().name("llm-openai-models-" + provider).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    List<ModelInfo> models() {
        return models;
    }

    static List<ModelInfo> of(Iterable<String> names) {
        List<ModelInfo> models = new ArrayList<>();
        for (String name : names) {
            boolean embeds = name.toLowerCase(Locale.ROOT).contains("embed");
            models.add(new ModelInfo(name, Set.of(embeds ? Capability.EMBEDDINGS : Capability.CHAT), 0, 0));
        }
        return List.copyOf(models);
    }

    private void run() {
        boolean known = false;
        boolean reported = false;
        Duration retry = FIRST_RETRY;
        while (!stop.isCancelled()) {
            Duration wait = interval;
            try {
                List<ModelInfo> read = of(read());
                if (!known || reported) {
                    log.info("provider {} offers {} models", provider, read.size());
                }
                models = read;
                health.listed();
                known = true;
                reported = false;
                retry = FIRST_RETRY;
            } catch (IOException | RuntimeException e) {
                if (stop.isCancelled()) {
                    return;
                }
                health.unlisted(problems.words(e));
                if (!reported) {
                    log.warn(
                            "the models of provider {} cannot be listed ({}); {}; retrying. The key 'models' of its"
                                    + " configuration can list them instead",
                            provider,
                            e.getMessage(),
                            known ? "the last list stays" : "none are offered");
                    reported = true;
                }
                wait = retry;
                Duration doubled = retry.multipliedBy(2);
                retry = doubled.compareTo(interval) < 0 ? doubled : interval;
            }
            LockSupport.parkNanos(this, wait.toNanos());
        }
    }

    private Set<String> read() throws IOException {
        try (ProviderResponse answer = endpoint.get("/models", stop)) {
            if (answer.status() != 200) {
                throw problems.ofStatus(answer.status(), "", null);
            }
            JsonNode data = json.readTree(answer.readAll(MAX_BYTES)).path("data");
            if (!data.isArray()) {
                throw problems.garbage("a list of models without 'data'", null);
            }
            Set<String> names = new LinkedHashSet<>();
            for (JsonNode entry : data) {
                String name = entry.path("id").asText("");
                if (!name.isBlank() && name.length() <= MAX_NAME && names.size() < MAX_MODELS) {
                    names.add(name);
                }
            }
            return names;
        }
    }

    @Override
    public void close() {
        stop.cancel("the worker stops");
        LockSupport.unpark(thread);
        try {
            thread.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

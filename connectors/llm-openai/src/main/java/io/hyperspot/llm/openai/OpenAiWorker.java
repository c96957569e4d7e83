// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.openai;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.credstore.ConfiguredSecrets;
import io.hyperspot.http.client.ProviderClients;
import io.hyperspot.http.client.ProviderClients.Breaking;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.provider.Connection;
import io.hyperspot.llm.provider.Connection.Timeouts;
import io.hyperspot.llm.provider.Provider;
import io.hyperspot.llm.provider.ProviderWorker;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.worker.GtsWorker;
import io.hyperspot.security.SecurityContext;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * One OpenAI-compatible endpoint. Its models' ids begin with the name of its configuration. With a
 * configuration that cannot be used it is there nevertheless, and tells callers and operators.
 */
@Component(
        service = {LlmWorker.class, HealthContributor.class},
        configurationPid = "llm-openai",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = OpenAiConfig.class, factory = true)
@GtsWorker(type = LlmWorker.TYPE, instance = LlmWorker.TYPE + "hyperspot.llm.openai.{name}.v1")
public final class OpenAiWorker extends ProviderWorker {
    private static final String PID = "llm-openai";

    private final boolean responses;
    private final ChatJson chatJson;
    private final EmbeddingsJson embeddingsJson;

    @Activate
    public OpenAiWorker(
            @Reference ProviderClients clients,
            @Reference ConfiguredSecrets secrets,
            OpenAiConfig config,
            Map<String, Object> properties) {
        super(clients, secrets, PID, properties, connection(config), new OpenAiVendor(config.organization(), config.project()));
        responses = config.responses();
        ObjectMapper json = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        chatJson = new ChatJson(json, upstream.problems(), maxTokens(config.base__url()));
        embeddingsJson = new EmbeddingsJson(json, upstream.problems());
    }

    private static Connection connection(OpenAiConfig config) {
        return new Connection(
                config.base__url(),
                config._api__key(),
                List.of(config.models()),
                config.allow__unlisted(),
                Duration.ofSeconds(config.models__refresh__seconds()),
                Timeouts.ofSeconds(
                        config.connect__timeout__seconds(),
                        config.first__byte__timeout__seconds(),
                        config.idle__timeout__seconds(),
                        config.total__timeout__seconds()),
                config.max__connections(),
                config.retries(),
                new Breaking(config.breaker__failures(), Duration.ofSeconds(config.breaker__open__seconds())));
    }

    private static String maxTokens(String base) {
        try {
            String host = new URI(base.strip()).getHost();
            return host != null && host.endsWith(".openai.com") ? "max_completion_tokens" : "max_tokens";
        } catch (URISyntaxException e) {
            // nothing will be sent, and the provider says why
            return "max_tokens";
        }
    }

    @Deactivate
    public void stop() {
        close();
    }

    @Override
    public boolean speaks(String protocol) {
        return protocol.equals(OPENAI) || (responses && protocol.equals(OPENAI_RESPONSES));
    }

    @Override
    public void chat(
            SecurityContext ctx, ChatRequest request, LlmClient.Listener listener, Cancellation cancellation)
            throws Exception {
        ChatAnswer events = new ChatAnswer(upstream.problems(), listener);
        upstream.post("/chat/completions", chatJson.write(request), cancellation, answer -> {
            if (Provider.isEventStream(answer)) {
                upstream.events(answer, events::event, events::isDone);
            } else {
                events.whole(upstream.document(answer));
            }
            return events;
        });
        events.finish();
    }

    @Override
    public EmbeddingResult embed(SecurityContext ctx, EmbeddingRequest request, Cancellation cancellation)
            throws Exception {
        return upstream.post(
                "/embeddings",
                embeddingsJson.write(request),
                cancellation,
                answer -> embeddingsJson.read(upstream.document(answer), request.inputs().size()));
    }
}

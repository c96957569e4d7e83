// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** One account at Anthropic. Its models' ids begin with the name of its configuration. */
@Component(
        service = {LlmWorker.class, HealthContributor.class},
        configurationPid = "llm-anthropic",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = AnthropicConfig.class, factory = true)
@GtsWorker(type = LlmWorker.TYPE, instance = LlmWorker.TYPE + "hyperspot.llm.anthropic.{name}.v1")
public final class AnthropicWorker extends ProviderWorker {
    private static final String PID = "llm-anthropic";

    private final MessagesJson requests;

    @Activate
    public AnthropicWorker(
            @Reference ProviderClients clients,
            @Reference ConfiguredSecrets secrets,
            AnthropicConfig config,
            Map<String, Object> properties) {
        super(clients, secrets, PID, properties, connection(config), new AnthropicVendor(config.version()));
        requests = new MessagesJson(upstream.problems(), config.max__tokens());
    }

    private static Connection connection(AnthropicConfig config) {
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

    @Deactivate
    public void stop() {
        close();
    }

    @Override
    public boolean speaks(String protocol) {
        return protocol.equals(ANTHROPIC);
    }

    @Override
    public void chat(
            SecurityContext ctx, ChatRequest request, LlmClient.Listener listener, Cancellation cancellation)
            throws Exception {
        MessageEvents events = new MessageEvents(upstream.problems(), listener);
        upstream.post("/messages", requests.write(request), cancellation, answer -> {
                    if (!Provider.isEventStream(answer)) {
                        throw upstream.problems().garbage("a document where a stream was asked for", null);
                    }
                    upstream.events(answer, events::event, events::isDone);
                    return events;
                })
                .finish();
    }

    @Override
    public long countTokens(SecurityContext ctx, ChatRequest request, Cancellation cancellation) throws Exception {
        JsonNode count = upstream.post(
                "/messages/count_tokens",
                requests.counted(request),
                cancellation,
                upstream::json);
        if (!count.path("input_tokens").isIntegralNumber()) {
            throw upstream.problems().garbage("a count of tokens without 'input_tokens'", null);
        }
        return count.path("input_tokens").asLong();
    }

    @Override
    public EmbeddingResult embed(SecurityContext ctx, EmbeddingRequest request, Cancellation cancellation) {
        throw upstream.problems().unsupported("requests for embeddings; Anthropic has no models for them");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** One account at Google. Its models' ids begin with the name of its configuration. */
@Component(
        service = {LlmWorker.class, HealthContributor.class},
        configurationPid = "llm-gemini",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = GeminiConfig.class, factory = true)
@GtsWorker(type = LlmWorker.TYPE, instance = LlmWorker.TYPE + "hyperspot.llm.gemini.{name}.v1")
public final class GeminiWorker extends ProviderWorker {
    private static final String PID = "llm-gemini";

    private final GenerateJson requests;
    private final boolean vertex;

    @Activate
    public GeminiWorker(
            @Reference ProviderClients clients,
            @Reference ConfiguredSecrets secrets,
            GeminiConfig config,
            Map<String, Object> properties) {
        super(clients, secrets, PID, properties, connection(config), new GeminiVendor(config.vertex()));
        requests = new GenerateJson(upstream.problems());
        vertex = config.vertex();
    }

    private static Connection connection(GeminiConfig config) {
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
        return protocol.equals(GEMINI);
    }

    @Override
    public void chat(
            SecurityContext ctx, ChatRequest request, LlmClient.Listener listener, Cancellation cancellation)
            throws Exception {
        GenerateEvents events = new GenerateEvents(upstream.problems(), listener);
        upstream.post(path(request.model(), "streamGenerateContent?alt=sse"), requests.write(request), cancellation, answer -> {
                    if (!Provider.isEventStream(answer)) {
                        throw upstream.problems().garbage("a document where a stream was asked for", null);
                    }
                    // the protocol has no last event: its end is the end of the body
                    upstream.events(answer, events::event, () -> false);
                    return events;
                })
                .finish();
    }

    private static String path(String model, String method) {
        String name = URLEncoder.encode(model, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
        return "/models/" + name + ":" + method;
    }

    @Override
    public long countTokens(SecurityContext ctx, ChatRequest request, Cancellation cancellation) throws Exception {
        ObjectNode asked = requests.counted(request);
        ObjectNode body = asked;
        if (!vertex) {
            body = JsonNodeFactory.instance.objectNode();
            body.set("generateContentRequest", asked.put("model", "models/" + request.model()));
        }
        JsonNode count = upstream.post(
                path(request.model(), "countTokens"),
                body,
                cancellation,
                upstream::json);
        if (!count.path("totalTokens").isIntegralNumber()) {
            throw upstream.problems().garbage("a count of tokens without 'totalTokens'", null);
        }
        return count.path("totalTokens").asLong();
    }

    @Override
    public EmbeddingResult embed(SecurityContext ctx, EmbeddingRequest request, Cancellation cancellation)
            throws Exception {
        request.validate();
        if (vertex) {
            throw upstream.problems().unsupported("requests for embeddings; Vertex AI has them in another protocol");
        }
        return upstream.post(
                path(request.model(), "batchEmbedContents"),
                EmbedJson.write(request),
                cancellation,
                answer -> EmbedJson.read(upstream.json(answer), request.inputs().size(), upstream.problems()));
    }
}

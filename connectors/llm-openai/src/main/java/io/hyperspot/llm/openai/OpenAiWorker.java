// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.openai;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyperspot.credstore.ConfiguredSecrets;
import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderClients;
import io.hyperspot.http.client.ProviderClients.Breaking;
import io.hyperspot.http.client.ProviderClients.Retries;
import io.hyperspot.http.client.ProviderClients.Settings;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.llm.ChatRequest;
import io.hyperspot.llm.EmbeddingRequest;
import io.hyperspot.llm.EmbeddingResult;
import io.hyperspot.llm.LlmClient;
import io.hyperspot.llm.ModelInfo;
import io.hyperspot.llm.openai.OpenAiEndpoint.Headers;
import io.hyperspot.llm.spi.LlmWorker;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.HealthContributor;
import io.hyperspot.modkit.worker.GtsWorker;
import io.hyperspot.security.SecurityContext;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
public final class OpenAiWorker implements LlmWorker, WireWorker, HealthContributor {
    private static final Logger log = LoggerFactory.getLogger(OpenAiWorker.class);
    private static final int MAX_EVENT = 16 << 20;
    private static final int MAX_DOCUMENT = 64 << 20;
    private static final int MAX_ERROR = 1 << 20;

    private final String provider;
    private final boolean allowUnlisted;
    private final ObjectMapper json =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private final @Nullable ProviderClient client;
    private final @Nullable ProviderClient listing;
    private final @Nullable ModelCatalog catalog;
    private final List<ModelInfo> fixed;
    private final ProviderHealth health;
    private final OpenAiEndpoint endpoint;
    private final Problems problems;
    private final Forwarding forwarding;
    private final ChatJson chatJson;
    private final EmbeddingsJson embeddingsJson;

    @Activate
    public OpenAiWorker(
            @Reference ProviderClients clients,
            @Reference ConfiguredSecrets secrets,
            OpenAiConfig config,
            Map<String, Object> properties) {
        provider = properties.get("instance.name") instanceof String name ? name : "openai";
        allowUnlisted = config.allow__unlisted();
        health = new ProviderHealth(provider);
        Secret key = new Secret(secrets.of(config._api__key()));
        problems = new Problems(provider, key);
        ProviderClient traffic = null;
        ProviderClient brief = null;
        Headers headers = new Headers(key, config.organization(), config.project());
        String maxTokens = "max_tokens";
        fixed = ModelCatalog.of(List.of(config.models()));
        try {
            OpenAiEndpoint.headers(key.isFollowed() ? "" : key.reveal(), config.organization(), config.project());
            Settings settings = settings(provider, config);
            maxTokens = maxTokens(settings.baseUrl());
            traffic = clients.open(settings);
            // A client of its own: listing must neither wait as long as an answer may take, nor be
            // stopped by, or stop, the traffic when one of the two fails.
            brief = fixed.isEmpty() ? clients.open(listing(settings)) : null;
        } catch (IllegalArgumentException e) {
            String why = String.valueOf(e.getMessage());
            health.misconfigured(why);
            log.error("provider {} cannot be used: {}", provider, why);
        }
        client = traffic;
        listing = brief;
        endpoint = new OpenAiEndpoint(client, headers, health);
        forwarding = new Forwarding(endpoint, problems);
        chatJson = new ChatJson(json, problems, maxTokens);
        embeddingsJson = new EmbeddingsJson(json, problems);
        if (brief == null) {
            catalog = null;
        } else {
            catalog = new ModelCatalog(
                    provider,
                    new OpenAiEndpoint(brief, headers, health),
                    problems,
                    health,
                    json,
                    Duration.ofSeconds(config.models__refresh__seconds()));
            catalog.start();
        }
    }

    private static Settings settings(String provider, OpenAiConfig config) {
        return new Settings(
                provider,
                base(config.base__url()),
                Duration.ofSeconds(config.connect__timeout__seconds()),
                Duration.ofSeconds(config.first__byte__timeout__seconds()),
                Duration.ofSeconds(config.idle__timeout__seconds()),
                Duration.ofSeconds(config.total__timeout__seconds()),
                config.max__connections(),
                Retries.DEFAULT.withMost(config.retries()),
                new Breaking(config.breaker__failures(), Duration.ofSeconds(config.breaker__open__seconds())));
    }

    /** Without the text in its message: a URL that cannot be read may hold a password. */
    private static URI base(String url) {
        try {
            return new URI(url.strip());
        } catch (URISyntaxException e) {
            String where = e.getIndex() < 0 ? "" : " at its character " + (e.getIndex() + 1);
            throw new IllegalArgumentException("the base URL is not a URL: " + e.getReason() + where, e);
        }
    }

    private static String maxTokens(URI base) {
        String host = base.getHost();
        return host != null && host.endsWith(".openai.com") ? "max_completion_tokens" : "max_tokens";
    }

    private static Settings listing(Settings settings) {
        Duration most = Duration.ofSeconds(20);
        return new Settings(
                settings.name(),
                settings.baseUrl(),
                settings.connectTimeout(),
                settings.firstByteTimeout().compareTo(most) < 0 ? settings.firstByteTimeout() : most,
                settings.idleTimeout().compareTo(most) < 0 ? settings.idleTimeout() : most,
                most,
                1,
                // The catalog asks again by itself.
                Retries.NONE,
                Breaking.NEVER);
    }

    @Deactivate
    public void stop() {
        if (catalog != null) {
            catalog.close();
        }
        if (listing != null) {
            listing.close();
        }
        if (client != null) {
            client.close();
        }
    }

    @Override
    public String provider() {
        return provider;
    }

    @Override
    public List<ModelInfo> models() {
        if (catalog != null) {
            return catalog.models();
        }
        return health.isConfigured() ? fixed : List.of();
    }

    @Override
    public boolean allowsUnlisted() {
        // Whoever names a model of a provider that cannot be used is told why it cannot.
        return allowUnlisted || !health.isConfigured();
    }

    @Override
    public boolean speaks(String protocol) {
        return protocol.equals(OPENAI);
    }

    @Override
    public void forward(SecurityContext ctx, Call call, Sink sink, Cancellation cancellation) throws IOException {
        forwarding.forward(call, sink, cancellation);
    }

    @Override
    public void chat(
            SecurityContext ctx, ChatRequest request, LlmClient.Listener listener, Cancellation cancellation)
            throws Exception {
        byte[] body = json.writeValueAsBytes(chatJson.write(request));
        ChatAnswer events = new ChatAnswer(json, problems, listener);
        try (ProviderResponse answer = endpoint.post("/chat/completions", body, 0, body.length, cancellation)) {
            check(answer);
            if (Forwarding.isEventStream(answer.header("content-type"))) {
                stream(answer, events);
            } else {
                events.whole(answer.readAll(MAX_DOCUMENT));
            }
        } catch (UpstreamException e) {
            throw problems.of(e);
        }
        events.finish();
    }

    private void stream(ProviderResponse answer, ChatAnswer events) throws Exception {
        EventStream stream = new EventStream(MAX_EVENT, problems, events::event);
        byte[] buffer = new byte[4096];
        for (int count; !events.isDone() && (count = answer.read(buffer, 0, buffer.length)) >= 0; ) {
            stream.feed(buffer, count);
        }
        stream.end();
    }

    @Override
    public EmbeddingResult embed(SecurityContext ctx, EmbeddingRequest request, Cancellation cancellation)
            throws Exception {
        byte[] body = json.writeValueAsBytes(embeddingsJson.write(request));
        try (ProviderResponse answer = endpoint.post("/embeddings", body, 0, body.length, cancellation)) {
            check(answer);
            return embeddingsJson.read(answer.readAll(MAX_DOCUMENT), request.inputs().size());
        } catch (UpstreamException e) {
            throw problems.of(e);
        }
    }

    /** Throws for every status but those of success. */
    private void check(ProviderResponse answer) throws UpstreamException {
        int status = answer.status();
        if (status >= 400) {
            throw problems.ofStatus(status, message(answer.readAll(MAX_ERROR)), answer.header("retry-after"));
        }
        if (status >= 300) {
            throw problems.redirected(status);
        }
    }

    private String message(byte[] body) {
        try {
            JsonNode root = json.readTree(body);
            return root == null ? "" : ChatAnswer.message(root);
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public String name() {
        return "llm-openai-" + provider;
    }

    @Override
    public Health health() {
        return health.health();
    }

    /** For logs. */
    @Override
    public String toString() {
        return "OpenAI-compatible provider " + provider;
    }
}

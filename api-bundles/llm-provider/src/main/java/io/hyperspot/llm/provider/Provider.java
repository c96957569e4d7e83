// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
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
import io.hyperspot.llm.ModelInfo;
import io.hyperspot.llm.spi.WireWorker;
import io.hyperspot.modkit.Cancellation;
import io.hyperspot.modkit.HealthContributor.Health;
import io.hyperspot.modkit.ProblemException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One provider as a connector uses it. With settings that cannot be used it is there nevertheless, and tells
 * callers and operators. Thread-safe; closed with its worker.
 */
public final class Provider implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Provider.class);
    private static final int MAX_EVENT = 16 << 20;
    private static final int MAX_DOCUMENT = 64 << 20;
    private static final int MAX_ERROR = 1 << 20;

    private final String name;
    private final boolean allowUnlisted;
    private final Vendor vendor;
    private final ObjectMapper json = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private final @Nullable ProviderClient client;
    private final @Nullable ProviderClient listing;
    private final @Nullable ModelCatalog catalog;
    private final List<ModelInfo> fixed;
    private final ProviderHealth health;
    private final Endpoint endpoint;
    private final Problems problems;
    private final Forwarding forwarding;

    /**
     * Opens the connection; nothing is sent before there is something to send, but for the list of models.
     *
     * @param pid of the connector, for what operators are told, for example {@code llm-openai}
     * @param properties of the component, whose {@code instance.name} names the provider
     */
    public Provider(
            ProviderClients clients,
            ConfiguredSecrets secrets,
            String pid,
            Map<String, Object> properties,
            Connection connection,
            Vendor vendor) {
        name = name(pid, properties);
        this.vendor = vendor;
        allowUnlisted = connection.allowUnlisted();
        health = new ProviderHealth(pid, name);
        Secret key = new Secret(secrets.of(connection.apiKey()));
        problems = new Problems(name, key);
        ProviderClient traffic = null;
        ProviderClient brief = null;
        fixed = connection.models().stream().map(vendor::model).toList();
        try {
            vendor.headers(key.isFollowed() ? "" : key.reveal());
            Settings settings = settings(name, connection);
            traffic = clients.open(settings);
            // A client of its own: listing must neither wait as long as an answer may take, nor be
            // stopped by, or stop, the traffic when one of the two fails.
            brief = fixed.isEmpty() ? clients.open(listing(settings)) : null;
        } catch (IllegalArgumentException e) {
            String why = String.valueOf(e.getMessage());
            health.misconfigured(why);
            log.error("provider {} cannot be used: {}", name, why);
        }
        client = traffic;
        listing = brief;
        endpoint = new Endpoint(client, key, vendor, problems, health);
        forwarding = new Forwarding(endpoint, problems, vendor);
        if (brief == null) {
            catalog = null;
        } else {
            Endpoint lists = new Endpoint(brief, key, vendor, problems, health);
            catalog = new ModelCatalog(
                    name, stop -> vendor.list(lists, stop), problems, health, connection.modelsRefresh());
            catalog.start();
        }
    }

    private static String name(String pid, Map<String, Object> properties) {
        return properties.get("instance.name") instanceof String given ? given : pid.substring(pid.indexOf('-') + 1);
    }

    private static Settings settings(String name, Connection connection) {
        return new Settings(
                name,
                base(connection.baseUrl()),
                connection.timeouts().connect(),
                connection.timeouts().firstByte(),
                connection.timeouts().idle(),
                connection.timeouts().total(),
                connection.maxConnections(),
                Retries.DEFAULT.withMost(connection.retries()),
                connection.breaking());
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

    /** The first part of its models' ids. */
    public String name() {
        return name;
    }

    /** As {@link io.hyperspot.llm.spi.LlmWorker#models}. */
    public List<ModelInfo> models() {
        if (catalog != null) {
            return catalog.models();
        }
        return health.isConfigured() ? fixed : List.of();
    }

    /** As {@link io.hyperspot.llm.spi.LlmWorker#allowsUnlisted}. */
    public boolean allowsUnlisted() {
        // Whoever names a model of a provider that cannot be used is told why it cannot.
        return allowUnlisted || !health.isConfigured();
    }

    public Health health() {
        return health.health();
    }

    public Problems problems() {
        return problems;
    }

    /** As {@link WireWorker#forward}. */
    public void forward(WireWorker.Call call, WireWorker.Sink sink, Cancellation cancellation) throws IOException {
        forwarding.forward(call, sink, cancellation);
    }

    /** Takes one answer that is not an error. */
    @FunctionalInterface
    public interface Answer<T> {
        T read(ProviderResponse response) throws Exception;
    }

    /**
     * Sends a JSON document and has the answer read.
     *
     * @param path relative to the base URL, with its query
     * @throws ProblemException when there is no answer, or it is an error
     */
    public <T> T post(String path, Object body, Cancellation cancellation, Answer<T> reader) throws Exception {
        byte[] bytes = json.writeValueAsBytes(body);
        try (ProviderResponse answer = endpoint.post(path, Map.of(), bytes, 0, bytes.length, cancellation)) {
            check(answer);
            return reader.read(answer);
        } catch (UpstreamException e) {
            throw problems.of(e);
        }
    }

    /** Throws for every status but those of success. */
    private void check(ProviderResponse answer) throws UpstreamException {
        int status = answer.status();
        if (status >= 400) {
            throw problems.ofStatus(status, said(answer.readAll(MAX_ERROR)), answer.header("retry-after"));
        }
        if (status >= 300) {
            throw problems.redirected(status);
        }
    }

    private String said(byte[] body) {
        try {
            JsonNode root = json.readTree(body);
            return root == null ? "" : vendor.said(root);
        } catch (IOException e) {
            return "";
        }
    }

    /** Whether an answer is a stream of server-sent events. */
    public static boolean isEventStream(ProviderResponse answer) {
        return Forwarding.isEventStream(answer.header("content-type"));
    }

    /**
     * Reads a stream of server-sent events to its end, or until there is nothing more to expect.
     *
     * @param done asked after every event
     */
    public void events(ProviderResponse answer, EventStream.Listener listener, BooleanSupplier done) throws Exception {
        EventStream stream = new EventStream(MAX_EVENT, problems, listener);
        byte[] buffer = new byte[4096];
        for (int count; !done.getAsBoolean() && (count = answer.read(buffer, 0, buffer.length)) >= 0; ) {
            stream.feed(buffer, count);
        }
        stream.end();
    }

    /** The whole body of an answer. */
    public byte[] document(ProviderResponse answer) throws IOException {
        return answer.readAll(MAX_DOCUMENT);
    }

    /**
     * An answer that is a JSON document.
     *
     * @throws ProblemException BAD_UPSTREAM when it is none
     */
    public JsonNode json(ProviderResponse answer) throws IOException {
        byte[] bytes = document(answer);
        try {
            return json.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw problems.garbage("a document that is not JSON", e);
        }
    }

    @Override
    public void close() {
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

    /** For logs. */
    @Override
    public String toString() {
        return "provider " + name;
    }
}

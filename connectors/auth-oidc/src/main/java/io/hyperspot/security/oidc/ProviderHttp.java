// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import io.hyperspot.http.client.GuardedHttp;
import io.hyperspot.http.client.ProviderClient;
import io.hyperspot.http.client.ProviderClient.Header;
import io.hyperspot.http.client.ProviderClients;
import io.hyperspot.http.client.ProviderClients.Breaking;
import io.hyperspot.http.client.ProviderClients.Retries;
import io.hyperspot.http.client.ProviderClients.Settings;
import io.hyperspot.http.client.ProviderResponse;
import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.modkit.Cancellation;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Requests to one provider. The origins that the operator named may be anywhere; whatever else the
 * provider's documents name is reached at public addresses only, so that they lead to nothing inside.
 * Redirects are not followed. Thread-safe.
 */
final class ProviderHttp implements AutoCloseable {
    /** An answer, whatever its status. */
    record Answer(int status, byte[] body) {}

    private static final int MAX_CONNECTIONS = 16;
    private static final Breaking BREAKING = new Breaking(5, Duration.ofSeconds(2));

    private final Map<URI, ProviderClient> configured = new LinkedHashMap<>();
    private final GuardedHttp guarded;
    private final Duration timeout;

    ProviderHttp(ProviderClients clients, GuardedHttp guarded, OidcSettings settings) {
        this.guarded = guarded;
        this.timeout = settings.timeout();
        for (URI origin : settings.trustedOrigins()) {
            configured.put(
                    origin,
                    clients.open(new Settings(
                            "oidc-" + settings.name(), origin, timeout, timeout, timeout, timeout, MAX_CONNECTIONS,
                            Retries.DEFAULT.withMost(1), BREAKING)));
        }
    }

    Answer get(URI url, int maxBytes) throws ProviderException {
        return send("GET", url, List.of(new Header("Accept", "application/json")), null, maxBytes);
    }

    Answer getAs(String accessToken, URI url, int maxBytes) throws ProviderException {
        List<Header> headers =
                List.of(new Header("Accept", "application/json"), new Header("Authorization", "Bearer " + accessToken));
        return send("GET", url, headers, null, maxBytes);
    }

    Answer post(URI url, String form, List<Header> headers, int maxBytes) throws ProviderException {
        List<Header> all = new ArrayList<>(headers);
        all.add(new Header("Accept", "application/json"));
        all.add(new Header("Content-Type", "application/x-www-form-urlencoded"));
        return send("POST", url, all, form.getBytes(StandardCharsets.UTF_8), maxBytes);
    }

    private Answer send(String method, URI url, List<Header> headers, byte @Nullable [] body, int maxBytes)
            throws ProviderException {
        try {
            ProviderClient client = configured.get(Origins.of(url));
            if (client == null) {
                GuardedHttp.Response response = guarded.send(
                        new GuardedHttp.Request(method, url, headers, body == null ? new byte[0] : body, timeout, maxBytes, 0),
                        new Cancellation());
                return new Answer(response.status(), response.body());
            }
            String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
            String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
            try (ProviderResponse response =
                    client.send(new ProviderClient.Request(method, path + query, headers, body), new Cancellation())) {
                return new Answer(response.status(), response.readAll(maxBytes));
            }
        } catch (UpstreamException e) {
            boolean reached = switch (e.kind()) {
                case TOO_LARGE, PROTOCOL, FORBIDDEN -> true;
                case CONNECT, CLOSED, TIMEOUT, CANCELLED, OVERLOADED -> false;
            };
            throw new ProviderException(reached, url.getHost() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        configured.values().forEach(ProviderClient::close);
    }
}

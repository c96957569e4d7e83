// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.gemini;

import io.hyperspot.credstore.ConfiguredSecrets;
import io.hyperspot.http.client.provider.PooledProviderClients;
import io.hyperspot.itests.providers.GeminiServer;
import io.hyperspot.llm.testkit.ComponentConfig;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Workers on the real HTTP client, configured as Declarative Services would. */
final class Workers implements AutoCloseable {
    static final SecurityContext CALLER = new SecurityContext("user:test", TenantId.ROOT, List.of());

    private final PooledProviderClients clients = new PooledProviderClients(new SimpleMeterRegistry());

    GeminiWorker open(String baseUrl, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("base_url", baseUrl);
        settings.putIfAbsent("api_key", GeminiServer.KEY);
        return new GeminiWorker(
                clients,
                ConfiguredSecrets.literal(),
                ComponentConfig.of(GeminiConfig.class, settings),
                Map.of("instance.name", "acme"));
    }

    @Override
    public void close() {
        clients.stop();
    }
}

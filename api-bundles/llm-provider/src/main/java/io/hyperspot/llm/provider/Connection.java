// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.provider;

import io.hyperspot.http.client.ProviderClients.Breaking;
import java.time.Duration;
import java.util.List;

/**
 * The settings that the connectors to all providers have, by the same names.
 *
 * @param apiKey as it is configured: the key itself, a reference, {@code none} or empty
 * @param models those that are offered; empty: those that the provider lists
 * @param allowUnlisted whether requests for other models are passed on
 * @param retries how often a request is sent again when no connection came about
 */
public record Connection(
        String baseUrl,
        String apiKey,
        List<String> models,
        boolean allowUnlisted,
        Duration modelsRefresh,
        Timeouts timeouts,
        int maxConnections,
        int retries,
        Breaking breaking) {
    /**
     * How long each part of an exchange may take.
     *
     * @param firstByte from the request to the head of the answer
     * @param idle the longest silence within an answer
     */
    public record Timeouts(Duration connect, Duration firstByte, Duration idle, Duration total) {
        public static Timeouts ofSeconds(int connect, int firstByte, int idle, int total) {
            return new Timeouts(
                    Duration.ofSeconds(connect),
                    Duration.ofSeconds(firstByte),
                    Duration.ofSeconds(idle),
                    Duration.ofSeconds(total));
        }
    }

    public Connection {
        models = List.copyOf(models);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "Connection to " + (baseUrl.isEmpty() ? "nowhere" : "a provider");
    }
}

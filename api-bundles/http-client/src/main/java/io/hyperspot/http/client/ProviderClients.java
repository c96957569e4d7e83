// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client;

import java.net.URI;
import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/** Opens clients to providers that an operator configured. An OSGi service, thread-safe. */
@ProviderType
public interface ProviderClients {
    /**
     * How to reach one provider.
     *
     * @param name for metrics and errors, for example the provider's slug
     * @param baseUrl http or https; may be on loopback, because an operator configured it
     * @param connectTimeout until a connection, TLS included, is there
     * @param firstByteTimeout from the end of the request to the first byte of the final answer
     * @param idleTimeout the longest silence within an answer's body
     * @param totalTimeout for the whole exchange
     * @param maxConnections open at once; further calls fail as {@code OVERLOADED} after the connect
     *     timeout
     */
    record Settings(
            String name,
            URI baseUrl,
            Duration connectTimeout,
            Duration firstByteTimeout,
            Duration idleTimeout,
            Duration totalTimeout,
            int maxConnections) {
        public Settings(String name, URI baseUrl) {
            this(
                    name,
                    baseUrl,
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(30),
                    10_000);
        }
    }

    /**
     * @throws IllegalArgumentException for a base URL that is not absolute http or https, or has user
     *     info, query or fragment
     */
    ProviderClient open(Settings settings);
}

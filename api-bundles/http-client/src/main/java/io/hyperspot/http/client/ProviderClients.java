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
     * @param retries when a failed call is made again
     * @param breaking when the provider is not called for a while
     */
    record Settings(
            String name,
            URI baseUrl,
            Duration connectTimeout,
            Duration firstByteTimeout,
            Duration idleTimeout,
            Duration totalTimeout,
            int maxConnections,
            Retries retries,
            Breaking breaking) {
        public Settings(String name, URI baseUrl) {
            this(
                    name,
                    baseUrl,
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(30),
                    10_000,
                    Retries.DEFAULT,
                    Breaking.DEFAULT);
        }
    }

    /**
     * When a call is made again, within its total timeout: any call when no connection came about,
     * and an idempotent one also when the connection was closed before any answer, or the answer is
     * 429, 502, 503 or 504. Before each retry comes a random delay between nothing and a bound that
     * doubles. Retries together never exceed a tenth of the calls, but for the first few.
     *
     * @param most retries of one call; 0: none
     * @param firstDelay the bound of the first delay
     * @param maxDelay what the bound does not exceed
     * @param maxRetryAfter the longest {@code Retry-After} that is waited for; an answer that demands
     *     more is handed on
     */
    record Retries(int most, Duration firstDelay, Duration maxDelay, Duration maxRetryAfter) {
        public static final Retries NONE = new Retries(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);
        public static final Retries DEFAULT =
                new Retries(2, Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ofSeconds(10));

        /**
         * @throws IllegalArgumentException for less than nothing
         */
        public Retries {
            if (most < 0 || firstDelay.isNegative() || maxDelay.isNegative() || maxRetryAfter.isNegative()) {
                throw new IllegalArgumentException("retries and their delays must not be negative");
            }
        }

        /** The same but for the number of retries. */
        public Retries withMost(int retries) {
            return new Retries(retries, firstDelay, maxDelay, maxRetryAfter);
        }
    }

    /**
     * When a provider that does not answer is left alone: then calls fail at once as {@code
     * OVERLOADED}, until one call at a time is let through and one of them is answered. Every answer
     * counts as one, whatever its status.
     *
     * @param failures in a row until then; 0: never
     * @param openFor until the first call is let through
     */
    record Breaking(int failures, Duration openFor) {
        public static final Breaking NEVER = new Breaking(0, Duration.ZERO);
        public static final Breaking DEFAULT = new Breaking(5, Duration.ofSeconds(5));

        /**
         * @throws IllegalArgumentException for less than nothing
         */
        public Breaking {
            if (failures < 0 || openFor.isNegative()) {
                throw new IllegalArgumentException("neither failures nor their consequence can be negative");
            }
        }
    }

    /**
     * @throws IllegalArgumentException for a base URL that is not absolute http or https, or has user
     *     info, query or fragment
     */
    ProviderClient open(Settings settings);
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client;

import io.hyperspot.modkit.Cancellation;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A pooled HTTP/1.1 client to one provider. Thread-safe; calls block their (virtual) thread. A
 * request is sent again when a reused connection failed before any byte of the answer arrived, and
 * as {@link ProviderClients.Retries} says.
 */
@ProviderType
public interface ProviderClient extends AutoCloseable {
    /** A header of a request. */
    record Header(String name, String value) {
        /**
         * @throws IllegalArgumentException for an empty name or a value with control characters
         */
        public Header {
            if (name.isEmpty() || value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 127)) {
                throw new IllegalArgumentException("header '" + name + "' has an empty name or a control character");
            }
        }

        @Override
        public String toString() {
            return name + ": ***";
        }
    }

    /**
     * A request. The body is written as it is, with its length.
     *
     * @param path appended to the base URL's path, starts with {@code /}; may have a query
     * @param body null: no body
     * @param idempotent whether the provider may get it twice
     */
    record Request(
            String method,
            String path,
            List<Header> headers,
            byte @Nullable [] body,
            int offset,
            int length,
            boolean idempotent) {
        private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS");

        /** Idempotent as its method is. */
        public Request(
                String method, String path, List<Header> headers, byte @Nullable [] body, int offset, int length) {
            this(method, path, headers, body, offset, length, isIdempotent(method));
        }

        public Request(String method, String path, List<Header> headers, byte @Nullable [] body) {
            this(method, path, headers, body, 0, body == null ? 0 : body.length);
        }

        /** Whether a method means the same once and twice (RFC 9110, 9.2.2). */
        public static boolean isIdempotent(String method) {
            return IDEMPOTENT.contains(method);
        }
    }

    /**
     * Sends a request and waits for the head of its answer. Cancelling closes the connection and
     * makes whoever waits on it fail within milliseconds.
     *
     * @throws UpstreamException when no answer came
     */
    ProviderResponse send(Request request, Cancellation cancellation) throws UpstreamException;

    /** Closes idle connections at once and the others when their answers end. */
    @Override
    void close();
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client;

import io.hyperspot.modkit.Cancellation;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Requests to URLs that users supply (callbacks, webhooks, tools, downloads). Every address is
 * resolved, checked against the SSRF rules and pinned before it is connected to, redirects
 * included; loopback, private, link-local and other special ranges are never reached. Requests are
 * sent again as {@link ProviderClients.Retries#DEFAULT} says, and an origin that cannot be connected to
 * is left alone as {@link ProviderClients.Breaking#DEFAULT} says. An OSGi service, thread-safe; calls
 * block.
 */
@ProviderType
public interface GuardedHttp {
    /**
     * @param headers a value must not hold a line break
     * @param body empty: none
     * @param timeout for the whole exchange, redirects included
     * @param maxResponseBytes of the body, after decompression
     */
    record Request(
            String method,
            URI url,
            List<ProviderClient.Header> headers,
            byte[] body,
            Duration timeout,
            int maxResponseBytes,
            int maxRedirects) {}

    /** A complete answer; header names are lower case. */
    record Response(int status, Map<String, List<String>> headers, byte[] body, URI url) {}

    /**
     * @throws UpstreamException FORBIDDEN for an address that the guard refuses, else as its kind says
     */
    Response send(Request request, Cancellation cancellation) throws UpstreamException;
}

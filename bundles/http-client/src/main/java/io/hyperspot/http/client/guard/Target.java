// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.guard;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.net.URIAuthority;

/**
 * A URL that may be requested.
 *
 * @param host without brackets
 * @param addresses checked; no others may be connected to
 */
record Target(URI url, String scheme, String host, int port, List<InetAddress> addresses) {
    /** Names the host and fixes the address, so that nothing resolves the name a second time. */
    HttpHost pinned(InetAddress address) {
        return new HttpHost(scheme, address, host, port);
    }

    boolean isSecure() {
        return scheme.equals("https");
    }

    /** For the Host header. */
    URIAuthority authority() {
        return new URIAuthority(host, port == (isSecure() ? 443 : 80) ? -1 : port);
    }

    /** For the request line. */
    String path() {
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    }

    boolean isSameOrigin(Target other) {
        return scheme.equals(other.scheme) && host.equals(other.host) && port == other.port;
    }
}

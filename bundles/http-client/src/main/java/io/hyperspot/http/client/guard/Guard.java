// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client.guard;

import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Decides whether a URL may be requested, and at which addresses. */
final class Guard {
    /** Turns a host name, or an address in text, into addresses. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    private final Resolver resolver;
    private final Set<Integer> ports;

    Guard(Resolver resolver, Set<Integer> ports) {
        this.resolver = resolver;
        this.ports = ports;
    }

    /**
     * Resolves and checks. A name with even one address that is not public is refused as a whole.
     *
     * @throws UpstreamException FORBIDDEN, or CONNECT for an unknown host
     */
    Target check(URI given) throws UpstreamException {
        URI url = URI.create(given.toASCIIString());
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw forbidden("only http and https URLs can be requested");
        }
        if (url.getRawUserInfo() != null) {
            throw forbidden("a URL must hold no user name and no password");
        }
        if (url.getHost() == null || url.getHost().isEmpty()) {
            throw forbidden("the URL names no host");
        }
        int port = url.getPort() >= 0 ? url.getPort() : scheme.equals("https") ? 443 : 80;
        if (!ports.contains(port)) {
            throw forbidden("port " + port + " is not allowed");
        }
        String host = url.getHost().toLowerCase(Locale.ROOT);
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        InetAddress[] addresses;
        try {
            addresses = resolver.resolve(host);
        } catch (UnknownHostException e) {
            throw new UpstreamException(Kind.CONNECT, "the host " + host + " is not known");
        }
        if (addresses.length == 0) {
            throw new UpstreamException(Kind.CONNECT, "the host " + host + " has no address");
        }
        for (InetAddress address : addresses) {
            if (!AddressRules.isPublic(address)) {
                // The address stays unsaid: it would map the inner network for whoever asks.
                throw forbidden("the host " + host + " is not a public one");
            }
        }
        return new Target(url, scheme, host, port, List.of(addresses));
    }

    static UpstreamException forbidden(String why) {
        return new UpstreamException(Kind.FORBIDDEN, why);
    }
}

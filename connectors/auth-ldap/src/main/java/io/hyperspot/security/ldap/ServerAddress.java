// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;

/** One server of a directory. */
record ServerAddress(String host, int port) {
    private static final int LDAP = 389;
    private static final int LDAPS = 636;

    /**
     * @throws IllegalArgumentException for what is no address, or none for this kind of transport
     */
    static ServerAddress of(String url, Transport transport) {
        URI uri;
        try {
            uri = URI.create(url.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'urls' must be addresses such as ldap://ldap.example.com", e);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean bare = uri.getRawUserInfo() == null
                && (uri.getRawPath() == null || uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null;
        if (uri.getHost() == null || !bare || !(scheme.equals("ldap") || scheme.equals("ldaps"))) {
            throw new IllegalArgumentException("'urls' must be addresses such as ldap://ldap.example.com, of nothing but host and port");
        }
        boolean tls = scheme.equals("ldaps");
        if (tls != (transport == Transport.LDAPS)) {
            throw new IllegalArgumentException(
                    tls ? "ldaps:// in 'urls' needs 'security: LDAPS'" : "'security: LDAPS' needs ldaps:// in 'urls'");
        }
        String host = uri.getHost().replaceAll("[\\[\\]]", "");
        if (transport == Transport.PLAIN && !isHere(host)) {
            throw new IllegalArgumentException("'security: PLAIN' sends passwords for everybody to read: it is possible to this machine"
                    + " only (localhost, 127.0.0.1, ::1)");
        }
        int port = uri.getPort() == -1 ? (tls ? LDAPS : LDAP) : uri.getPort();
        return new ServerAddress(host, port);
    }

    /** Told without asking the name service, which could say otherwise later. */
    private static boolean isHere(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}

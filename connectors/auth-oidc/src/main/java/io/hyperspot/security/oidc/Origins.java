// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Addresses of a provider: https, or http on this machine. */
final class Origins {
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    private Origins() {}

    /**
     * @param what names the address in the message
     * @throws IllegalArgumentException for what is no address of a provider
     */
    static URI checked(String what, String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            // not the text: it may hold a password
            throw new IllegalArgumentException("'" + what + "' is not a URL: " + e.getReason(), e);
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("'" + what + "' must be a URL with a host and without a user");
        }
        boolean local = scheme.equals("http") && LOOPBACK.matcher(uri.getHost().toLowerCase(Locale.ROOT)).matches();
        if (!scheme.equals("https") && !local) {
            throw new IllegalArgumentException("'" + what + "' must be an https URL");
        }
        return uri;
    }

    /** Scheme, host and port, in one way of writing. */
    static URI of(URI uri) {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        return URI.create(scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + ":" + port);
    }
}

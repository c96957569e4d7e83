// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/** Addresses to which browsers are sent: https, or http on this machine. */
final class Addresses {
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    private Addresses() {}

    /**
     * @param what names the address in the message
     * @throws IllegalArgumentException for what is no such address
     */
    static URI checked(String what, String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            // not the text: it may hold a password
            throw new IllegalArgumentException(what + " is not a URL: " + e.getReason(), e);
        }
        if (uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(what + " must be a URL with a host, without a user and a fragment");
        }
        boolean local = "http".equalsIgnoreCase(uri.getScheme()) && LOOPBACK.matcher(uri.getHost()).matches();
        if (!"https".equalsIgnoreCase(uri.getScheme()) && !local) {
            throw new IllegalArgumentException(what + " must be an https URL");
        }
        return uri;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.vault;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What one Vault is configured with, checked.
 *
 * @param store what secrets say to be kept here
 * @param authMount without slashes at its ends
 */
record VaultSettings(
        String store,
        URI address,
        String mount,
        String prefix,
        String namespace,
        Auth auth,
        String authMount,
        String role,
        String credentialFile,
        Duration timeout,
        Duration takeover,
        int maxConnections) {
    /** How this server shows who it is. */
    enum Auth {
        TOKEN,
        APPROLE,
        KUBERNETES
    }

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");
    private static final Pattern STORE = Pattern.compile("[a-z0-9-]{1,63}");
    /** Nothing that would have to be escaped, and no segment of dots alone, which leads elsewhere. */
    private static final Pattern PATH = Pattern.compile("(?!\\.+(/|$))[\\w.-]+(/(?!\\.+(/|$))[\\w.-]+)*");

    /**
     * @throws IllegalArgumentException for what cannot be used; the message is for the operator
     */
    static VaultSettings of(String store, VaultConfig config) {
        if (!STORE.matcher(store).matches()) {
            throw new IllegalArgumentException("the instance's name must be lower-case letters, digits and dashes");
        }
        Auth auth = auth(config.auth().strip());
        return new VaultSettings(
                store,
                address(config.address().strip()),
                path("mount", config.mount()),
                path("prefix", config.prefix()),
                config.namespace().isBlank() ? "" : path("namespace", config.namespace()),
                auth,
                switch (auth) {
                    case TOKEN -> "";
                    case APPROLE, KUBERNETES -> config.auth__mount().isBlank()
                            ? auth.name().toLowerCase(Locale.ROOT)
                            : path("auth_mount", config.auth__mount());
                },
                switch (auth) {
                    case TOKEN -> "";
                    case APPROLE -> needed("role_id", config.role__id());
                    case KUBERNETES -> needed("role", config.role());
                },
                switch (auth) {
                    case TOKEN -> needed("token_file", config.token__file());
                    case APPROLE -> config.secret__id__file().strip();
                    case KUBERNETES -> needed("jwt_file", config.jwt__file());
                },
                Duration.ofSeconds(config.timeout__seconds()),
                Duration.ofSeconds(config.takeover__seconds()),
                config.max__connections());
    }

    private static Auth auth(String name) {
        return switch (name) {
            case "token" -> Auth.TOKEN;
            case "approle" -> Auth.APPROLE;
            case "kubernetes" -> Auth.KUBERNETES;
            default -> throw new IllegalArgumentException("'auth' must be token, approle or kubernetes");
        };
    }

    private static String needed(String what, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("'" + what + "' must be set");
        }
        return value.strip();
    }

    private static String path(String what, String value) {
        String path = value.strip().replaceAll("^/+|/+$", "");
        if (!PATH.matcher(path).matches()) {
            throw new IllegalArgumentException(
                    "'" + what + "' must be a path of letters, digits, dots, underscores and dashes between slashes");
        }
        return path;
    }

    /** A token in the open is everybody's: https, but for what is on this machine. */
    private static URI address(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            // not the text: it may hold a password
            throw new IllegalArgumentException("'address' is not a URL: " + e.getReason());
        }
        if (uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("'address' must be a URL with a host, and without a user, a query and a fragment");
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        boolean local = scheme.equals("http") && LOOPBACK.matcher(uri.getHost().toLowerCase(Locale.ROOT)).matches();
        if (!scheme.equals("https") && !local) {
            throw new IllegalArgumentException("'address' must be an https URL");
        }
        return uri;
    }
}

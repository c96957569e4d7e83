// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.aws;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What one region is configured with, checked.
 *
 * @param store what secrets say to be kept here
 * @param recoveryDays 0: deleted at once
 */
record AwsSettings(
        String store,
        String region,
        URI endpoint,
        String prefix,
        String kmsKey,
        int recoveryDays,
        Duration timeout,
        Duration takeover,
        int maxConnections) {
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");
    private static final Pattern STORE = Pattern.compile("[a-z0-9-]{1,63}");
    private static final Pattern REGION = Pattern.compile("[a-z]{2,}(-[a-z0-9]+)+");
    /** What names of secrets may have; 200, so that tenant and id have room in the 512 of a name. */
    private static final Pattern PREFIX = Pattern.compile("(?=.{1,200}$)[\\w.+=@-]+(/[\\w.+=@-]+)*");

    private static final Pattern KMS_KEY = Pattern.compile("[\\w:/-]{0,2048}");

    /**
     * @throws IllegalArgumentException for what cannot be used; the message is for the operator
     */
    static AwsSettings of(String store, AwsConfig config) {
        int days = config.recovery__days();
        if (days != 0 && (days < 7 || days > 30)) {
            throw new IllegalArgumentException("'recovery_days' must be 0, or 7 to 30");
        }
        String region = matching("region", config.region(), REGION, "a region as eu-central-1");
        return new AwsSettings(
                matching("the instance's name", store, STORE, "lower-case letters, digits and dashes"),
                region,
                config.endpoint().isBlank() ? own(region) : checked(config.endpoint().strip()),
                matching("prefix", config.prefix(), PREFIX, "letters, digits and _.+=@- between slashes, 200 at most"),
                matching("kms_key", config.kms__key(), KMS_KEY, "an ARN, an id or an alias"),
                days,
                Duration.ofSeconds(config.timeout__seconds()),
                Duration.ofSeconds(config.takeover__seconds()),
                config.max__connections());
    }

    private static String matching(String what, String value, Pattern pattern, String meaning) {
        String text = value.strip();
        if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + what + "' must be " + meaning);
        }
        return text;
    }

    private static URI own(String region) {
        String domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
        return URI.create("https://secretsmanager." + region + "." + domain);
    }

    /** Values go there: https, but for what is on this machine. */
    private static URI checked(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            // not the text: it may hold a password
            throw new IllegalArgumentException("'endpoint' is not a URL: " + e.getReason());
        }
        boolean bare = uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        if (uri.getHost() == null || !bare || !(path.isEmpty() || path.equals("/"))) {
            throw new IllegalArgumentException("'endpoint' must be a URL with a host and nothing but a port behind it");
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !(scheme.equals("http") && LOOPBACK.matcher(host).matches())) {
            throw new IllegalArgumentException("'endpoint' must be an https URL");
        }
        boolean usual = uri.getPort() < 0 || uri.getPort() == (scheme.equals("https") ? 443 : 80);
        return URI.create(scheme + "://" + host + (usual ? "" : ":" + uri.getPort()));
    }

    /** As the client sends it, for it is signed. */
    String host() {
        return endpoint.getRawAuthority();
    }
}

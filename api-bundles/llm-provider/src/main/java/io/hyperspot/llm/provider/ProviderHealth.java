// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.provider;

import io.hyperspot.http.client.UpstreamException;
import io.hyperspot.http.client.UpstreamException.Kind;
import io.hyperspot.modkit.HealthContributor.Health;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/**
 * What operators are told of one provider, by its configuration and the last exchange with it. Never
 * more than degraded: the other providers serve. Anyone may read it, so it holds no address.
 * Thread-safe.
 */
final class ProviderHealth {
    private final String settings;
    private final String provider;
    private volatile String misconfigured = "";
    private volatile String trouble = "";
    private volatile String unlisted = "";

    /**
     * @param pid of the connector
     */
    ProviderHealth(String pid, String provider) {
        settings = "modules." + pid + ".instances." + provider;
        this.provider = provider;
    }

    /** For good: nothing will be sent. */
    void misconfigured(String why) {
        misconfigured = why;
    }

    boolean isConfigured() {
        return misconfigured.isEmpty();
    }

    /** An answer came. */
    void answered(int status) {
        if (status == 401 || status == 403) {
            trouble = "the provider refuses its key (status " + status + "): set " + key("api_key")
                    + " to one that it accepts";
        } else if (status >= 300 && status < 400) {
            trouble = "the provider answers with a redirect (status " + status + "), which is not followed: set "
                    + key("base_url") + " to where its API is";
        } else if (!trouble.isEmpty()) {
            trouble = "";
        }
    }

    /** No answer came. Only what does not depend on the request is held against the provider. */
    void failed(UpstreamException e) {
        if (e.kind() == Kind.CONNECT) {
            trouble = "the provider cannot be reached (" + reason(e) + "): check " + key("base_url")
                    + ", and that the provider runs; it is tried again all the time";
        }
    }

    void listed() {
        unlisted = "";
    }

    void unlisted(String why) {
        unlisted = "the list of models cannot be read (" + why + "): check that " + key("base_url")
                + " is that of the provider's API, or list them in " + key("models");
    }

    Health health() {
        if (!isConfigured()) {
            return degraded("nothing is sent, because " + misconfigured + ": correct it in " + settings);
        }
        String now = trouble;
        String list = unlisted;
        return now.isEmpty() && list.isEmpty() ? Health.up() : degraded(now.isEmpty() ? list : now);
    }

    private Health degraded(String what) {
        return Health.degraded("instance '" + provider + "': " + what);
    }

    private String key(String name) {
        return settings + "." + name;
    }

    private static String reason(Throwable e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return "the name of its host is not known";
            }
            if (cause instanceof SSLException) {
                return "its TLS is not trusted or fails";
            }
        }
        return "no connection comes about";
    }
}

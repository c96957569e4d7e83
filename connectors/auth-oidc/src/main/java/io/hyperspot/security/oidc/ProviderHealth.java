// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import io.hyperspot.modkit.HealthContributor.Health;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators are told of one provider. Never more than degraded: others serve. Anyone may read it, so
 * details go to the log. Thread-safe.
 */
final class ProviderHealth {
    private static final Logger log = LoggerFactory.getLogger(ProviderHealth.class);

    private final String name;
    private volatile String misconfigured = "";
    private volatile String trouble = "";
    private volatile String client = "";

    ProviderHealth(String name) {
        this.name = name;
    }

    void misconfigured(String why) {
        log.error("identity provider {} cannot be used: {}; correct it in {}", name, why, key(""));
        misconfigured = why;
    }

    /** The outcome of asking for documents: each change is logged once. */
    void asked(@Nullable ProviderException failure) {
        String now = failure == null ? "" : String.valueOf(failure.getMessage());
        if (!now.equals(trouble)) {
            if (failure == null) {
                log.info("identity provider {} answers again", name);
            } else {
                log.warn("identity provider {} cannot be used now: {}", name, now);
            }
            trouble = now;
        }
    }

    /** The outcome of an exchange of a code. */
    void clientRefused(String error) {
        if (!error.equals(client)) {
            if (!error.isEmpty()) {
                log.error("identity provider {} refuses this server as a client ({}): check {} and {}",
                        name, error, key(".client_id"), key(".client_secret"));
            }
            client = error;
        }
    }

    Health health() {
        if (!misconfigured.isEmpty()) {
            return degraded("it is not used, because " + misconfigured + ": correct it in " + key(""));
        }
        if (!client.isEmpty()) {
            return degraded("it refuses this server as a client (" + client + "): check " + key(".client_secret"));
        }
        return trouble.isEmpty() ? Health.up() : degraded("it cannot be asked; see the log. It is tried again when a token or a login needs it");
    }

    private Health degraded(String what) {
        return Health.degraded("identity provider '" + name + "': " + what);
    }

    private String key(String end) {
        return "modules.auth-oidc.instances." + name + end;
    }
}

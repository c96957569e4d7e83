// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import io.hyperspot.modkit.HealthContributor.Health;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What operators are told of one provider. Never more than degraded: others serve. Thread-safe. */
final class SamlHealth {
    private static final Logger log = LoggerFactory.getLogger(SamlHealth.class);

    private final String name;
    private final Clock clock;
    private volatile String misconfigured = "";
    private volatile Instant lastEnd = Instant.MAX;

    SamlHealth(String name, Clock clock) {
        this.name = name;
        this.clock = clock;
    }

    void misconfigured(String why) {
        if (!why.equals(misconfigured)) {
            log.error("identity provider {} cannot be used: {}; correct it in {}", name, why, key());
            misconfigured = why;
        }
    }

    void used(IdentityProvider provider) {
        @Nullable Instant end = provider.lastEnd();
        lastEnd = end == null ? Instant.MAX : end;
    }

    Health health() {
        if (!misconfigured.isEmpty()) {
            return degraded("it is not used, because " + misconfigured + ": correct it in " + key());
        }
        return clock.instant().isBefore(lastEnd)
                ? Health.up()
                : degraded("its certificate has ended; it is used still. Ask the provider for its new one, and add it to " + key());
    }

    private Health degraded(String what) {
        return Health.degraded("identity provider '" + name + "': " + what);
    }

    private String key() {
        return "modules.auth-saml.instances." + name;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import io.hyperspot.modkit.HealthContributor.Health;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators are told of one directory. Never more than degraded: others serve. Anyone may read it, so
 * details go to the log. Thread-safe.
 */
final class DirectoryHealth {
    private static final Logger log = LoggerFactory.getLogger(DirectoryHealth.class);

    private final String name;
    private volatile String misconfigured = "";
    private volatile boolean away;
    private volatile boolean accountRefused;

    DirectoryHealth(String name) {
        this.name = name;
    }

    void misconfigured(String why) {
        log.error("directory {} cannot be used: {}; correct it in {}", name, why, key(""));
        misconfigured = why;
    }

    /** The outcome of asking: each change is logged once. */
    void asked(@Nullable DirectoryException failure) {
        if (failure != null && !away) {
            log.warn("directory {} cannot be asked now: {}", name, failure.getMessage());
        } else if (failure == null && away) {
            log.info("directory {} answers again", name);
        }
        away = failure != null;
    }

    /** Whether this server's own account was let in. */
    void account(boolean refused) {
        if (refused && !accountRefused) {
            log.error("directory {} refuses this server's account: check {} and {}", name, key(".bind_dn"), key(".bind_password"));
        }
        accountRefused = refused;
    }

    Health health() {
        if (!misconfigured.isEmpty()) {
            return degraded("it is not used, because " + misconfigured + ": correct it in " + key(""));
        }
        if (accountRefused) {
            return degraded("it refuses this server's account: check " + key(".bind_dn") + " and " + key(".bind_password"));
        }
        return away ? degraded("it cannot be asked; see the log. It is tried again at the next login") : Health.up();
    }

    private Health degraded(String what) {
        return Health.degraded("directory '" + name + "': " + what);
    }

    private String key(String end) {
        return "modules.auth-ldap.instances." + name + end;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.aws;

import io.hyperspot.modkit.HealthContributor.Health;
import io.hyperspot.modkit.ProblemException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators are told of one region. Never more than degraded: what is kept elsewhere is served. Anyone may
 * read it, so details go to the log. Thread-safe.
 */
final class AwsHealth {
    private static final Logger log = LoggerFactory.getLogger(AwsHealth.class);

    private final String store;
    private volatile String misconfigured = "";
    private volatile String trouble = "";

    AwsHealth(String store) {
        this.store = store;
    }

    void misconfigured(String why) {
        log.error("the store '{}' in AWS cannot be used: {}; correct it in {}", store, why, key());
        misconfigured = why;
    }

    /** The outcome of a call: each change is logged once. */
    void asked(@Nullable ProblemException failure) {
        String now = failure == null ? "" : told(failure);
        if (!now.equals(trouble)) {
            trouble = now;
            if (failure == null) {
                log.info("the store '{}' in AWS can be used again", store);
            } else {
                log.warn("the store '{}' in AWS cannot be used now: {}", store, now);
            }
        }
    }

    private static String told(ProblemException failure) {
        Throwable cause = failure.getCause();
        return cause == null ? failure.detail() : failure.detail() + " (" + cause.getMessage() + ")";
    }

    Health health() {
        if (!misconfigured.isEmpty()) {
            return Health.degraded("store '" + store + "' in AWS: it is not used, because " + misconfigured + ": correct it in " + key());
        }
        return trouble.isEmpty()
                ? Health.up()
                : Health.degraded("store '" + store
                        + "' in AWS: it could not be used when it was needed last; see the log. It is tried again when a secret is needed");
    }

    private String key() {
        return "modules.credentials-aws.instances." + store;
    }
}

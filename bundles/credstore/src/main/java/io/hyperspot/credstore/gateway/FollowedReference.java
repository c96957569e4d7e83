// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.gateway;

import io.hyperspot.credstore.Secret;
import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import io.hyperspot.security.TenantId;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The value of a secret that configuration refers to, from memory until it changes or its time is over.
 * While the store cannot be reached the last value is used.
 */
final class FollowedReference implements Supplier<String> {
    private static final Logger log = LoggerFactory.getLogger(FollowedReference.class);
    private static final SecurityContext CONFIGURATION = new SecurityContext(
            "system:configuration", TenantId.ROOT, List.of(Permission.parse("gts.hyperspot.core.credstore.*:use")));

    /** What was read. Without a toString that shows it. */
    private static final class Cached {
        private final String value;
        private final long generation;
        private final long until;

        Cached(String value, long generation, long until) {
            this.value = value;
            this.generation = generation;
            this.until = until;
        }
    }

    private final String reference;
    private final SecretStore store;
    private final LongSupplier refreshMillis;
    private final Clock clock;
    private volatile @Nullable Cached cached;

    FollowedReference(String reference, SecretStore store, LongSupplier refreshMillis, Clock clock) {
        this.reference = reference;
        this.store = store;
        this.refreshMillis = refreshMillis;
        this.clock = clock;
    }

    @Override
    public String get() {
        Cached last = cached;
        // asked before reading: a change while it is read makes it be read again
        long generation = store.generation();
        long now = clock.millis();
        if (last != null && last.generation == generation && now < last.until) {
            return last.value;
        }
        try (Secret secret = store.resolve(CONFIGURATION, reference)) {
            Cached next = new Cached(secret.text(), generation, now + refreshMillis.getAsLong());
            cached = next;
            return next.value;
        } catch (ProblemException e) {
            if (e.category() != ErrorCategory.NOT_FOUND && last != null) {
                log.warn("the secret '{}' cannot be read now; its last value is used: {}", reference, e.detail());
                cached = new Cached(last.value, generation, now + refreshMillis.getAsLong());
                return last.value;
            }
            cached = null;
            throw new ProblemException(
                    ErrorCategory.UNAVAILABLE,
                    "SECRET_UNRESOLVED",
                    "the secret '" + reference + "' that the configuration refers to cannot be read: " + e.detail(),
                    Map.of(),
                    e);
        }
    }
}

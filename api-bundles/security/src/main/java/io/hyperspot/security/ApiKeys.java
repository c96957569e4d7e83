// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** The API keys of a tenant. Thread-safe. A key is shown once, at creation, and stored as a keyed hash. */
@ProviderType
public interface ApiKeys {
    /**
     * A key as it may be shown.
     *
     * @param prefix the first characters of the key, by which people recognise it
     */
    record ApiKey(
            String id,
            String name,
            String prefix,
            List<String> scopes,
            Instant createdAt,
            @Nullable Instant expiresAt,
            @Nullable Instant revokedAt) {}

    /** A new key with its only appearance in clear. */
    record Created(ApiKey key, String secret) {
        @Override
        public String toString() {
            return "Created[key=" + key + ", secret=***]";
        }
    }

    /**
     * @param scopes permissions, each {@code <gts pattern>:<action>}; not more than the caller's own
     * @param expiresAt null: never
     * @throws io.hyperspot.modkit.ProblemException INVALID_ARGUMENT for a malformed scope,
     *     PERMISSION_DENIED for a scope that the caller lacks
     */
    Created create(SecurityContext ctx, String name, List<String> scopes, @Nullable Instant expiresAt);

    /** The tenant's keys, newest first, revoked ones included. */
    List<ApiKey> list(SecurityContext ctx);

    /**
     * Takes effect at once.
     *
     * @throws io.hyperspot.modkit.ProblemException NOT_FOUND when the tenant has no such key
     */
    void revoke(SecurityContext ctx, String id);
}

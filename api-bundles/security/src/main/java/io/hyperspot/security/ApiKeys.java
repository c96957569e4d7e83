// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
     * @throws io.hyperspot.modkit.ProblemException INVALID_ARGUMENT for a malformed scope or a time that
     *     is not in the future, PERMISSION_DENIED for a scope that the caller lacks, RESOURCE_EXHAUSTED
     *     when the tenant has too many keys
     */
    Created create(SecurityContext ctx, String name, List<String> scopes, @Nullable Instant expiresAt);

    /**
     * The same for a tenant below the caller's, so that somebody there can begin.
     *
     * @param tenant the key's
     * @param crossBarriers whether it may be one that a barrier hides from the caller
     * @throws io.hyperspot.modkit.ProblemException as above; NOT_FOUND when the caller sees no such tenant,
     *     FAILED_PRECONDITION when it does not work
     */
    Created createFor(
            SecurityContext ctx,
            TenantId tenant,
            boolean crossBarriers,
            String name,
            List<String> scopes,
            @Nullable Instant expiresAt);

    /**
     * The tenant's keys, newest first, revoked ones included.
     *
     * @param after the id of the last key of the page before, or null for the first page
     * @param limit at most so many
     */
    List<ApiKey> list(SecurityContext ctx, @Nullable String after, int limit);

    /**
     * The tenant's keys that are newer than one, the nearest first: the page before it, from its end.
     *
     * @param limit at most so many
     */
    List<ApiKey> listBefore(SecurityContext ctx, String before, int limit);

    /** A key of the tenant. */
    Optional<ApiKey> find(SecurityContext ctx, String id);

    /**
     * Takes effect at once. A key that is revoked already stays as it is.
     *
     * @throws io.hyperspot.modkit.ProblemException NOT_FOUND when the tenant has no such key
     */
    void revoke(SecurityContext ctx, String id);
}

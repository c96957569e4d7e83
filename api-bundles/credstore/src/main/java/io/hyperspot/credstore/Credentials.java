// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore;

import io.hyperspot.security.SecurityContext;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Secrets of the caller's tenant. An OSGi service, thread-safe; calls block. A caller sees its own private
 * secrets, those of its tenant, and the shared ones of the tenants above; of one reference the private one,
 * then that of the nearest tenant. What somebody may not see does not exist for them: NOT_FOUND.
 *
 * <p>All throw {@link io.hyperspot.modkit.ProblemException}: INVALID_ARGUMENT for a malformed reference, NOT_FOUND,
 * ABORTED when the secret is not as {@code tag} says, UNAVAILABLE when the key-encryption keys or the store
 * cannot be reached.
 */
@ProviderType
public interface Credentials {
    /** What all secrets are. */
    String SECRET_TYPE = "gts.hyperspot.core.credstore.secret.v1~";

    /** What a secret is when nothing else is said. */
    String GENERIC_TYPE = SECRET_TYPE + "hyperspot.core.credstore.generic.v1~";

    /**
     * The current value. Close it.
     *
     * @throws io.hyperspot.modkit.ProblemException as above; NOT_FOUND also for an expired one
     */
    Secret resolve(SecurityContext ctx, String reference);

    /** A version's value, while the version is valid. Close it. */
    Secret resolve(SecurityContext ctx, String reference, long version);

    /** Makes a secret; ALREADY_EXISTS when the caller's tenant has one of this reference. */
    SecretMetadata create(SecurityContext ctx, NewSecret wanted);

    /**
     * Gives a secret of the caller's own tenant a new value.
     *
     * @param tag as {@link SecretMetadata#tag}
     * @param previousValidUntil until when the value before stays valid; null: it ends at once
     * @param expiresAt null: never
     */
    SecretMetadata put(
            SecurityContext ctx,
            String reference,
            String tag,
            Secret value,
            @Nullable Instant previousValidUntil,
            @Nullable Instant expiresAt);

    SecretMetadata get(SecurityContext ctx, String reference);

    /**
     * What the caller sees, each reference once, ordered by reference.
     *
     * @param after the last reference of the page before, or null
     * @param descending whether the page goes towards the first reference
     */
    List<SecretMetadata> list(SecurityContext ctx, @Nullable String after, boolean descending, int limit);

    /** Newest first, at most 100. */
    List<SecretVersion> versions(SecurityContext ctx, String reference);

    /** Deletes a secret of the caller's own tenant with all its versions. */
    void delete(SecurityContext ctx, String reference, String tag);
}

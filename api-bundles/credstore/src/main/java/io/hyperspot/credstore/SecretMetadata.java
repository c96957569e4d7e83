// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore;

import io.hyperspot.security.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What may be known of a secret.
 *
 * @param inherited whether it is of a tenant above the caller's
 * @param version of the value; counts from 1
 * @param revision grows with every change, also of what is not the value
 * @param type a GTS type id derived from {@link Credentials#SECRET_TYPE}
 * @param store where the value is kept, for example {@code database}
 * @param expiresAt null: never; from then on the value is not given out
 */
public record SecretMetadata(
        String id,
        TenantId owner,
        String reference,
        Sharing sharing,
        boolean inherited,
        long version,
        long revision,
        String type,
        String store,
        Instant createdAt,
        Instant changedAt,
        @Nullable Instant expiresAt) {
    /** What {@code If-Match} must say. */
    public String tag() {
        return id + "." + revision;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A secret to be made.
 *
 * @param value null: it is in the store already, which takes no values
 * @param type null: {@link Credentials#GENERIC_TYPE}
 * @param store null: the database
 * @param expiresAt null: never
 */
public record NewSecret(
        String reference,
        @Nullable Secret value,
        Sharing sharing,
        @Nullable String type,
        @Nullable String store,
        @Nullable Instant expiresAt) {}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.rest;

import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A secret's next value on the wire. */
@Schema(name = "SecretValueRequest", description = "The next version of a secret.")
public record ValueRequest(
        @Schema(description = "1 to 65536 bytes of UTF-8.", required = true, writeOnly = true) @Nullable String value,
        @Schema(description = "Until when the version before stays valid; absent: it ends at once.")
                @Nullable Instant previousValidUntil,
        @Schema(description = "When the secret expires; absent: never.") @Nullable Instant expiresAt) {
    @Override
    public String toString() {
        return "ValueRequest[***]";
    }
}

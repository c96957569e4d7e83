// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.rest;

import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A wanted secret on the wire. */
@Schema(name = "SecretRequest", description = "A secret to be made.")
public record SecretRequest(
        @Schema(description = "1 to 255 letters, digits, underscores and dashes.", required = true) @Nullable String reference,
        @Schema(description = "1 to 65536 bytes of UTF-8; absent for a store that takes no values.", writeOnly = true)
                @Nullable String value,
        @Schema(description = "private, tenant (default) or shared.") @Nullable String sharing,
        @Schema(description = "A GTS type id that begins with gts.hyperspot.core.credstore.secret.v1~; absent: generic.")
                @Nullable String type,
        @Schema(description = "Where the value is kept; absent: database.") @Nullable String store,
        @Schema(description = "When it expires; absent: never.") @Nullable Instant expiresAt) {
    @Override
    public String toString() {
        return "SecretRequest[***]";
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.rest;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Passwords and what proves who sends them, on the wire: each operation says which it takes. */
@Schema(name = "PasswordRequest", description = "Passwords, and what proves who sends them.")
@SuppressWarnings("ArrayRecordComponent") // characters that can be overwritten; nobody compares requests
public record PasswordRequest(
        @Schema(description = "The password, or the new one.", implementation = String.class) char @Nullable [] password,
        @Schema(description = "The password until now.", implementation = String.class) char @Nullable [] current,
        @Schema(description = "The setup token.") @Nullable String setupToken) {
    @Override
    public String toString() {
        return "PasswordRequest[***]";
    }
}

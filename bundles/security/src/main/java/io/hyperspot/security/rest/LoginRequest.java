// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.rest;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What somebody typed, on the wire.
 *
 * @param password overwritten when it was looked at
 */
@Schema(name = "LoginRequest", description = "What somebody typed.")
@SuppressWarnings("ArrayRecordComponent") // characters that can be overwritten; nobody compares requests
public record LoginRequest(
        @Schema(description = "By which login, as GET /auth/v1/providers lists them; absent: the only one with passwords.") @Nullable String provider,
        @Schema(description = "The login name.", required = true) @Nullable String name,
        @Schema(description = "The password.", required = true, implementation = String.class) char @Nullable [] password,
        @Schema(description = "Of an authenticator app, or a recovery code; when it is asked for.") @Nullable String code) {
    @Override
    public String toString() {
        return "LoginRequest[***]";
    }
}

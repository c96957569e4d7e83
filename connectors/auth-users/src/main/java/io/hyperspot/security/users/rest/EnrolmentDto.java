// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.rest;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The key of an authenticator app, on the wire. */
@Schema(name = "TotpEnrolment", description = "The key of an authenticator app, shown once.")
public record EnrolmentDto(
        @Schema(description = "To be typed into the app.") String secret,
        @Schema(description = "For the app to read as a QR code: otpauth://totp/...") String url) {
    @Override
    public String toString() {
        return "EnrolmentDto[***]";
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.rest;

import io.hyperspot.security.sessions.SessionModule;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A session that was opened, on the wire. */
@Schema(name = "Login", description = "Who has logged in. The session itself is in the cookie.")
public record LoginDto(
        @Schema(description = "By which bindings and audits name them.") String subject,
        @Schema(description = "Their name.") String name,
        @Schema(description = "Whose data they work with.") String tenant,
        @Schema(description = "When the session ends also when it is used.") Instant expiresAt,
        @Schema(description = "To be sent in the header x-csrf-token with whatever changes something.") String csrfToken) {
    static LoginDto of(SessionModule.Opened opened) {
        return new LoginDto(
                opened.session().subject(),
                opened.session().name(),
                opened.session().tenant().toString(),
                opened.session().expiresAt(),
                opened.csrfToken());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.rest;

import io.hyperspot.security.Sessions.Session;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A session on the wire. */
@Schema(name = "Session", description = "Somebody who has logged in.")
public record SessionDto(
        @Schema(description = "UUID version 7.") String id,
        @Schema(description = "Who.") String subject,
        @Schema(description = "Their name.") String name,
        @Schema(description = "By which login.") String provider,
        @Schema(description = "From where they logged in; may be empty.") String address,
        @Schema(description = "What the browser called itself.") String agent,
        @Schema(description = "When they logged in.") Instant createdAt,
        @Schema(description = "When it was used last, to the minute.") Instant usedAt,
        @Schema(description = "When it ends also when it is used.") Instant expiresAt,
        @Schema(description = "Whether it is the one with which this was asked.") boolean current) {
    static SessionDto of(Session session, String current) {
        return new SessionDto(
                session.id(),
                session.subject(),
                session.name(),
                session.provider(),
                session.address(),
                session.agent(),
                session.createdAt(),
                session.usedAt(),
                session.expiresAt(),
                session.id().equals(current));
    }
}

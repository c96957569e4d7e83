// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.hyperspot.security.users.store.User;
import io.hyperspot.security.users.store.UserAdmin;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A user on the wire. */
@Schema(name = "User", description = "Somebody who can log in here with a password.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UserDto(
        @Schema(description = "UUID version 7.") String id,
        @Schema(description = "By which bindings and audits name them.") String subject,
        @Schema(description = "With which they log in.") String name,
        @Schema(description = "As others read it.") String displayName,
        @Schema(description = "To which roles can be bound as group:<name>.") List<String> groups,
        @Schema(description = "active; invited: has not chosen a password yet; disabled.") String state,
        @Schema(description = "When they chose the password.") @Nullable Instant passwordAt,
        @Schema(description = "Whether a code of an authenticator app is asked for.") boolean totp,
        @Schema(description = "When they were made.") Instant createdAt,
        @Schema(description = "By which they choose a password, once; only in the answer to their creation or a reset.")
                @Nullable String setupToken) {
    static UserDto of(User user) {
        return of(user, null);
    }

    static UserDto of(UserAdmin.Made made) {
        return of(made.user(), made.setupToken());
    }

    private static UserDto of(User user, @Nullable String setupToken) {
        return new UserDto(
                user.id(),
                user.subject(),
                user.name(),
                user.displayName(),
                user.groups(),
                user.state().name().toLowerCase(Locale.ROOT),
                user.passwordAt(),
                user.totp(),
                user.createdAt(),
                setupToken);
    }

    @Override
    public String toString() {
        return "UserDto[id=" + id + "]";
    }
}

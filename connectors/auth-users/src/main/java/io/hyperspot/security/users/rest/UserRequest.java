// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.rest;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A wanted user on the wire. */
@Schema(name = "UserRequest", description = "A user to be made, of the caller's tenant.")
@SuppressWarnings("ArrayRecordComponent") // characters that can be overwritten; nobody compares requests
public record UserRequest(
        @Schema(description = "With which they log in: 1 to 64 letters of one script, digits and . _ - @ +; nobody else on this server has it.", required = true)
                @Nullable String name,
        @Schema(description = "As others read it; absent: the name.") @Nullable String displayName,
        @Schema(description = "Needs gts.hyperspot.core.security.*:admin when there are any.") @Nullable List<String> groups,
        @Schema(description = "12 to 128 characters; absent: they choose it with the setup token.", implementation = String.class)
                char @Nullable [] password) {
    @Override
    public String toString() {
        return "UserRequest[name=" + name + "]";
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.users.rest;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A code of an authenticator app, on the wire. */
@Schema(name = "CodeRequest", description = "A code of an authenticator app.")
public record CodeRequest(@Schema(description = "Six digits.", required = true) @Nullable String code) {
    @Override
    public String toString() {
        return "CodeRequest[***]";
    }
}

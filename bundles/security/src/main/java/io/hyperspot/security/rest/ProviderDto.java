// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.rest;

import io.hyperspot.security.gateway.Logins;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A way to log in, on the wire. */
@Schema(name = "LoginProvider", description = "A way to log in.")
public record ProviderDto(
        @Schema(description = "Its name.") String name,
        @Schema(description = "password: name and password to POST /auth/v1/login; redirect: go to its url with a browser.") String kind,
        @Schema(description = "Where it begins.") String url) {
    static ProviderDto of(Logins.Provider provider) {
        return provider.redirect()
                ? new ProviderDto(provider.name(), "redirect", "/auth/v1/login/" + provider.name())
                : new ProviderDto(provider.name(), "password", "/auth/v1/login");
    }
}

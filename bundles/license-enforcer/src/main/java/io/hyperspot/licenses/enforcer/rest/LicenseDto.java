// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.licenses.enforcer.rest;

import io.hyperspot.gts.GtsPattern;
import io.hyperspot.licenses.License;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A license on the wire. */
@Schema(name = "License", description = "What the tenant may use.")
public record LicenseDto(
        @Schema(description = "GTS ids of features, or patterns of them.") List<String> features,
        @Schema(description = "From when on it says nothing any more; absent: never.") @Nullable Instant expiresAt,
        @Schema(description = "Whether that time has come.") boolean expired) {
    static LicenseDto of(License license, Instant now) {
        return new LicenseDto(license.features().stream().map(GtsPattern::toString).toList(), license.expiresAt(), license.isExpired(now));
    }
}

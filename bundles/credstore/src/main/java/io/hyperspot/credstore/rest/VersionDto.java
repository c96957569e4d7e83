// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.hyperspot.credstore.SecretVersion;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A version on the wire. */
@Schema(name = "SecretVersion", description = "A version of a secret, without its value.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VersionDto(
        @Schema(description = "From 1.") long version,
        @JsonProperty("is_current") @Schema(description = "Whether it is the one that is used.") boolean current,
        @Schema(description = "When it was made.") Instant createdAt,
        @Schema(description = "Until when it is valid; absent: as long as the secret.") @Nullable Instant validUntil) {
    static VersionDto of(SecretVersion version) {
        return new VersionDto(version.version(), version.current(), version.createdAt(), version.validUntil());
    }
}

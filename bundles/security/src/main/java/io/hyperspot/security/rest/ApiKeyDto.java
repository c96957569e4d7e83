// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.hyperspot.security.ApiKeys.ApiKey;
import io.hyperspot.security.ApiKeys.Created;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A key on the wire. */
@Schema(name = "ApiKey", description = "An API key. The key itself is shown once, when it is made.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ApiKeyDto(
        @Schema(description = "UUID version 7.") String id,
        @Schema(description = "What it is for.") String name,
        @Schema(description = "The first characters of the key.") String prefix,
        @Schema(description = "What it may do, each <gts pattern>:<action>.") List<String> scopes,
        @Schema(description = "When it was made.") Instant createdAt,
        @Schema(description = "When it expires; absent: never.") @Nullable Instant expiresAt,
        @Schema(description = "When it was revoked; absent: it is in use.") @Nullable Instant revokedAt,
        @Schema(description = "The key itself; only in the answer to its creation.") @Nullable String secret) {
    static ApiKeyDto of(ApiKey key) {
        return of(key, null);
    }

    static ApiKeyDto of(Created created) {
        return of(created.key(), created.secret());
    }

    private static ApiKeyDto of(ApiKey key, @Nullable String secret) {
        return new ApiKeyDto(
                key.id(),
                key.name(),
                key.prefix(),
                key.scopes(),
                key.createdAt(),
                key.expiresAt(),
                key.revokedAt(),
                secret);
    }

    @Override
    public String toString() {
        return "ApiKeyDto[id=" + id + ", prefix=" + prefix + "]";
    }
}

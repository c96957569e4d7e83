// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.hyperspot.credstore.SecretMetadata;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A secret on the wire, without its value. */
@Schema(name = "Secret", description = "A secret, without its value.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SecretDto(
        @Schema(description = "UUID.") String id,
        @Schema(description = "Its name.") String reference,
        @Schema(description = "The tenant that it is of.") String ownerTenantId,
        @Schema(description = "private, tenant or shared.") String sharing,
        @JsonProperty("is_inherited") @Schema(description = "Whether it is of a tenant above the caller's.") boolean inherited,
        @Schema(description = "The version of the value, from 1.") long version,
        @Schema(description = "Its GTS type.") String type,
        @Schema(description = "Where the value is kept.") String store,
        @Schema(description = "When it was made.") Instant createdAt,
        @Schema(description = "When it was changed.") Instant changedAt,
        @Schema(description = "When it expires; absent: never.") @Nullable Instant expiresAt) {
    static SecretDto of(SecretMetadata secret) {
        return new SecretDto(
                secret.id(),
                secret.reference(),
                secret.owner().toString(),
                secret.sharing().text(),
                secret.inherited(),
                secret.version(),
                secret.type(),
                secret.store(),
                secret.createdAt(),
                secret.changedAt(),
                secret.expiresAt());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.rest;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A value on the wire. */
@Schema(name = "SecretValue", description = "A secret with its value.")
public record ValueDto(
        @Schema(description = "The value.") String value,
        @Schema(description = "The secret.") SecretDto metadata) {
    @Override
    public String toString() {
        return "ValueDto[***]";
    }
}

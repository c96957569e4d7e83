// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credstore.rest;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A wanted rotation on the wire. */
@Schema(name = "KeyRotationRequest", description = "A rotation of keys to be started.")
public record RotationRequest(
        @Schema(description = "key_encryption (default) or data.") @Nullable String kind) {}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.rest;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A wanted erasure on the wire. */
@Schema(name = "AuditErasureRequest", description = "Whose personal data is to be erased from the trail.")
public record ErasureRequest(
        @Schema(description = "The person, as 'actor' or 'target' name them.", required = true) @Nullable String subject) {}

// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.rest;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A wanted hold on the wire. */
@Schema(name = "AuditHoldRequest", description = "A hold to be made.")
public record HoldRequest(@Schema(description = "Why, 1 to 200 characters.", required = true) @Nullable String reason) {}

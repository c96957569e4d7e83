// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.resolver.rest;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A change of a tenant on the wire. */
@Schema(name = "TenantChange", description = "What is to change of a tenant.")
public record TenantChange(
        @Schema(description = "Its new name, 1 to 100 characters.", required = true) @Nullable String name) {}

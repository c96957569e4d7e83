// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants;

import io.hyperspot.security.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * A tenant that somebody wants.
 *
 * @param parent null: the caller's own
 * @param type see {@link Tenant#type}
 */
public record NewTenant(@Nullable TenantId parent, String name, String type, boolean selfManaged) {}

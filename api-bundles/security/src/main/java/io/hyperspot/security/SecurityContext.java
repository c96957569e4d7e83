// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security;

import java.util.List;

/**
 * Who calls and for whom: the explicit first parameter of every contract method. Immutable; holds
 * no credential.
 *
 * @param subject stable id of the caller, for example {@code key:hs_4f2a} or {@code user:desktop}
 * @param tenant the tenant whose data the call may touch
 * @param permissions what the caller may do
 */
public record SecurityContext(String subject, TenantId tenant, List<Permission> permissions) {
    public SecurityContext {
        permissions = List.copyOf(permissions);
    }

    /** True when one of the permissions implies the given one. Denies by default. */
    public boolean allows(Permission permission) {
        for (Permission granted : permissions) {
            if (granted.implies(permission)) {
                return true;
            }
        }
        return false;
    }
}

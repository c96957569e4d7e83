// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security;

import java.util.List;

/**
 * Who calls and for whom: the explicit first parameter of every contract method. Immutable; holds
 * no credential.
 *
 * @param subject stable id of the caller, for example {@code key:hs_4f2a} or {@code user:desktop}
 * @param tenant the tenant whose data the call may touch
 * @param groups of the subject
 * @param permissions what is granted to the caller: by the credential itself, and behind the door also by roles
 * @param scopes what the credential is limited to; limits grants, never grants
 */
public record SecurityContext(
        String subject, TenantId tenant, List<String> groups, List<Permission> permissions, List<Permission> scopes) {
    private static final List<Permission> UNLIMITED = List.of(Permission.ALL);

    public SecurityContext {
        groups = List.copyOf(groups);
        permissions = List.copyOf(permissions);
        scopes = List.copyOf(scopes);
    }

    /** A caller without groups, whose credential is not limited beyond its permissions. */
    public SecurityContext(String subject, TenantId tenant, List<Permission> permissions) {
        this(subject, tenant, List.of(), permissions, UNLIMITED);
    }

    /** The same caller with other grants. */
    public SecurityContext with(List<Permission> granted) {
        return new SecurityContext(subject, tenant, groups, granted, scopes);
    }

    /** True when a permission and a scope imply the given one. Denies by default. */
    public boolean allows(Permission permission) {
        return implied(permissions, permission) && (scopes.equals(UNLIMITED) || implied(scopes, permission));
    }

    private static boolean implied(List<Permission> granted, Permission wanted) {
        for (Permission one : granted) {
            if (one.implies(wanted)) {
                return true;
            }
        }
        return false;
    }
}
